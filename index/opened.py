"""What `Searcher` asks of an index, wherever it lies: its records, and one search by both arms.

`index.local` answers from a generation on this machine's disk, `index.milvus` from one in a Milvus server. Everything that ranks
stands in `index.search` alone, so both are ranked alike.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from corpus.points import Mention
from corpus.record import DoctorAnswer
from index.answers import Filters
from index.manifest import Manifest


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as the arms are asked it.

    Attributes:
        vector: of the question, float32 [dimension], length 1.
        tokens: of the question, repeated as often as they stand in it.
        synonyms: tokens of other words for the same, each once.
        synonym_weight: share of BM25 that a synonym counts.
    """

    vector: np.ndarray
    tokens: Sequence[str]
    synonyms: Sequence[str]
    synonym_weight: float


@dataclass(frozen=True, slots=True)
class Found:
    """The records that either arm found, each scored by both.

    Attributes:
        rows: ascending row numbers, int64 [records].
        by_words, by_vectors: whether that arm brought the record, bool [records].
        lexical: BM25, the synonyms' share included, float32 [records]; 0 where no token is shared.
        question_similarity: cosine with the record's own question, float64 [records]; -inf where it has none.
        passage_similarity: cosine with the best passage of its answer, float64 [records].
        passage_spans: where that passage starts and ends in the answer, in characters, int64 [records, 2].
    """

    rows: np.ndarray
    by_words: np.ndarray
    by_vectors: np.ndarray
    lexical: np.ndarray
    question_similarity: np.ndarray
    passage_similarity: np.ndarray
    passage_spans: np.ndarray


class RecordStore(Protocol):
    """The records of an index by row number, as `index.answers.AnswerStore` has them."""

    def __len__(self) -> int:
        """How many records there are."""

    def __iter__(self) -> Iterator[DoctorAnswer]:
        """Every record, by row."""

    def get(self, rows: Sequence[int]) -> list[DoctorAnswer]:
        """The records of these rows, in the order asked for."""

    def kinds(self, rows: Sequence[int]) -> list[str]:
        """Their kinds."""

    def audiences(self, rows: Sequence[int]) -> list[tuple[str, ...]]:
        """Whom each addresses."""

    def points(self, rows: Sequence[int]) -> list[Sequence[Mention]]:
        """The points that each answer makes."""

    def row_of(self, record_id: str) -> int | None:
        """The row of a record, or None."""

    def facet(self, name: str) -> dict[str, int]:
        """How many records have each value of a field of `index.answers.FACETS`, most first."""

    def years(self) -> dict[int, int]:
        """How many records were published in each year, newest first."""

    def disease_names(self) -> list[tuple[int, str, str | None]]:
        """(row, question, disease) of every definition, by row."""


class OpenIndex(Protocol):
    """An index that is open. Safe for concurrent use."""

    @property
    def name(self) -> str:
        """The generation's name."""

    @property
    def manifest(self) -> Manifest:
        """What the generation says of itself."""

    @property
    def store(self) -> RecordStore:
        """Its records."""

    @property
    def background(self) -> float:
        """The cosine that two of its answers have on the average (`index.answer_vectors`)."""

    def find(self, asked: Asked, count: int, filters: Filters) -> Found:
        """What both arms find among the records that pass the filters: the best `count` records by words, the records of the nearest
        `count` units by vectors; each scored by both.
        """

    def answer_vectors(self, rows: Sequence[int]) -> tuple[np.ndarray, list[np.ndarray | None]]:
        """The answers' vectors, length 1, float64 [rows, dimension], and each question's, None where a record has none."""

    @property
    def has_tokens(self) -> bool:
        """Whether the codes of the tokens of records with a question are kept."""

    def token_codes(self, rows: Sequence[int], starts: Sequence[int]) -> list[np.ndarray]:
        """For each of these records the codes of its question's tokens and of those of one passage, uint8 [tokens, width].

        Args:
            rows: the records.
            starts: where that passage starts in each one's answer, in characters.
        """


def score_units(
    similarity: np.ndarray, numbers: np.ndarray, owner: np.ndarray, is_question: np.ndarray, count: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Of each record: cosine of its question (-inf where it has none), cosine of its best passage, and that passage's unit.

    Args:
        similarity: cosine of each unit with the question [units].
        numbers: what each unit is known by, int64 [units]; of equally good passages the lowest is taken.
        owner: the place of each unit's record, int64 [units], below `count`.
        is_question: bool [units].
        count: how many records there are.
    """
    question_score = np.full(count, -np.inf)
    question_score[owner[is_question]] = similarity[is_question]
    passages, owners, scores = numbers[~is_question], owner[~is_question], similarity[~is_question]
    # Sorted by owner, then worst first: what is written last is each owner's best passage.
    order = np.lexsort((-passages, scores, owners))
    passage_score = np.full(count, -np.inf)
    best_passage = np.zeros(count, dtype=np.int64)
    passage_score[owners[order]] = scores[order]
    best_passage[owners[order]] = passages[order]
    return question_score, passage_score, best_passage
