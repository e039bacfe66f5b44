"""Exact duplicates among records.

Only the same text from the same doctor is dropped, or the same text from two unknown ones: a second doctor who makes
the same point is evidence, and grouping and agreement live on it.
"""

from __future__ import annotations

import dataclasses
import hashlib
from enum import Enum

from corpus.clean import identity_key
from corpus.record import DoctorAnswer


class Verdict(Enum):
    """What became of a record."""

    NEW = "new"
    DUPLICATE = "duplicate"
    RENAMED = "renamed"


def text_digest(record: DoctorAnswer) -> bytes:
    """Sixteen bytes that are equal for records with the same kind, question, answer and author.

    A doctor is known by name and hospital; without a name the author is unknown, whatever the hospital.
    """
    author = f"{record.doctor}\x1f{record.hospital or ''}" if record.doctor else ""
    content = "\x1f".join([record.kind, identity_key(record.question), identity_key(record.answer), author])
    return hashlib.blake2b(content.encode(), digest_size=16).digest()


class Deduplicator:
    """Remembers what it has seen: 16 bytes and an id for each record."""

    def __init__(self) -> None:
        self._digests: set[bytes] = set()
        self._ids: set[str] = set()

    def admit(self, record: DoctorAnswer) -> tuple[DoctorAnswer, Verdict]:
        """The record as it goes in, and the verdict on it.

        Two records with one id and different texts both stay (two exports may both count from 1): the later one's
        id gets a suffix made of its content, so that the same files give the same ids again.
        """
        digest = text_digest(record)
        if digest in self._digests:
            return record, Verdict.DUPLICATE
        self._digests.add(digest)
        verdict = Verdict.NEW
        if record.id in self._ids:
            record = dataclasses.replace(record, id=f"{record.id}~{digest.hex()[:8]}")
            verdict = Verdict.RENAMED
        self._ids.add(record.id)
        return record, verdict
