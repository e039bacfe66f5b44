"""Many vectors like few real ones: between two real neighbours, moved along the differences of others.

How hard a vector is to find depends on how near its neighbours are. So how far it is moved either way is fitted: as many made
vectors as there are real ones must have the neighbour similarities of the real ones (`Likeness`). Going between two neighbours
brings vectors nearer to all others, differences take them further away.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from index.arrays import unit_rows

#: Neighbours whose differences a vector is moved along, and how many differences are added.
_NEIGHBOURS, _DIFFERENCES = 20, 4
_TRIED = [(between, step) for between in (0.0, 0.2, 0.35, 0.5) for step in (0.2, 0.4, 0.5, 0.6, 0.7, 0.8, 1.0)]
RANKS = (1, 10, 100)
QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)


class Likeness:
    """Makes a vector for any text: always the same for the same text, like the pool's vectors.

    Attributes:
        moves: how far a vector goes to a neighbour (0 to .5), and how far along each difference.
    """

    def __init__(self, pool: np.ndarray, moves: tuple[float, float] | None = None) -> None:
        """Over real vectors [pool, dimension] of one kind, length 1; without `moves` the best are fitted."""
        self.pool = pool
        self._neighbours = nearest(pool, pool, _NEIGHBOURS)[0]
        self._real = _similarities(pool)
        self.moves = moves or min(_TRIED, key=self._misfit)

    def vectors(self, texts: Sequence[str], moves: tuple[float, float] | None = None) -> np.ndarray:
        """float32 [texts, dimension], rows of length 1."""
        between, step = moves or self.moves
        size = 4 * (2 + 2 * _DIFFERENCES)
        draws = np.frombuffer(b"".join(hashlib.blake2b(text.encode(), digest_size=size).digest() for text in texts), dtype=np.uint32)
        draws = draws.reshape(len(texts), -1)
        base = draws[:, 0] % len(self.pool)
        partner = self._neighbours[base, draws[:, 1] % self._neighbours.shape[1]]
        made = (1 - between) * self.pool[base] + between * self.pool[partner]
        for at in range(2, draws.shape[1], 2):
            ends = [self._neighbours[base, draws[:, at + side] % self._neighbours.shape[1]] for side in (0, 1)]
            made += step / 2 * (self.pool[ends[0]] - self.pool[ends[1]])
        return unit_rows(made).astype(np.float32)

    def quantiles(self, moves: tuple[float, float] | None = None) -> dict[str, dict[int, list[float]]]:
        """Of real and of as many made vectors: rank -> quantiles (`QUANTILES`) of the similarity of the neighbour at that rank."""
        made = self.vectors([f"vector {number}" for number in range(len(self.pool))], moves)
        return {"real": self._real, "made": _similarities(made)}

    def _misfit(self, moves: tuple[float, float]) -> float:
        found = self.quantiles(moves)
        return sum(abs(a - b) for rank in RANKS for a, b in zip(found["real"][rank], found["made"][rank], strict=True))


def _similarities(vectors: np.ndarray) -> dict[int, list[float]]:
    asked = vectors[:: max(1, len(vectors) // 300)]
    ranks = [rank for rank in RANKS if rank < len(vectors)]
    found = nearest(vectors, asked, max(ranks) + 1)[1]
    return {rank: [round(float(value), 4) for value in np.quantile(found[:, rank], QUANTILES)] for rank in ranks}


def nearest(vectors: np.ndarray, asked: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Of each asked vector the numbers and similarities of the `count` nearest, nearest first, [asked, count] each."""
    numbers, similarities = [], []
    for start in range(0, len(asked), 512):
        scores = asked[start : start + 512] @ vectors.T
        best = np.argpartition(-scores, count - 1, axis=1)[:, :count]
        best = np.take_along_axis(best, np.argsort(-np.take_along_axis(scores, best, axis=1), axis=1, kind="stable"), axis=1)
        numbers.append(best)
        similarities.append(np.take_along_axis(scores, best, axis=1))
    return np.concatenate(numbers), np.concatenate(similarities)


@dataclass
class MadeEncoder:
    """A `TextEncoder` that costs nearly nothing: it makes vectors like those of the encoder whose name and fingerprint it bears."""

    name: str
    fingerprint: str
    dimension: int
    prompts: dict[str, str]
    max_tokens: int
    questions: Likeness
    passages: Likeness

    def encode_questions(self, texts: Sequence[str]) -> np.ndarray:
        """float32 [texts, dimension]."""
        return self.questions.vectors(texts)

    def encode_passages(self, texts: Sequence[str]) -> np.ndarray:
        """float32 [texts, dimension]."""
        return self.passages.vectors(texts)
