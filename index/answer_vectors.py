"""One vector an answer: the mean of its passages' embeddings, weighted by their length. What grouping compares."""

from __future__ import annotations

import numpy as np

from index.arrays import unit_rows
from index.units import QUESTION, units_of_rows

#: Answers from which the background is taken, evenly spread over the index.
_SAMPLE = 512
#: The vectors of very few, or of very similar, answers say nothing of what any two answers have in common.
_MOST_BACKGROUND = 0.95


class AnswerVectors:
    """The vectors of whole answers, made from the units' embeddings when they are asked for.

    Attributes:
        background: the cosine that two answers of this index have on the average, in [0, 0.95]. Encoders differ widely there: a
            cosine of .9 is nothing for one and equality for another.
    """

    def __init__(self, units: np.ndarray, unit_rows: np.ndarray, embeddings: np.ndarray) -> None:
        """Over the units [units], the row of each [units], and their embeddings [units, dimension]."""
        self._units = units
        self._unit_rows = unit_rows
        self._embeddings = embeddings
        sample = sample_of(unit_rows[np.flatnonzero(np.diff(unit_rows, prepend=-1))])  # ascending: each row once
        self.background = background_of(self.of(sample)[0])

    def of(self, rows: np.ndarray | list[int]) -> tuple[np.ndarray, list[np.ndarray | None]]:
        """The answers' vectors, length 1, float64 [rows, dimension], and each question's, None where a record has none."""
        numbers, owner = units_of_rows(self._unit_rows, np.asarray(rows, dtype=np.int64))
        table = self._units[numbers]
        length = table["end"].astype(np.int64) - table["start"]
        return answer_vectors(self._embeddings[numbers], owner, table["kind"] == QUESTION, length, len(rows))


def sample_of(rows: np.ndarray) -> np.ndarray:
    """The rows, of all of an index in order, whose answers tell its background; evenly spread."""
    return rows[np.unique(np.linspace(0, len(rows) - 1, _SAMPLE).astype(np.int64))] if len(rows) else rows


def answer_vectors(
    embeddings: np.ndarray, owner: np.ndarray, is_question: np.ndarray, length: np.ndarray, count: int
) -> tuple[np.ndarray, list[np.ndarray | None]]:
    """The answers' vectors, length 1, float64 [count, dimension], and each question's, None where a record has none.

    Args:
        embeddings: of the units, [units, dimension].
        owner: the place of each unit's record, below `count`, ascending, int64 [units].
        is_question: bool [units].
        length: of each passage in characters [units].
        count: how many records there are.
    """
    questions: list[np.ndarray | None] = [None] * count
    for place, vector in zip(owner[is_question], embeddings[is_question], strict=True):
        questions[int(place)] = vector
    weight = length.astype(np.float64)[~is_question, None]
    answers = np.zeros((count, embeddings.shape[1]))
    holders, first = np.unique(owner[~is_question], return_index=True)
    if len(holders):
        answers[holders] = np.add.reduceat(weight * embeddings[~is_question], first)
    return unit_rows(answers), questions


def background_of(vectors: np.ndarray) -> float:
    """The mean cosine of two different ones of these vectors of length 1 [vectors, dimension], within [0, 0.95]."""
    count = len(vectors)
    if count < 2:
        return 0.0
    total = float(np.square(vectors.sum(axis=0, dtype=np.float64)).sum())
    return float(np.clip((total - count) / (count * (count - 1)), 0.0, _MOST_BACKGROUND))
