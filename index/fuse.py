"""Weighted fusion of the two arms' scores.

A convex combination of normalised scores (Bruch, Gai and Ingber, "An Analysis of Fusion Functions for Hybrid Retrieval",
ACM TOIS 2023): BM25 divided by its maximum, the dense score scaled from the best down. It needs no ranks, so a candidate that one
arm missed still has that arm's true score.

How far down is a range of cosines fitted for the encoder, the same for every corpus. Scaled over the candidates that the vector arm brought, which
serves an encoder that nothing was fitted for, the worst of 200 lies twice as far below the best among 400 records as among 10,000, and
the fewer records there are, the more the words would decide.

How much each arm is worth depends on the encoder. `scripts/fit_fusion.py` fits the weights and keeps them under the
encoder's fingerprint.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

import numpy as np

#: One file an encoder, `<fingerprint>.toml`.
FITS_FOLDER = Path(__file__).parent / "fits"
#: Under this a score fades out: it is multiplied with what a record is worth to the asker, so it must stay positive.
_TAIL = 0.1
#: Cosines nearer together than this are not told apart wider than it.
_LEAST_RANGE = 1e-3


@dataclass(frozen=True)
class Fusion:
    """The weights of a fusion; the defaults serve an encoder that nothing was fitted for.

    A record that has its own question is found by it better than by words; where there is only an answer, words tell more.

    Attributes:
        word_weight: share of the lexical arm in [0, 1] for a record with a question; the rest is the vector arm's.
        answer_word_weight: the same for a record without one.
        question_weight: share of the similarity with a record's own question in [0, 1]; the rest is its best passage's.
        dense_range: how far under the best dense score vectors give a candidate nothing, positive; None for as far as the vector arm's
            own candidates reach.
    """

    word_weight: float = 0.25
    answer_word_weight: float = 0.4
    question_weight: float = 0.5
    dense_range: float | None = None

    def dense_floor(self, dense: np.ndarray, by_vectors: np.ndarray) -> float:
        """The dense score for which vectors give nothing.

        Args:
            dense: of each candidate [candidates].
            by_vectors: whether the vector arm brought it, bool [candidates].
        """
        if self.dense_range is not None:
            return float(dense.max(initial=-np.inf)) - self.dense_range
        return float(dense[by_vectors].min(initial=np.inf))


def fusion_of(fingerprint: str, folder: Path = FITS_FOLDER) -> Fusion:
    """The weights fitted for the encoder with this fingerprint, the defaults where there are none."""
    path = folder / f"{fingerprint}.toml"
    if not path.exists():
        return Fusion()
    return Fusion(**tomllib.loads(path.read_text(encoding="utf-8"))["weights"])


def fuse(dense: np.ndarray, words: np.ndarray, *, dense_floor: float, word_weight: float | np.ndarray = Fusion.word_weight) -> np.ndarray:
    """Fused scores in [0, 1], float64 [candidates].

    Args:
        dense: dense score of each candidate [candidates].
        words: BM25 of each candidate [candidates]; 0 where no token is shared.
        dense_floor: the dense score for which vectors give nothing (`Fusion.dense_floor`); below it they take away.
        word_weight: share of the lexical arm, for all or for each [candidates]. An arm that found nothing is dropped: its share
            goes to the other.
    """
    return np.sum(fuse_parts(dense, words, dense_floor=dense_floor, word_weight=word_weight), axis=0)


def fuse_parts(
    dense: np.ndarray, words: np.ndarray, *, dense_floor: float, word_weight: float | np.ndarray = Fusion.word_weight
) -> tuple[np.ndarray, np.ndarray]:
    """What the vector arm and the lexical arm each give to `fuse`'s scores, float64 [candidates]; their sum is the score."""
    scaled = _scale(dense.astype(np.float64), dense_floor)
    top = float(words.max(initial=0.0))
    if top <= 0:
        return _faded(scaled), np.zeros_like(scaled)
    by_words = word_weight * (words.astype(np.float64) / top)
    scores = _faded((1 - word_weight) * scaled + by_words)
    # Under the floor vectors take away from what the words gave.
    by_words = np.minimum(by_words, scores)
    return scores - by_words, by_words


def _scale(scores: np.ndarray, floor: float) -> np.ndarray:
    """Linear from 1 for the best down to 0 for the floor, and further down below it."""
    top = float(scores.max(initial=floor))
    return 1.0 + (scores - top) / max(top - floor, _LEAST_RANGE)


def _faded(scores: np.ndarray) -> np.ndarray:
    """The same order, and all positive: as they are from `_TAIL` on, ever slower towards 0 below.

    The sum is faded, not the vectors' part of it: that would leave what lies far down to the words alone (Recall@100 of huatuo-dev 78.2 for 81.3).
    """
    return np.where(scores >= _TAIL, scores, _TAIL / (2.0 - np.minimum(scores, _TAIL) / _TAIL))
