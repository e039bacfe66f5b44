"""A ranked answer with all that is told apart, and agreed on, by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from corpus.points import Mention
from corpus.record import DoctorAnswer


@dataclass(frozen=True, slots=True)
class RankedAnswer:
    """A ranked answer as grouping and agreement see it.

    Attributes:
        record: the answer.
        audience: the groups that it is written for.
        points: the points that it makes.
        vector: its answer's vector, length 1, float [dimension].
        question: its question's vector; None where it has no question.
    """

    record: DoctorAnswer
    audience: tuple[str, ...]
    points: Sequence[Mention]
    vector: np.ndarray
    question: np.ndarray | None = None
