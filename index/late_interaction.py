"""A second look at the best candidates: how much of a question's words a record takes up, each word read in its context.

Every token of the question seeks the token of the record that is nearest to it, and the mean of these cosines is how much of the question
the record takes up (MaxSim: Khattab and Zaharia, "ColBERT: Efficient and Effective Passage Search via Contextualized Late Interaction over
BERT", SIGIR 2020). One vector a text forgets what stands beside the subject (since when, after what, in whom); this does not. The tokens are those
of the encoder that embeds, which was not trained for it: training a projection of them on graded lists made it worse (`docs/RANKING.md`).

A record is read with its question and the passage that fits best, which is encoded for each search: that costs several times what a search
costs without it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

import numpy as np

from corpus.record import DoctorAnswer

#: How many of the best candidates are looked at again, and how much the likeness counts beside a fused score in [0, 1]. Chosen on the fitting
#: half of the judged questions: five are a point of nDCG@10 worse, twenty hardly better; half the weight is half a point worse.
LOOKED_AT = 8
WEIGHT = 16.0


@runtime_checkable
class TokenEncoder(Protocol):
    """An encoder that also gives a vector for each token of a text, without those of its prompt and of the text's ends."""

    def encode_question_tokens(self, questions: Sequence[str]) -> list[np.ndarray]:
        """For each question float32 [tokens, dimension]; rows have length 1."""

    def encode_passage_tokens(self, passages: Sequence[str]) -> list[np.ndarray]:
        """For each passage float32 [tokens, dimension]; rows have length 1."""


def read_with_its_question(record: DoctorAnswer, start: int, end: int) -> str:
    """What of a record is looked at again: its own question, if there is one, and the passage from `start` to `end` of its answer."""
    return "\n".join(filter(None, (record.question, record.answer[start:end])))


def taken_up(question: np.ndarray, record: np.ndarray) -> float:
    """The mean over the question's tokens [tokens, dimension] of the cosine with the nearest of the record's [tokens, dimension]; 0 where either has none."""
    if not len(question) or not len(record):
        return 0.0
    return float((question @ record.T).max(axis=1).mean())


def second_look(scores: np.ndarray, likeness: np.ndarray) -> np.ndarray:
    """The same scores given out in another order: to the candidates by their score and their likeness together, float64 [candidates].

    So whatever is looked at again stays before what is not, and a score keeps its meaning beside the others.

    Args:
        scores: fused scores of the candidates that are looked at again.
        likeness: of each, as of `taken_up`.
    """
    given = np.empty_like(scores, dtype=np.float64)
    given[np.argsort(-(scores + WEIGHT * likeness), kind="stable")] = np.sort(scores)[::-1]
    return given
