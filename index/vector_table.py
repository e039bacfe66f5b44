"""Embeddings by content hash in a table of SQLite, each with a checksum, and with the codes of the text's tokens where those are kept.

What is read back goes into an index, which is then sealed as right: a row that does not fit its checksum is not there.
"""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from index.token_codes import width_of

_BATCH = 900  # below the number of variables that every SQLite takes


class Kept(NamedTuple):
    """What is kept of a text: its vector, float32 [dimension], and its tokens' codes, uint8 [tokens, width], None where there are none."""

    vector: np.ndarray
    codes: np.ndarray | None


def make_table(connection: sqlite3.Connection) -> None:
    """Make the table where there is none; an older one gets the columns that it lacks, and without checksums its rows fit none."""
    connection.execute(
        "CREATE TABLE IF NOT EXISTS vectors (hash BLOB PRIMARY KEY, vector BLOB NOT NULL, checksum INTEGER NOT NULL, codes BLOB) WITHOUT ROWID"
    )
    there = {column[1] for column in connection.execute("PRAGMA table_info(vectors)")}
    for column, kind in (("checksum", "INTEGER"), ("codes", "BLOB")):
        if column not in there:
            connection.execute(f"ALTER TABLE vectors ADD COLUMN {column} {kind}")


def write_vectors(
    connection: sqlite3.Connection, hashes: Iterable[bytes], vectors: np.ndarray, codes: Sequence[np.ndarray | None] | None = None
) -> None:
    """Keep vectors, float32 [hashes, dimension], and their texts' codes, in the place of what was kept under these hashes, all or none."""
    kept = codes if codes is not None else [None] * len(vectors)
    with connection:
        rows = (_row(*one) for one in zip(hashes, vectors, kept, strict=True))
        connection.executemany("INSERT OR REPLACE INTO vectors (hash, vector, checksum, codes) VALUES (?, ?, ?, ?)", rows)


def read_vectors(connection: sqlite3.Connection, hashes: Sequence[bytes], dimension: int) -> Iterator[tuple[bytes, Kept]]:
    """Of those hashes that are there and whole: hash, and what is kept."""
    width = width_of(dimension)
    for start in range(0, len(hashes), _BATCH):
        batch = hashes[start : start + _BATCH]
        marks = ", ".join("?" * len(batch))
        found = connection.execute(f"SELECT hash, vector, checksum, codes FROM vectors WHERE hash IN ({marks})", batch)
        for digest, vector, checksum, codes in found:
            if len(vector) == 4 * dimension and len(codes or b"") % width == 0 and _checksum(digest, vector, codes) == checksum:
                of_tokens = None if codes is None else np.frombuffer(codes, dtype=np.uint8).reshape(-1, width)
                yield digest, Kept(np.frombuffer(vector, dtype=np.float32), of_tokens)


def _row(digest: bytes, vector: np.ndarray, codes: np.ndarray | None) -> tuple[bytes, bytes, int, bytes | None]:
    content, of_tokens = vector.tobytes(), None if codes is None else codes.tobytes()
    return digest, content, _checksum(digest, content, of_tokens), of_tokens


def _checksum(digest: bytes, vector: bytes, codes: bytes | None) -> int:
    return zlib.crc32(digest + vector + (codes or b""))
