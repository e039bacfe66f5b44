"""An index on this machine's disk, opened for `Searcher`: SQLite, FAISS, BM25 and the embeddings of one generation."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from index import answers, units, vectors, words
from index.answer_vectors import AnswerVectors
from index.answers import AnswerStore, Filters
from index.arrays import map_array
from index.manifest import Generation, Manifest
from index.opened import Asked, Found, score_units
from index.token_codes import width_of
from index.token_vectors import TokenVectors
from index.units import EMBEDDINGS, QUESTION
from index.vectors import VectorIndex
from index.words import WordIndex


class LocalIndex:
    """The stores of one generation (`index.opened.OpenIndex`). Safe for concurrent use."""

    def __init__(self, generation: Generation) -> None:
        """Open a generation that has been verified; it is held as long as this lives."""
        self._generation = generation
        path = generation.path
        self.store = AnswerStore(path / answers.FILE)
        self._vectors = VectorIndex.open(path / vectors.FILE)
        self._words = WordIndex.open(path / words.FOLDER)
        self._embeddings = map_array(path / EMBEDDINGS)
        self._units = map_array(path / units.FILE)
        self._unit_rows = self._units["row"].astype(np.int64)
        self._answer_vectors = AnswerVectors(self._units, self._unit_rows, self._embeddings)
        self._tokens = TokenVectors.of_generation(generation)

    @property
    def name(self) -> str:
        """The generation's name."""
        return self._generation.name

    @property
    def manifest(self) -> Manifest:
        """What the generation says of itself."""
        return self._generation.manifest

    @property
    def background(self) -> float:
        """The cosine that two of its answers have on the average."""
        return self._answer_vectors.background

    def find(self, asked: Asked, count: int, filters: Filters) -> Found:
        """What both arms find, each record scored by both."""
        allowed = self.store.allowed(filters)
        near_units, _ = self._vectors.search(asked.vector, count, None if allowed is None else allowed[self._unit_rows])
        vector_rows = np.unique(self._unit_rows[near_units])
        by_words = self._words.ask(asked.tokens, asked.synonyms, asked.synonym_weight)
        word_rows, rows, lexical = by_words.best_beside(vector_rows, count, allowed)
        numbers, owner = units.units_of_rows(self._unit_rows, rows)
        similarity = self._embeddings[numbers] @ asked.vector
        is_question = self._units["kind"][numbers] == QUESTION
        question_similarity, passage_similarity, best = score_units(similarity, numbers, owner, is_question, len(rows))
        return Found(
            rows=rows,
            by_words=np.isin(rows, word_rows),
            by_vectors=np.isin(rows, vector_rows),
            lexical=lexical,
            question_similarity=question_similarity,
            passage_similarity=passage_similarity,
            passage_spans=np.stack([self._units[part][best].astype(np.int64) for part in ("start", "end")], axis=1),
        )

    def answer_vectors(self, rows: Sequence[int]) -> tuple[np.ndarray, list[np.ndarray | None]]:
        """The answers' vectors and their questions'."""
        return self._answer_vectors.of(list(rows))

    @property
    def has_tokens(self) -> bool:
        """Whether the codes of tokens are kept."""
        return self._tokens is not None

    def token_codes(self, rows: Sequence[int], starts: Sequence[int]) -> list[np.ndarray]:
        """The codes of each record's question and of one of its passages."""
        if self._tokens is None:
            return [np.zeros((0, width_of(self._embeddings.shape[1])), np.uint8) for _ in rows]
        numbers, owner = units.units_of_rows(self._unit_rows, np.asarray(rows, dtype=np.int64))
        table = self._units[numbers]
        read = (table["kind"] == QUESTION) | (table["start"] == np.asarray(starts)[owner])
        return [np.concatenate([self._tokens.of(int(unit)) for unit in numbers[read & (owner == place)]]) for place in range(len(rows))]
