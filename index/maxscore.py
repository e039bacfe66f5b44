"""The rows that can have the highest sums over some posting lists, without adding up all of them.

A question's common words stand in every second record, and adding up their lists would make a question's time grow with the
corpus. Each list knows its highest weight. So the rare words' short lists are added up first, until a row that is in none of
them cannot reach the best any more; then the rows that still can are looked up in the common words' lists, and dropped as soon
as they cannot (MaxScore: Turtle and Flood, "Query evaluation: strategies and optimizations", 1995).
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from index.postings import Postings

#: Postings that are added up before it is first asked whether that was enough; then again whenever they have doubled.
_FIRST = 32_768
#: Looking a row up in a list costs about as much as adding so many postings.
_LOOK_UP = 8
_ROUNDING = float(np.finfo(np.float32).eps)


def highest(postings: Postings, shares: Mapping[int, float], count: int, allowed: np.ndarray | None = None) -> np.ndarray:
    """Every row that may be among the `count` highest sums, however ties fall, and few others; ascending, int64.

    Args:
        postings: the lists.
        shares: term -> what its weights are multiplied by, positive.
        count: how many.
        allowed: bool [documents], None for all.
    """
    if count < 1 or not shares:
        return np.zeros(0, dtype=np.int64)
    terms = sorted(shares, key=lambda term: (_length(postings, term), term))
    most = np.array([shares[term] * float(postings.peaks[term]) for term in terms])
    rest = np.append(np.cumsum(most[::-1])[::-1], 0.0)  # what lists from here on can add together
    # Sums are float32, here and in the scores; what rounding can do to both must not drop a row.
    slack = 4 * _ROUNDING * (len(terms) + 2) * rest[0]
    sums = np.zeros(postings.documents, dtype=np.float32)
    added, due = 0, _FIRST
    rows = np.zeros(0, dtype=np.int64)
    for place in range(len(terms) + 1):
        length = _length(postings, terms[place]) if place < len(terms) else 0
        if place == len(terms) or added + length > due:
            due = 2 * (added + length)
            rows = np.flatnonzero(sums > 0 if allowed is None else (sums > 0) & allowed)
            if rest[place] < _least(sums[rows], count) - slack:
                break
        if place < len(terms):
            _add(sums, postings, terms[place], shares)
            added += length
    return _narrowed(sums, rows, postings, shares, [terms[at] for at in place + np.argsort(-most[place:], kind="stable")], count, slack)


def _narrowed(
    sums: np.ndarray, rows: np.ndarray, postings: Postings, shares: Mapping[int, float], terms: list[int], count: int, slack: float
) -> np.ndarray:
    """Add the remaining lists for the rows that can still reach the best, and drop those that cannot."""
    rest = sum(shares[term] * float(postings.peaks[term]) for term in terms)
    for term in [*terms, None]:
        partial = sums[rows]
        rows = rows[partial + rest >= _least(partial, count) - slack]
        if term is None:
            break
        if _LOOK_UP * len(rows) < _length(postings, term):
            sums[rows] += np.float32(shares[term]) * postings.weights_of(term, rows.astype(np.int32))
        else:
            _add(sums, postings, term, shares)
        rest = max(rest - shares[term] * float(postings.peaks[term]), 0.0)
    return rows


def _length(postings: Postings, term: int) -> int:
    return int(postings.starts[term + 1] - postings.starts[term])


def _add(sums: np.ndarray, postings: Postings, term: int, shares: Mapping[int, float]) -> None:
    start, end = int(postings.starts[term]), int(postings.starts[term + 1])
    sums[postings.rows[start:end]] += np.float32(shares[term]) * postings.weights[start:end]


def _least(sums: np.ndarray, count: int) -> float:
    """The `count`-th highest, or 0 where there are fewer."""
    return float(np.partition(sums, len(sums) - count)[len(sums) - count]) if len(sums) >= count else 0.0
