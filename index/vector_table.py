"""Embeddings by content hash in a table of SQLite, each with a checksum.

What is read back goes into an index, which is then sealed as right: a row that does not fit its checksum is not there.
"""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Iterable, Iterator, Sequence

import numpy as np

_BATCH = 900  # below the number of variables that every SQLite takes


def make_table(connection: sqlite3.Connection) -> None:
    """Make the table where there is none; one of a version that kept no checksums gets room for them, and its rows fit none."""
    connection.execute(
        "CREATE TABLE IF NOT EXISTS vectors (hash BLOB PRIMARY KEY, vector BLOB NOT NULL, checksum INTEGER NOT NULL) WITHOUT ROWID"
    )
    if "checksum" not in {column[1] for column in connection.execute("PRAGMA table_info(vectors)")}:
        connection.execute("ALTER TABLE vectors ADD COLUMN checksum INTEGER")


def write_vectors(connection: sqlite3.Connection, hashes: Iterable[bytes], vectors: np.ndarray) -> None:
    """Keep vectors, float32 [hashes, dimension], in the place of what was kept under these hashes, all or none."""
    pairs = ((digest, row.tobytes()) for digest, row in zip(hashes, vectors, strict=True))
    with connection:
        rows = ((digest, vector, _checksum(digest, vector)) for digest, vector in pairs)
        connection.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?, ?)", rows)


def read_vectors(connection: sqlite3.Connection, hashes: Sequence[bytes], dimension: int) -> Iterator[tuple[bytes, np.ndarray]]:
    """Of those hashes that are there and whole: hash, float32 [dimension]."""
    for start in range(0, len(hashes), _BATCH):
        batch = hashes[start : start + _BATCH]
        marks = ", ".join("?" * len(batch))
        for digest, vector, checksum in connection.execute(f"SELECT hash, vector, checksum FROM vectors WHERE hash IN ({marks})", batch):
            if len(vector) == 4 * dimension and _checksum(digest, vector) == checksum:
                yield digest, np.frombuffer(vector, dtype=np.float32)


def _checksum(digest: bytes, vector: bytes) -> int:
    return zlib.crc32(digest + vector)
