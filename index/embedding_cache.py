"""Embeddings kept by content, so that measuring again embeds only what is new."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from index.encoder import TextEncoder

_BATCH = 900  # below the number of variables that every SQLite takes
_WRITE_EVERY = 256


def text_hash(kind: str, text: str) -> bytes:
    """What an embedding is found by: sixteen bytes of the kind (`question` or `passage`) and the text."""
    return hashlib.blake2b(f"{kind}\x1f{text}".encode(), digest_size=16).digest()


class CachedEncoder:
    """A `TextEncoder` that asks the wrapped one only for texts it has not seen. For one thread.

    Vectors lie in one SQLite file an encoder, `<folder>/<fingerprint>.sqlite`, under a hash of the kind (question or
    passage) and the text.
    """

    def __init__(self, encoder: TextEncoder, folder: Path) -> None:
        self._encoder = encoder
        self.name = encoder.name
        self.dimension = encoder.dimension
        self.fingerprint = encoder.fingerprint
        self.prompts = encoder.prompts
        self.max_tokens = encoder.max_tokens
        folder.mkdir(parents=True, exist_ok=True)
        self._connection = sqlite3.connect(folder / f"{encoder.fingerprint}.sqlite", timeout=60)
        self._connection.execute("CREATE TABLE IF NOT EXISTS vectors (hash BLOB PRIMARY KEY, vector BLOB NOT NULL) WITHOUT ROWID")

    def encode_questions(self, questions: Sequence[str]) -> np.ndarray:
        """float32 array [len(questions), dimension]; rows have length 1."""
        return self._encode("question", self._encoder.encode_questions, questions)

    def encode_passages(self, passages: Sequence[str]) -> np.ndarray:
        """float32 array [len(passages), dimension]; rows have length 1."""
        return self._encode("passage", self._encoder.encode_passages, passages)

    def put(self, hashes: Sequence[bytes], vectors: np.ndarray) -> int:
        """Keep vectors, float32 [hashes, dimension], that somebody else made with the same encoder; how many."""
        with self._connection:
            rows = ((digest, vector.tobytes()) for digest, vector in zip(hashes, vectors, strict=True))
            self._connection.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?)", rows)
        return len(hashes)

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
        known: dict[bytes, np.ndarray] = {}
        distinct = list(dict.fromkeys(hashes))
        for start in range(0, len(distinct), _BATCH):
            batch = distinct[start : start + _BATCH]
            marks = ", ".join("?" * len(batch))
            for digest, vector in self._connection.execute(f"SELECT hash, vector FROM vectors WHERE hash IN ({marks})", batch):
                known[digest] = np.frombuffer(vector, dtype=np.float32)
        return known
