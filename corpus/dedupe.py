"""Exact duplicates among records: of the copies of one record the richest is kept.

Only the same text from the same doctor is dropped, or the same text from two unknown ones: a second doctor who makes
the same point is evidence, and grouping and agreement live on it.
"""

from __future__ import annotations

import dataclasses
import hashlib
import itertools
import tempfile
from array import array
from collections.abc import Iterator

from corpus.clean import identity_key
from corpus.record import DoctorAnswer, from_json

# Up to here the records wait in memory, beyond it in a temporary file.
_IN_MEMORY_BYTES = 64 << 20
# More than a record has fields, so that example data gives way to any other copy.
_NO_EXAMPLE = 64
_OPTIONAL = tuple(field.name for field in dataclasses.fields(DoctorAnswer) if field.default is None)


def text_digest(record: DoctorAnswer) -> bytes:
    """Sixteen bytes that are equal for records with the same kind, question, answer and author.

    A doctor is known by name and hospital; without a name the author is unknown, whatever the hospital.
    """
    author = f"{record.doctor}\x1f{record.hospital or ''}" if record.doctor else ""
    content = "\x1f".join([record.kind, identity_key(record.question), identity_key(record.answer), author])
    return hashlib.blake2b(content.encode(), digest_size=16).digest()


def richness(record: DoctorAnswer) -> int:
    """How much a copy says: its filled fields, one more where the source did not cut it off; examples below all others."""
    filled = sum(getattr(record, name) is not None for name in _OPTIONAL)
    return filled + (not record.truncated) + (0 if record.is_example else _NO_EXAMPLE)


class Deduplicator:
    """Takes all records, then gives one copy of each; in memory a record takes a digest and two numbers."""

    def __init__(self) -> None:
        self._places: dict[bytes, int] = {}
        self._offsets = array("Q")
        self._richness = array("B")
        self._file = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY_BYTES)  # noqa: SIM115

    def add(self, record: DoctorAnswer) -> bool:
        """Take a record; False where a copy of it was there before, of which the richer one stays."""
        digest = text_digest(record)
        place = self._places.setdefault(digest, len(self._offsets))
        is_new = place == len(self._offsets)
        if is_new:
            self._offsets.append(0)
            self._richness.append(0)
        if is_new or richness(record) > self._richness[place]:
            self._offsets[place] = self._file.tell()
            self._richness[place] = richness(record)
            self._file.write(record.to_json().encode() + b"\n")
        return is_new

    def records(self) -> Iterator[tuple[DoctorAnswer, bool]]:
        """What is kept, in the order in which each record was first seen, and whether its id had to be changed.

        Two records with one id and different texts both stay (two exports may both count from 1): the later one's
        id gets a suffix made of its content, so that the same files give the same ids again.
        """
        ids: set[str] = set()
        for offset in self._offsets:
            self._file.seek(offset)
            record = from_json(self._file.readline())
            renamed = record.id in ids
            if renamed:
                record = dataclasses.replace(record, id=_free_id(record, ids))
            ids.add(record.id)
            yield record, renamed
        self._file.close()


def _free_id(record: DoctorAnswer, taken: set[str]) -> str:
    """The record's id with as much of its content's digest behind it as nobody has yet: an id may look like one of these."""
    digest = text_digest(record).hex()
    candidates = itertools.chain(
        (f"{record.id}~{digest[:length]}" for length in (8, 16, 32)), (f"{record.id}~{digest}~{number}" for number in itertools.count(2))
    )
    return next(candidate for candidate in candidates if candidate not in taken)
