"""The lexical arm: BM25 over the tokens of `corpus.segment.lexical_tokens`, one document a record."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import numpy as np

from index.maxscore import highest
from index.postings import Postings, open_postings, write_postings
from index.terms import places_of

FOLDER = "words"


class WordIndex:
    """BM25 scores of records. Safe for concurrent reads."""

    def __init__(self, postings: Postings) -> None:
        self._postings = postings

    def __len__(self) -> int:
        return self._postings.documents

    @staticmethod
    def build(documents: Iterable[Sequence[str]], folder: Path) -> None:
        """Write an index of the documents' tokens, in the order of the records."""
        write_postings(documents, folder)

    @staticmethod
    def open(folder: Path) -> WordIndex:
        """Memory-map an index."""
        return WordIndex(open_postings(folder))

    def ask(self, tokens: Sequence[str], others: Sequence[str] = (), weight: float = 0.0) -> WordQuestion:
        """A question's tokens, and others that count `weight` times as much; a token that stands twice counts twice."""
        return WordQuestion(self._postings, ((tokens, 1.0), (others, weight)))

    def scores(self, tokens: Sequence[str], allowed: np.ndarray | None = None) -> np.ndarray:
        """BM25 of every record, float32 [records]; 0 where no token is shared or `allowed` (bool [records]) is False."""
        scores = self.ask(tokens).all_scores()
        return scores if allowed is None else scores * allowed

    def search(self, tokens: Sequence[str], count: int, allowed: np.ndarray | None = None) -> tuple[np.ndarray, np.ndarray]:
        """The `count` best records that share a token with the question: (row numbers int64, scores float32), best first."""
        return self.ask(tokens).best(count, allowed)


class WordQuestion:
    """A question's tokens, found in an index. Scores are float32 sums in the order of the tokens, whichever way they are asked for."""

    def __init__(self, postings: Postings, groups: Sequence[tuple[Sequence[str], float]]) -> None:
        """Groups of tokens, each with what it counts."""
        self._postings = postings
        self._groups = [(places_of(tokens, postings.terms), np.float32(weight)) for tokens, weight in groups if weight]

    def scores(self, rows: np.ndarray) -> np.ndarray:
        """BM25 of these rows (ascending), float32 [rows]."""
        rows = rows.astype(np.int32)
        found = {term: self._postings.weights_of(term, rows) for terms, _ in self._groups for term in terms}
        return self._sum(lambda scores, term: np.add(scores, found[term], out=scores), len(rows))

    def all_scores(self) -> np.ndarray:
        """BM25 of every record, float32 [records]."""
        return self._sum(self._add_list, self._postings.documents)

    def best(self, count: int, allowed: np.ndarray | None = None) -> tuple[np.ndarray, np.ndarray]:
        """The `count` records with the highest positive scores among those allowed: (row numbers int64, scores float32), best first.

        Ties go by row number.
        """
        rows, everything, scores = self.best_beside(np.zeros(0, dtype=np.int64), count, allowed)
        return rows, scores[np.searchsorted(everything, rows)]

    def best_beside(self, others: np.ndarray, count: int, allowed: np.ndarray | None = None) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """The `best` records; these and other rows together; and all their scores, each list of a token looked into once.

        Args:
            others: ascending row numbers, int64 [others].
            count: how many are the best.
            allowed: bool [records]; the best are among these, the others need not be.

        Returns:
            The best row numbers, best first, int64; all row numbers, ascending, int64 [records]; scores, float32 [records].
        """
        shares: dict[int, float] = {}
        for terms, weight in self._groups:
            for term in terms:
                shares[term] = shares.get(term, 0.0) + float(weight)
        possible = highest(self._postings, shares, count, allowed)
        rows = np.union1d(possible, others)
        scores = self.scores(rows)
        order, _ = best(scores[np.searchsorted(rows, possible)], count)
        found = possible[order]
        kept = np.isin(rows, found) | np.isin(rows, others)
        return found, rows[kept], scores[kept]

    def _add_list(self, scores: np.ndarray, term: int) -> None:
        start, end = self._postings.starts[term : term + 2]
        scores[self._postings.rows[start:end]] += self._postings.weights[start:end]

    def _sum(self, add: Callable[[np.ndarray, int], object], length: int) -> np.ndarray:
        total = np.zeros(length, dtype=np.float32)
        for terms, weight in self._groups:
            if not terms:
                continue
            part = np.zeros(length, dtype=np.float32)
            for term in terms:
                add(part, term)
            total += weight * part
        return total


def best(scores: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Row numbers and scores of the `count` highest positive scores, best first; ties by row number."""
    found = np.flatnonzero(scores > 0)
    if len(found) > count > 0:
        # Of all that tie with the last, the lowest row numbers stay.
        least = np.partition(scores[found], len(found) - count)[len(found) - count]
        found = found[scores[found] >= least]
    found = found[np.lexsort((found, -scores[found]))][: max(count, 0)]
    return found.astype(np.int64), scores[found]
