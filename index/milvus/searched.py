"""A generation in Milvus, opened for `Searcher`: both arms are the engine's, scores and fusion are ours.

Each question costs the engine two searches (vectors, words), the words' scores of what only the vectors found, the vectors of the
candidates' units, the codes of the best ones' tokens, and what is shown of them. What was fetched for a question is remembered, since it is asked for several times.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from typing import Any, NamedTuple

import numpy as np

from index.answer_vectors import answer_vectors
from index.answers import Filters
from index.manifest import Manifest
from index.milvus.bm25 import question_vector
from index.milvus.collections import GRAPH, GRAPH_SEARCH, Part, batches, collection_name, expression_of, unpacked
from index.milvus.engine import MOST_RESULTS, Engine
from index.milvus.store import MilvusStore, Remembered
from index.opened import Asked, Found, score_units
from index.token_codes import width_of
from index.units import MAX_PASSAGES, QUESTION

#: Records whose units fit into one answer of the engine, however long they are.
_RECORDS_AT_ONCE = MOST_RESULTS // (MAX_PASSAGES + 1)
#: Units whose tokens' codes are fetched together: 16 MB of our encoder's at the most, since a server answers with 100 MB at the most.
_CODED_AT_ONCE = 256
#: Units whose tokens' codes stay at hand: those of some thirty questions.
_CODED_REMEMBERED = 512


class RecordUnits(NamedTuple):
    """The units of one record, in their order.

    Attributes:
        table: their numbers, kinds, starts and ends, int64 [units, 4].
        vectors: float32 [units, dimension].
        codes: of each one's tokens, uint8 [tokens, width], without a row where they are not kept; None where nobody asked for them,
            or the whole index has none.
    """

    table: np.ndarray
    vectors: np.ndarray
    codes: list[np.ndarray] | None = None


class MilvusIndex:
    """The collections of one generation (`index.opened.OpenIndex`). Safe for concurrent use.

    Nothing holds a generation here as a lease does on a disk: when as many newer ones have been published as are kept, it is gone,
    and whoever still asks it is told so.
    """

    def __init__(self, engine: Engine, alias: str, name: str, manifest: Manifest, summary: dict[str, Any]) -> None:
        """Over a generation whose collections are loaded, with its manifest and what was counted when it was built."""
        self._engine = engine
        self._name = name
        self._manifest = manifest
        self._records = collection_name(alias, name, Part.RECORDS)
        self._units = collection_name(alias, name, Part.UNITS)
        self._background = float(summary["background"])
        #: How its vectors are compared: `EXACT` or `GRAPH`.
        self.dense_index: str = summary["dense_index"]
        #: With which options of `rebuild_index.py` its corpus was read; None in an index that was built before they were kept.
        self.reading: dict[str, str] | None = summary.get("reading")
        #: Whether the codes of tokens are kept; not in an index that was built before they were.
        self.has_tokens: bool = manifest.encoder.get("tokens", False)
        self._parameters: dict[str, int] = GRAPH_SEARCH if self.dense_index == GRAPH else {}
        self._of_rows = Remembered(self._fetch_units)
        self._codes = Remembered(self._fetch_codes, most=_CODED_REMEMBERED, what="个单元")
        self.store = MilvusStore(engine, self._records, manifest.counts["records"], summary)

    @property
    def name(self) -> str:
        """The generation's name."""
        return self._name

    @property
    def manifest(self) -> Manifest:
        """What the generation says of itself."""
        return self._manifest

    @property
    def background(self) -> float:
        """The cosine that two of its answers have on the average."""
        return self._background

    def find(self, asked: Asked, count: int, filters: Filters) -> Found:
        """What both arms find, each record scored by both."""
        allowed = expression_of(filters)
        sparse = question_vector(asked.tokens, asked.synonyms, asked.synonym_weight)
        lexical = self.by_words(sparse, count, allowed)
        vector_rows = np.unique(np.array([row for _, row, _ in self.by_vector(asked.vector, count, allowed)], dtype=np.int64))
        word_rows = np.array(list(lexical), dtype=np.int64)
        rows = np.union1d(vector_rows, word_rows)
        if len(lexical) == count:  # where fewer were found, no other record shares a token
            others = np.setdiff1d(rows, word_rows).tolist()
            lexical |= self.by_words(sparse, len(others), f"row in {others}") if others else {}
        question_similarity, passage_similarity, spans = self._similarities(asked.vector, rows.tolist())
        return Found(
            rows=rows,
            by_words=np.isin(rows, word_rows),
            by_vectors=np.isin(rows, vector_rows),
            lexical=np.array([lexical.get(row, 0.0) for row in rows.tolist()], dtype=np.float32),
            question_similarity=question_similarity,
            passage_similarity=passage_similarity,
            passage_spans=spans,
        )

    def by_words(self, sparse: dict[int, float], count: int, expression: str = "") -> dict[int, float]:
        """BM25 of the `count` best records that share a token with a question and pass an expression, best first."""
        if not sparse:
            return {}
        found = self._engine.search(self._records, "words", sparse, count, expression)
        return {row: score for row, score, _ in found if score > 0}

    def by_vector(self, vector: np.ndarray, count: int, expression: str = "") -> list[tuple[int, int, float]]:
        """(unit, row, cosine) of the `count` nearest units that pass an expression, best first."""
        dense = np.asarray(vector, dtype=np.float32)
        found = self._engine.search(self._units, "vector", dense, count, expression, ["row"], **self._parameters)
        return [(unit, int(fields["row"]), score) for unit, score, fields in found]

    def answer_vectors(self, rows: Sequence[int]) -> tuple[np.ndarray, list[np.ndarray | None]]:
        """The answers' vectors and their questions'."""
        table, vectors, owner = self._units_of(rows)
        return answer_vectors(vectors, owner, table[:, 1] == QUESTION, table[:, 3] - table[:, 2], len(rows))

    def token_codes(self, rows: Sequence[int], starts: Sequence[int]) -> list[np.ndarray]:
        """The codes of each record's question and of one of its passages."""
        none = np.zeros((0, self._code_width), dtype=np.uint8)
        if not self.has_tokens:
            return [none for _ in rows]
        tables = (one.table for one in self.record_units(rows))
        read = [table[(table[:, 1] == QUESTION) | (table[:, 2] == start), 0] for table, start in zip(tables, starts, strict=True)]
        codes = iter(self._codes.get([unit for units in read for unit in units.tolist()]))
        return [np.concatenate([none, *islice(codes, len(units))]) for units in read]

    def record_units(self, rows: Sequence[int]) -> list[RecordUnits]:
        """The units of each of these records, in the order asked for, without codes of tokens: a question asks for hundreds."""
        return self._of_rows.get(rows)

    def coded_units(self, rows: Sequence[int]) -> list[RecordUnits]:
        """The same with the codes of their tokens, where the index has those."""
        found = self.record_units(rows)
        if not self.has_tokens:
            return found
        codes = iter(self._codes.get([unit for one in found for unit in one.table[:, 0].tolist()]))
        return [one._replace(codes=list(islice(codes, len(one.table)))) for one in found]

    def _similarities(self, vector: np.ndarray, rows: list[int]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Of each row: cosine of its question and of its best passage, and where that passage stands."""
        table, vectors, owner = self._units_of(rows)
        own, passage, best = score_units(vectors @ vector, table[:, 0], owner, table[:, 1] == QUESTION, len(rows))
        spans = np.zeros((len(rows), 2), dtype=np.int64)
        is_best = table[:, 0] == best[owner]
        spans[owner[is_best]] = table[is_best, 2:]
        return own, passage, spans

    def _units_of(self, rows: Sequence[int]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """The units of these records, [units, 4] and [units, dimension], and the place of each one's record."""
        found = self.record_units(rows)
        if not found:
            return np.zeros((0, 4), np.int64), np.zeros((0, self._manifest.encoder["dimension"]), np.float32), np.zeros(0, np.int64)
        owner = np.repeat(np.arange(len(found)), [len(one.table) for one in found])
        return np.concatenate([one.table for one in found]), np.concatenate([one.vectors for one in found]), owner

    def _fetch_units(self, rows: list[int]) -> dict[int, RecordUnits]:
        fields = ("unit", "row", "kind", "start", "end", "vector")
        found: dict[int, list[dict[str, Any]]] = {}
        for batch in batches(rows, _RECORDS_AT_ONCE):
            for one in self._engine.query(self._units, f"row in {batch}", fields):
                found.setdefault(int(one["row"]), []).append(one)
        return {row: _together(units) for row, units in found.items()}

    @property
    def _code_width(self) -> int:
        return width_of(self._manifest.encoder["dimension"])

    def _fetch_codes(self, units: list[int]) -> dict[int, np.ndarray]:
        found = {}
        for batch in batches(units, _CODED_AT_ONCE):
            for one in self._engine.get(self._units, batch, ("unit", "tokens")):
                found[int(one["unit"])] = unpacked(one["tokens"], self._code_width)
        return found


def _together(units: list[dict[str, Any]]) -> RecordUnits:
    units = sorted(units, key=lambda unit: unit["unit"])
    table = np.array([[unit[field] for field in ("unit", "kind", "start", "end")] for unit in units], dtype=np.int64)
    return RecordUnits(table, np.array([unit["vector"] for unit in units], dtype=np.float32))
