"""Contrast pairs: one complaint, two records, of which one is for whoever asks and the other for somebody else.

JSON Lines, one object a line: `question`, `right` and `wrong`, each of these with a `question` and an `answer`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from corpus.record import DoctorAnswer


@dataclass(frozen=True, slots=True)
class ContrastPair:
    """A question with the record for whoever asks it and the one for somebody else."""

    question: str
    right: DoctorAnswer
    wrong: DoctorAnswer


def read_contrast_pairs(path: Path) -> list[ContrastPair]:
    """The pairs of a file, in its order; their records are named after the file and the line."""
    pairs = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        row = json.loads(line)
        right, wrong = (
            DoctorAnswer(id=f"{path.stem}-{number}-{side}", question=row[side]["question"], answer=row[side]["answer"], source="contrast")
            for side in ("right", "wrong")
        )
        pairs.append(ContrastPair(row["question"], right, wrong))
    return pairs


def records_of(pairs: Sequence[ContrastPair]) -> Iterator[DoctorAnswer]:
    """Both records of every pair."""
    for pair in pairs:
        yield from (pair.right, pair.wrong)
