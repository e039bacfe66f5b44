"""The lexical arm: BM25 (bm25s) over the tokens of `corpus.segment.lexical_tokens`, one document a record."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from pathlib import Path

import bm25s
import numpy as np

FOLDER = "words"

logging.getLogger("bm25s").setLevel(logging.WARNING)  # it sets itself to DEBUG and reports every step


class WordIndex:
    """BM25 scores of records. Safe for concurrent reads."""

    def __init__(self, bm25: bm25s.BM25, documents: int) -> None:
        self._bm25 = bm25
        self._documents = documents

    def __len__(self) -> int:
        return self._documents

    @staticmethod
    def build(documents: Iterable[Sequence[str]], folder: Path) -> None:
        """Write an index of the documents' tokens, in the order of the records."""
        vocabulary: dict[str, int] = {}
        ids = [[vocabulary.setdefault(token, len(vocabulary)) for token in tokens] for tokens in documents]
        bm25 = bm25s.BM25(method="lucene")
        if not vocabulary:
            # bm25s cannot index nothing but empty documents; one token that no question has stands in.
            vocabulary, ids = {"\x00": 0}, [[0] for _ in ids]
        bm25.index((ids, vocabulary), show_progress=False)
        bm25.save(folder, allow_pickle=False, show_progress=False)

    @staticmethod
    def open(folder: Path) -> WordIndex:
        """Memory-map an index."""
        bm25 = bm25s.BM25.load(folder, mmap=True, allow_pickle=False, show_progress=False)
        return WordIndex(bm25, int(bm25.scores["num_docs"]))

    def scores(self, tokens: Sequence[str], allowed: np.ndarray | None = None) -> np.ndarray:
        """BM25 of every record, float32 [records]; 0 where no token is shared or `allowed` (bool [records]) is False."""
        known = self._bm25.get_tokens_ids(list(tokens))
        if not known:
            return np.zeros(self._documents, np.float32)
        return self._bm25.get_scores(known, weight_mask=allowed)

    def search(self, tokens: Sequence[str], count: int, allowed: np.ndarray | None = None) -> tuple[np.ndarray, np.ndarray]:
        """The `count` best records that share a token with the question: (row numbers int64, scores float32), best first."""
        return best(self.scores(tokens, allowed), count)


def best(scores: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Row numbers and scores of the `count` highest positive scores, best first; ties by row number."""
    count = min(count, int(np.count_nonzero(scores > 0)))
    if count == 0:
        return np.zeros(0, np.int64), np.zeros(0, np.float32)
    top = np.argpartition(-scores, count - 1)[:count]
    order = top[np.lexsort((top, -scores[top]))]
    return order.astype(np.int64), scores[order]
