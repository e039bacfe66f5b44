"""Embeddings kept by content, so that measuring again embeds only what is new.

They go into indexes too: those in Milvus, and what many machines have embedded.
"""

from __future__ import annotations

import contextlib
import hashlib
import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from corpus.paths import CACHE_FOLDER
from index.embed import embed_texts
from index.encoder import EncoderError, TextEncoder, token_encoder
from index.manifest import IndexFolderError
from index.token_codes import decode
from index.vector_table import Kept, make_table, read_vectors, write_vectors

#: Where the commands keep embeddings, and where those of a record that is to be forgotten are looked for.
EMBEDDING_CACHE = CACHE_FOLDER / "embeddings"

_WRITE_EVERY = 256


def text_hash(kind: str, text: str) -> bytes:
    """What an embedding is found by: sixteen bytes of the kind (`question` or `passage`) and the text."""
    return hashlib.blake2b(f"{kind}\x1f{text}".encode(), digest_size=16).digest()


class CachedEncoder:
    """A `TextEncoder` that asks the wrapped one only for texts it has not seen. For one thread.

    Vectors lie in one SQLite file an encoder, `<folder>/<fingerprint>.sqlite`, under a hash of the kind (question or
    passage) and the text, with the codes of the text's tokens (`index.token_codes`) once those were asked for. Every method raises
    IndexFolderError, with the file and what to do, where SQLite cannot.
    """

    def __init__(self, encoder: TextEncoder, folder: Path) -> None:
        self._encoder = encoder
        self.name = encoder.name
        self.dimension = encoder.dimension
        self.fingerprint = encoder.fingerprint
        self.prompts = encoder.prompts
        self.max_tokens = encoder.max_tokens
        self.gives_tokens = token_encoder(encoder) is not None
        folder.mkdir(parents=True, exist_ok=True)
        self._path = folder / f"{encoder.fingerprint}.sqlite"
        with self._told():
            self._connection = sqlite3.connect(self._path, timeout=60)
            make_table(self._connection)

    def encode_questions(self, questions: Sequence[str]) -> np.ndarray:
        """float32 array [len(questions), dimension]; rows have length 1."""
        return self._encode("question", questions)

    def encode_passages(self, passages: Sequence[str]) -> np.ndarray:
        """float32 array [len(passages), dimension]; rows have length 1."""
        return self._encode("passage", passages)

    def encode_questions_with_tokens(self, questions: Sequence[str]) -> tuple[np.ndarray, list[np.ndarray]]:
        """The vectors, and for each question what its tokens' codes stand for, float32 [tokens, dimension]; rows have about length 1."""
        return self._encode_with_tokens("question", questions)

    def encode_passages_with_tokens(self, passages: Sequence[str]) -> tuple[np.ndarray, list[np.ndarray]]:
        """The vectors, and for each passage what its tokens' codes stand for, float32 [tokens, dimension]; rows have about length 1."""
        return self._encode_with_tokens("passage", passages)

    def put(self, hashes: Sequence[bytes], vectors: np.ndarray, codes: Sequence[np.ndarray | None]) -> int:
        """Keep what somebody else made with the same encoder, but for a row without codes where one with codes lies; how many were given.

        Args:
            hashes: of the texts.
            vectors: float32 [hashes, dimension].
            codes: of each text's tokens, None where there are none.
        """
        known = self._known([digest for digest, one in zip(hashes, codes, strict=True) if one is None])
        new = [place for place, digest in enumerate(hashes) if digest not in known or known[digest].codes is None]
        self._write([hashes[place] for place in new], vectors[new], [codes[place] for place in new])
        return len(hashes)

    @contextlib.contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.OperationalError as error:
            raise IndexFolderError(f"嵌入缓存 {self._path} 读写不了（{error}）；请检查磁盘空间与权限") from error
        except sqlite3.DatabaseError as error:
            raise IndexFolderError(f"嵌入缓存 {self._path} 已损坏（{error}）；请删掉这个文件，用到时会重新生成") from error

    def _encode(self, kind: str, texts: Sequence[str]) -> np.ndarray:
        known = self._all_known(kind, texts, with_tokens=False)
        vectors = [known[text_hash(kind, text)].vector for text in texts]
        return np.array(vectors, dtype=np.float32).reshape(len(texts), self.dimension)

    def _encode_with_tokens(self, kind: str, texts: Sequence[str]) -> tuple[np.ndarray, list[np.ndarray]]:
        if not self.gives_tokens:
            raise EncoderError(f"编码器“{self.name}”不给出每个词的向量")
        known = self._all_known(kind, texts, with_tokens=True)
        kept = [known[text_hash(kind, text)] for text in texts]
        vectors = np.array([one.vector for one in kept], dtype=np.float32).reshape(len(texts), self.dimension)
        return vectors, [decode(one.codes, self.dimension) for one in kept if one.codes is not None]

    def _all_known(self, kind: str, texts: Sequence[str], *, with_tokens: bool) -> dict[bytes, Kept]:
        """What is kept of these texts, once what was missing has been encoded."""
        hashes = [text_hash(kind, text) for text in texts]
        known = self._known(hashes)
        if not with_tokens:  # five times what the vectors take
            known = {digest: Kept(kept.vector, None) for digest, kept in known.items()}
        there = {digest for digest, kept in known.items() if kept.codes is not None or not with_tokens}
        missing = {digest: text for digest, text in zip(hashes, texts, strict=True) if digest not in there}
        # Texts of like length together: a batch is padded to its longest.
        ordered = sorted(missing, key=lambda digest: len(missing[digest]))
        for start in range(0, len(ordered), _WRITE_EVERY):
            piece = ordered[start : start + _WRITE_EVERY]
            chosen = [missing[digest] for digest in piece]
            vectors, made = embed_texts(self._encoder, chosen, is_question=kind == "question", with_tokens=with_tokens)
            codes = made if made is not None else [None] * len(piece)
            known.update(zip(piece, map(Kept, vectors, codes), strict=True))
            self._write(piece, vectors, codes)
        return known

    def _write(self, hashes: Sequence[bytes], vectors: np.ndarray, codes: Sequence[np.ndarray | None]) -> None:
        with self._told():
            write_vectors(self._connection, hashes, vectors, codes)

    def _known(self, hashes: Sequence[bytes]) -> dict[bytes, Kept]:
        with self._told():
            return dict(read_vectors(self._connection, list(dict.fromkeys(hashes)), self.dimension))
