"""What a score means: the probability that a record answers the question, and the floor under which nothing is an answer.

A fused score only orders the candidates of one question. The probability is a logistic regression (Platt, "Probabilistic outputs
for support vector machines", 1999) over what the two arms measured, fitted by `scripts/fit_relevance.py`: for records that have a
question of their own on what readers judged of the best results of questions by other hands (`index.judgments`), most of which answer
nothing, as near as they lie; for answers that stand alone on labelled benchmarks. Weights belong to an encoder; for one that nothing was
fitted for there is no probability, and nothing is held back.
"""

from __future__ import annotations

import math
import tomllib
import warnings
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import numpy as np

from index.fuse import FITS_FOLDER


class Relevance(StrEnum):
    """The probability in words that people read."""

    HIGH = "高"
    MIDDLE = "中"
    LOW = "低"


#: Probabilities from which a result is called so.
HIGH, MIDDLE = 0.6, 0.3


def label(probability: float) -> Relevance:
    """The word for a probability."""
    return Relevance.HIGH if probability >= HIGH else Relevance.MIDDLE if probability >= MIDDLE else Relevance.LOW


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the two arms measured of a question's candidates: what the regression looks at.

    Attributes:
        question_similarity: cosine with the record's own question [candidates]; -inf where it has none.
        passage_similarity: cosine with its best passage [candidates].
        lexical: BM25 [candidates].
        tokens: how many tokens of the question BM25 added up.
        length: characters of the question.
        health: log-odds that it is about health; 0 where nobody can tell.
    """

    question_similarity: np.ndarray
    passage_similarity: np.ndarray
    lexical: np.ndarray
    tokens: int
    length: int
    health: float

    def with_question(self) -> np.ndarray:
        """Cosines with the record's question and with its best passage, BM25 a token, logarithm of the question's length, health [candidates, 5].

        A long story lies farther from its answer than a short question does. A row whose record has no question is not to be used.
        """
        own = np.where(np.isfinite(self.question_similarity), self.question_similarity, 0.0)
        of_question = np.broadcast_to((math.log(max(self.length, 1)), self.health), (len(own), 2))
        return np.column_stack([own, self.answer_only(), of_question])

    def answer_only(self) -> np.ndarray:
        """Cosine with the best passage, BM25 a token [candidates, 2]."""
        return np.column_stack([self.passage_similarity, self.lexical / max(self.tokens, 1)])


@dataclass(frozen=True)
class Calibration:
    """Weights of the regression and the floor.

    Attributes:
        with_question: intercept and weights of `Evidence.with_question` for a record that has a question.
        answer_only: intercept and weights of `Evidence.answer_only` for one that has none.
        floor: a question none of whose candidates that have a question of their own reaches this probability, and
        answer_floor: none of whose other candidates reaches this one, has no good answer; the latter for a question of which nobody
            can tell whether it is about health (even odds, `index.health`).
        one_subject, broad: log-odds of a record with a question that are added for each unit by which the answers of the index lie nearer
            together than `broad` (`AnswerVectors.background`): in an index about one disease most of what lies near answers.
        answer_trust: by how much of the log-odds that a question is about health the log-odds of that floor sink.
    """

    with_question: tuple[float, float, float, float, float, float]
    answer_only: tuple[float, float, float]
    floor: float
    answer_floor: float
    answer_trust: float = 0.0
    one_subject: float = 0.0
    broad: float = 1.0

    def floors(self, has_question: np.ndarray, health: float) -> np.ndarray:
        """The floor of each candidate, float64 [candidates].

        Args:
            has_question: whether it has a question of its own, bool [candidates].
            health: log-odds that what is asked is about health; 0 where nobody can tell.
        """
        return np.where(has_question, self.floor, _lowered(self.answer_floor, self.answer_trust * health))

    def probabilities(self, evidence: Evidence, *, background: float = 0.0) -> np.ndarray:
        """Probability of each candidate, float64 [candidates].

        Args:
            evidence: what was measured of them.
            background: the cosine that any two answers of the index have.
        """
        likelier = self.one_subject * max(0.0, background - self.broad)
        return np.where(
            np.isfinite(evidence.question_similarity),
            logistic((self.with_question[0] + likelier, *self.with_question[1:]), evidence.with_question()),
            logistic(self.answer_only, evidence.answer_only()),
        )


def calibration_of(fingerprint: str, folder: Path = FITS_FOLDER) -> Calibration | None:
    """The calibration fitted for the encoder with this fingerprint; None where there is none, or one of a version that measured something else."""
    path = calibration_path(fingerprint, folder)
    if not path.exists():
        return None
    fields = tomllib.loads(path.read_text(encoding="utf-8"))["calibration"]
    with_question, answer_only = tuple(fields["with_question"]), tuple(fields["answer_only"])
    if (len(with_question), len(answer_only)) != (6, 3):
        warnings.warn(f"{path} 是旧版本拟合的，没有用：请重新运行 python scripts/fit_relevance.py", stacklevel=2)
        return None
    others = ("floor", "answer_floor", "answer_trust", "one_subject", "broad")
    return Calibration(with_question, answer_only, **{name: fields[name] for name in others if name in fields})


def calibration_path(fingerprint: str, folder: Path = FITS_FOLDER) -> Path:
    """Where the calibration of an encoder lies."""
    return folder / f"{fingerprint}.relevance.toml"


def logistic(weights: tuple[float, ...], features: np.ndarray) -> np.ndarray:
    """Probability of each row of features [rows, features], float64 [rows]; the weights are the intercept and one for each feature."""
    return 1 / (1 + np.exp(-(weights[0] + features @ np.array(weights[1:]))))


def _lowered(probability: float, by: float) -> float:
    """The probability whose log-odds are less by that much."""
    return probability / (probability + (1 - probability) * math.exp(by))
