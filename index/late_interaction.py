"""A second look at the best candidates: how much of a question's words a record takes up, each word read in its context.

Every token of the question seeks the token of the record that is nearest to it, and the mean of these cosines is how much of the question
the record takes up (MaxSim: Khattab and Zaharia, "ColBERT: Efficient and Effective Passage Search via Contextualized Late Interaction over
BERT", SIGIR 2020). One vector a text forgets what stands beside the subject (since when, after what, in whom); this does not. The tokens are those
of the encoder that embeds, which was not trained for it: training a projection of them on graded lists made it worse (`docs/RANKING.md`).

A record is read as its question and the passage that fits best, which are encoded for each search. Only records with a question of their own are
looked at again: on answers that stand alone it gains nothing, and a text with a question takes up more by being longer. And none changes places
with one that is worth more to the asker, or of a better kind: it was tried, and whom a record is for was told worse.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

import numpy as np

from corpus.record import DoctorAnswer
from index.encoder import EncoderError, TextEncoder

#: How many of the best candidates are looked at again, and how much the likeness counts beside a fused score in [0, 1]. On the fitting half of
#: the judged questions five are .3 of nDCG@10 worse, twenty .5 better at more than twice the cost; half the weight is .7 of hit@1 worse.
LOOKED_AT = 8
WEIGHT = 16.0
#: Characters of a record's own question that are read again; a long story would leave the passage no room.
QUESTION_READ = 120


@runtime_checkable
class TokenEncoder(Protocol):
    """An encoder that also gives a vector for each token of a text, without those of its prompt and of the text's ends."""

    def encode_question_tokens(self, questions: Sequence[str]) -> list[np.ndarray]:
        """For each question float32 [tokens, dimension]; rows have length 1."""

    def encode_passage_tokens(self, passages: Sequence[str]) -> list[np.ndarray]:
        """For each passage float32 [tokens, dimension]; rows have length 1."""


def read_with_its_question(record: DoctorAnswer, start: int, end: int) -> str:
    """What of a record is looked at again: the beginning of its own question, and the passage from `start` to `end` of its answer."""
    return f"{record.question[:QUESTION_READ]}\n{record.answer[start:end]}"


def taken_up(question: np.ndarray, record: np.ndarray) -> float:
    """The mean over the question's tokens [tokens, dimension] of the cosine with the nearest of the record's [tokens, dimension]; 0 where either has none."""
    if not len(question) or not len(record):
        return 0.0
    return float((question @ record.T).max(axis=1).mean())


def token_encoder(encoder: TextEncoder) -> TokenEncoder:
    """The same encoder.

    Raises:
        EncoderError: it gives no vectors of tokens.
    """
    if not isinstance(encoder, TokenEncoder):
        raise EncoderError(f"编码器“{encoder.name}”不给出每个词的向量，不能再看一遍")
    return encoder


def likeness(encoder: TextEncoder, question: str, texts: Sequence[str]) -> list[float]:
    """How much of the question each text takes up.

    Raises:
        EncoderError: the encoder gives no vectors of tokens.
    """
    of_tokens = token_encoder(encoder)
    tokens = of_tokens.encode_question_tokens([question])[0]
    return [taken_up(tokens, record) for record in of_tokens.encode_passage_tokens(texts)]


def second_look(scores: np.ndarray, alike: np.ndarray) -> np.ndarray:
    """The same scores given out in another order: to the candidates by their score and their likeness together, float64 [candidates].

    So whatever is looked at again stays before what is not, and the score of a place keeps its meaning beside the others.

    Args:
        scores: fused scores of the candidates that may change places.
        alike: how much of the question each takes up.
    """
    given = np.empty_like(scores, dtype=np.float64)
    given[np.argsort(-(scores + WEIGHT * alike), kind="stable")] = np.sort(scores)[::-1]
    return given
