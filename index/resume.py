"""Embeddings of a build that was interrupted, so that the next one goes on where it stopped.

Embedding is all but the whole time of a build. Each finished piece is written beside the index, under the project's
cache, keyed by encoder and content: one SQLite file an index and encoder, removed when the build is published.
"""

from __future__ import annotations

import contextlib
import hashlib
import sqlite3
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from corpus.paths import CACHE_FOLDER, private_folder
from index.vector_table import Kept, make_table, read_vectors, write_vectors

RESUME_FOLDER = CACHE_FOLDER / "interrupted"


class InterruptedWork:
    """The embeddings that a build of this index with this encoder has done so far. For one thread."""

    def __init__(self, index: Path, fingerprint: str, dimension: int, folder: Path | None = None) -> None:
        self._dimension = dimension
        self._path = folder_of(index, folder or RESUME_FOLDER) / f"{hashlib.sha256(fingerprint.encode()).hexdigest()[:32]}.sqlite"
        self._connection: sqlite3.Connection | None = None

    def get(self, hashes: Sequence[bytes]) -> dict[bytes, Kept]:
        """Of those content hashes that are there: hash -> what is kept of the text. A damaged row is not there."""
        known: dict[bytes, Kept] = {}
        if not self._path.exists():
            return known
        try:
            for digest, kept in read_vectors(self._open(), hashes, self._dimension):
                known[digest] = kept
        except sqlite3.DatabaseError:  # what was cut off or damaged is embedded again
            self.forget()
        return known

    def put(self, hashes: Iterable[bytes], vectors: np.ndarray, codes: Sequence[np.ndarray] | None = None) -> None:
        """Keep these embeddings, durably against a kill. Where they cannot be kept, the build goes on without."""
        with contextlib.suppress(sqlite3.Error, OSError):
            write_vectors(self._open(), hashes, vectors, codes)

    def forget(self) -> None:
        """Remove all that is kept."""
        self.close()
        remove_database(self._path)
        with contextlib.suppress(OSError):
            self._path.parent.rmdir()

    def close(self) -> None:
        """Leave what is kept for the next build."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _open(self) -> sqlite3.Connection:
        if self._connection is None:
            private_folder(self._path.parent)
            self._connection = sqlite3.connect(self._path)
            self._connection.execute("PRAGMA journal_mode = WAL")
            self._connection.execute("PRAGMA synchronous = NORMAL")
            make_table(self._connection)
        return self._connection


def folder_of(index: Path, folder: Path | None = None) -> Path:
    """Where the interrupted work of an index lies, of all encoders."""
    return (folder or RESUME_FOLDER) / hashlib.sha256(str(index.resolve()).encode(errors="surrogateescape")).hexdigest()[:32]


def remove_database(path: Path) -> None:
    """Remove an SQLite file with what SQLite keeps beside it."""
    for ending in ("", "-wal", "-shm", "-journal"):
        path.with_name(path.name + ending).unlink(missing_ok=True)
