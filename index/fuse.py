"""Weighted fusion of the two arms' scores.

A convex combination of normalised scores (Bruch, Gai and Ingber, "An Analysis of Fusion Functions for Hybrid Retrieval",
ACM TOIS 2023): BM25 divided by its maximum, the dense score scaled over the candidates the vector arm itself brought. It
needs no ranks, so a candidate that one arm missed still has that arm's true score.
"""

from __future__ import annotations

import numpy as np

#: Share of the lexical arm; the rest is the vector arm's.
WORD_WEIGHT = 0.3


def fuse(dense: np.ndarray, words: np.ndarray, *, dense_floor: float, word_weight: float = WORD_WEIGHT) -> np.ndarray:
    """Fused scores in [0, 1], float64 [candidates].

    Args:
        dense: dense score of each candidate [candidates].
        words: BM25 of each candidate [candidates]; 0 where no token is shared.
        dense_floor: the lowest dense score among the vector arm's own candidates; it and what is below scale to 0.
        word_weight: share of the lexical arm. An arm that found nothing is dropped: its share goes to the other.
    """
    dense_scaled = _scale(dense.astype(np.float64), dense_floor)
    top = float(words.max(initial=0.0))
    if top <= 0:
        return dense_scaled
    return (1 - word_weight) * dense_scaled + word_weight * words / top


def _scale(scores: np.ndarray, floor: float) -> np.ndarray:
    top = float(scores.max(initial=floor))
    if top <= floor:
        return np.ones_like(scores)
    return np.clip((scores - floor) / (top - floor), 0.0, 1.0)
