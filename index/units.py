"""Units: what is embedded. A record gives its question and the passages of its answer."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from corpus.record import DoctorAnswer
from corpus.segment import passages

FILE = "units.npy"
EMBEDDINGS = "embeddings.npy"  # float32 [units, dimension], in the order of the units
QUESTION, PASSAGE = 0, 1

# The answer of a record is found by its first passages; what lies beyond (about 12,000 characters on) is found by
# its words only. It bounds what one monstrous record costs.
MAX_PASSAGES = 64
# Characters of a record's own question that are embedded; the encoder cuts off far earlier than its 512 tokens would matter.
MAX_QUESTION = 500
#: Tokens of a record's own question whose vectors are kept for a second look (`index.late_interaction`): a long story takes up whatever is
#: asked by being long.
QUESTION_TOKENS = 80

#: One row a unit: its record's row, its kind, its place in the answer, and the content hash its embedding is re-used by.
UNIT = np.dtype([("row", "<u4"), ("kind", "u1"), ("start", "<u4"), ("end", "<u4"), ("hash", "S32")])


@dataclass(frozen=True, slots=True)
class Unit:
    """A text to embed and where it comes from.

    Attributes:
        kind: `QUESTION` or `PASSAGE`.
        text: what is embedded.
        start, end: where it stands in the answer, in characters; 0, 0 for a question.
        with_tokens: whether the vectors of its tokens are kept too: only records with a question of their own get a second look.
    """

    kind: int
    text: str
    start: int = 0
    end: int = 0
    with_tokens: bool = False

    @property
    def hash(self) -> bytes:
        """Thirty-two hex digits that are equal for equal kind and text."""
        return hashlib.blake2b(f"{self.kind}\x1f{self.text}".encode(), digest_size=16).hexdigest().encode()


def units_of_rows(unit_rows: np.ndarray, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The units of some records.

    Args:
        unit_rows: the row of every unit, ascending, int64 [units].
        rows: the records' rows in any order, int64 [records].

    Returns:
        (unit numbers, and for each the place of its record in `rows`), int64 [units found] each.
    """
    first = np.searchsorted(unit_rows, rows, side="left")
    lengths = np.searchsorted(unit_rows, rows, side="right") - first
    owner = np.repeat(np.arange(len(rows)), lengths)
    before = np.cumsum(lengths) - lengths
    return np.arange(lengths.sum()) + np.repeat(first - before, lengths), owner


def units_of(record: DoctorAnswer) -> Iterator[Unit]:
    """The question, if there is one, then the passages of the answer in order."""
    asks = bool(record.question)
    if asks:
        yield Unit(QUESTION, record.question[:MAX_QUESTION], with_tokens=True)
    for passage in passages(record.answer)[:MAX_PASSAGES]:
        yield Unit(PASSAGE, passage.text, passage.start, passage.end, with_tokens=asks)
