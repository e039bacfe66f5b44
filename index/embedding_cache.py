"""Embeddings kept by content, so that measuring again embeds only what is new.

They go into indexes too: those in Milvus, and what many machines have embedded.
"""

from __future__ import annotations

import contextlib
import hashlib
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np

from corpus.paths import CACHE_FOLDER
from index.encoder import TextEncoder
from index.late_interaction import token_encoder
from index.manifest import IndexFolderError
from index.vector_table import make_table, read_vectors, write_vectors

#: Where the commands keep embeddings, and where those of a record that is to be forgotten are looked for.
EMBEDDING_CACHE = CACHE_FOLDER / "embeddings"

_WRITE_EVERY = 256


def text_hash(kind: str, text: str) -> bytes:
    """What an embedding is found by: sixteen bytes of the kind (`question` or `passage`) and the text."""
    return hashlib.blake2b(f"{kind}\x1f{text}".encode(), digest_size=16).digest()


class CachedEncoder:
    """A `TextEncoder` that asks the wrapped one only for texts it has not seen. For one thread.

    Vectors lie in one SQLite file an encoder, `<folder>/<fingerprint>.sqlite`, under a hash of the kind (question or
    passage) and the text. Every method raises IndexFolderError, with the file and what to do, where SQLite cannot.
    """

    def __init__(self, encoder: TextEncoder, folder: Path) -> None:
        self._encoder = encoder
        self.name = encoder.name
        self.dimension = encoder.dimension
        self.fingerprint = encoder.fingerprint
        self.prompts = encoder.prompts
        self.max_tokens = encoder.max_tokens
        folder.mkdir(parents=True, exist_ok=True)
        self._path = folder / f"{encoder.fingerprint}.sqlite"
        with self._told():
            self._connection = sqlite3.connect(self._path, timeout=60)
            make_table(self._connection)

    def encode_questions(self, questions: Sequence[str]) -> np.ndarray:
        """float32 array [len(questions), dimension]; rows have length 1."""
        return self._encode("question", self._encoder.encode_questions, questions)

    def encode_passages(self, passages: Sequence[str]) -> np.ndarray:
        """float32 array [len(passages), dimension]; rows have length 1."""
        return self._encode("passage", self._encoder.encode_passages, passages)

    def encode_question_tokens(self, questions: Sequence[str]) -> list[np.ndarray]:
        """The wrapped encoder's, which are not kept: a text has hundreds of tokens."""
        return token_encoder(self._encoder).encode_question_tokens(questions)

    def encode_passage_tokens(self, passages: Sequence[str]) -> list[np.ndarray]:
        """The wrapped encoder's, which are not kept."""
        return token_encoder(self._encoder).encode_passage_tokens(passages)

    def put(self, hashes: Sequence[bytes], vectors: np.ndarray) -> int:
        """Keep vectors, float32 [hashes, dimension], that somebody else made with the same encoder; how many."""
        with self._told():
            write_vectors(self._connection, hashes, vectors)
        return len(hashes)

    @contextlib.contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.OperationalError as error:
            raise IndexFolderError(f"嵌入缓存 {self._path} 读写不了（{error}）；请检查磁盘空间与权限") from error
        except sqlite3.DatabaseError as error:
            raise IndexFolderError(f"嵌入缓存 {self._path} 已损坏（{error}）；请删掉这个文件，用到时会重新生成") from error

    def _encode(self, kind: str, encode: Callable[[Sequence[str]], np.ndarray], texts: Sequence[str]) -> np.ndarray:
        hashes = [text_hash(kind, text) for text in texts]
        known = self._known(hashes)
        missing = {digest: text for digest, text in zip(hashes, texts, strict=True) if digest not in known}
        # Texts of like length together: a batch is padded to its longest.
        ordered = sorted(missing, key=lambda digest: len(missing[digest]))
        for start in range(0, len(ordered), _WRITE_EVERY):
            piece = ordered[start : start + _WRITE_EVERY]
            vectors = np.asarray(encode([missing[digest] for digest in piece]), dtype=np.float32)
            known.update(zip(piece, vectors, strict=True))
            self.put(piece, vectors)
        return np.array([known[digest] for digest in hashes], dtype=np.float32).reshape(len(hashes), self.dimension)

    def _known(self, hashes: Sequence[bytes]) -> dict[bytes, np.ndarray]:
        with self._told():
            return dict(read_vectors(self._connection, list(dict.fromkeys(hashes)), self.dimension))
