"""`Searcher`: a question and filters in, ranked answers out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import numpy as np

from corpus.audience import Fit, asked_for, fit, note_for
from corpus.clean import clean_line
from corpus.fillers import without_fillers
from corpus.record import DoctorAnswer
from corpus.red_flags import RedFlag, find_red_flags
from corpus.segment import lexical_tokens
from corpus.spelling import Change, put_right, warm_up
from corpus.synonyms import synonyms_of
from index import answers, units, vectors, words
from index.answers import AnswerStore, Filters
from index.build import EMBEDDINGS, segmentation_identity
from index.encoder import TextEncoder, load_encoder
from index.explain import matched_words
from index.fuse import fuse, fusion_of
from index.generation import Generation, IndexFolder, IndexFolderError, Manifest
from index.units import QUESTION
from index.vectors import VectorIndex
from index.words import WordIndex

#: Candidates each arm brings to the fusion: units for the vector arm, records for the lexical one.
CANDIDATES = 200
#: Share of BM25 that a synonym of the question's words counts, beside the words themselves.
SYNONYM_WEIGHT = 0.3
#: We are asked for doctors' answers: a page's own article, and a definition, must be that much better to stand before one.
KIND_WEIGHT = {"answer": 1.0, "article": 0.9, "disease": 0.7}
#: An answer for somebody else is worth this share of one for the asker: fitted on half of the contrast pairs.
FIT_WEIGHT = {Fit.SAME: 1.0, Fit.NEAR: 0.9, Fit.PRESUMED: 0.7, Fit.UNSAID: 0.5, Fit.OTHER: 0.1}
#: Characters of a question that are searched; people paste whole stories, and the danger is rarely after the first page.
MAX_QUESTION = 2_000


class Arm(StrEnum):
    """Which scores rank; people are answered with `FUSED`, the others are for measuring."""

    WORDS = "words"
    VECTORS = "vectors"
    FUSED = "fused"


class QuestionError(ValueError):
    """A question that cannot be searched; the message (Chinese) is shown to whoever asked."""


@dataclass(frozen=True, slots=True)
class Result:
    """One ranked record.

    Attributes:
        rank: from 1.
        score: fused score in [0, 1]; comparable within one question only.
        passage: the whole sentences of the answer that come nearest to the question.
        passage_start, passage_end: where they stand in the answer, in characters.
        matched: words of the question that the record has.
        dense, lexical: what each arm gave (joined cosine; BM25).
        audience: the groups whom the record is written for.
        audience_note: a sentence (Chinese) to show where those are not the asker's; empty where they are.
    """

    rank: int
    score: float
    record: DoctorAnswer
    passage: str
    passage_start: int
    passage_end: int
    matched: tuple[str, ...]
    dense: float
    lexical: float
    audience: tuple[str, ...] = ()
    audience_note: str = ""

    def to_dict(self) -> dict[str, Any]:
        """The contract of `scripts/search.py --json`."""
        record = self.record.to_dict()
        keys = ("id", "kind", "question", "answer", "doctor", "doctor_title", "hospital", "hospital_tier")
        fields = {key: record[key] for key in (*keys, "department", "published", "url", "source", "truncated", "notice")}
        return {
            "rank": self.rank,
            "score": round(self.score, 6),
            "passage": self.passage,
            "audience": list(self.audience),
            "audience_note": self.audience_note,
            **fields,
        }


@dataclass(frozen=True, slots=True)
class Results:
    """What a question found.

    Attributes:
        question: as it was asked.
        searched: as it was searched (cleaned, cut to `MAX_QUESTION`, put right).
        generation: the name of the generation that answered.
        results: best first.
        shortened: the question was longer than what is searched.
        red_flags: the emergencies that the question names, most urgent first; to be shown above everything.
        for_whom: the groups of the person whom the question is about.
        corrections: the words that were put right before the search.
    """

    question: str
    searched: str
    generation: str
    results: tuple[Result, ...]
    shortened: bool = False
    red_flags: tuple[RedFlag, ...] = ()
    for_whom: tuple[str, ...] = ()
    corrections: tuple[Change, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """The contract of `scripts/search.py --json`."""
        return {
            "question": self.question,
            "generation": self.generation,
            "red_flags": [flag.to_dict() for flag in self.red_flags],
            "for_whom": list(self.for_whom),
            "corrections": [change.to_dict() for change in self.corrections],
            "results": [result.to_dict() for result in self.results],
        }


@dataclass(frozen=True, slots=True)
class Candidates:
    """The records that either arm found for a question, each scored by both.

    Attributes:
        rows: ascending row numbers, int64 [candidates].
        by_words, by_vectors: whether that arm brought the record, bool [candidates].
        lexical: BM25, float32 [candidates]; 0 where no token is shared.
        question_similarity: cosine with the record's own question, float [candidates]; -inf where it has none.
        passage_similarity: cosine with the best passage of its answer, float [candidates].
        passage_units: the unit of that passage, int64 [candidates].
        share: what is left of a score for the record's kind and for whom it addresses, float [candidates].
    """

    rows: np.ndarray
    by_words: np.ndarray
    by_vectors: np.ndarray
    lexical: np.ndarray
    question_similarity: np.ndarray
    passage_similarity: np.ndarray
    passage_units: np.ndarray
    share: np.ndarray

    def dense(self, question_weight: float) -> np.ndarray:
        """Both similarities joined, float [candidates]; a record without a question scores by its best passage."""
        own = np.where(np.isfinite(self.question_similarity), self.question_similarity, self.passage_similarity)
        return question_weight * own + (1 - question_weight) * self.passage_similarity


@dataclass(frozen=True, slots=True)
class PreparedQuestion:
    """A question as it is searched.

    Attributes:
        text: cleaned, cut to `MAX_QUESTION` characters, then put right (`corpus.spelling`).
        shortened: whether it had to be cut.
        corrections: the words that were put right.
    """

    text: str
    shortened: bool
    corrections: tuple[Change, ...]


def prepare_question(question: str) -> PreparedQuestion:
    """Clean a question, cut it and put it right.

    Raises:
        QuestionError: nothing in it can be searched.
    """
    # Cleaning costs time with the length; what lies far beyond the limit cannot matter.
    cleaned = clean_line(question[: 4 * MAX_QUESTION])
    if not cleaned:
        raise QuestionError("问题里没有文字，请写下想问的内容")
    if not re.search(r"\w", cleaned):
        raise QuestionError("问题里没有可以搜索的文字")
    corrected = put_right(cleaned[:MAX_QUESTION])
    return PreparedQuestion(corrected.text, len(cleaned) > MAX_QUESTION or len(question) > 4 * MAX_QUESTION, corrected.changes)


class Searcher:
    """Answers questions from one generation. Safe for concurrent use."""

    def __init__(self, generation: Generation, encoder: TextEncoder) -> None:
        """Open a generation that has been verified.

        Raises:
            IndexFolderError: the index was built with another encoder or another lexicon.
        """
        expected = generation.manifest.encoder["fingerprint"]
        if encoder.fingerprint != expected:
            raise IndexFolderError(
                f"索引 {generation.name} 是用另一个编码器建的（索引 {expected}，现在 {encoder.fingerprint}）。"
                "请用当初的编码器，或运行 python scripts/rebuild_index.py 重建"
            )
        if generation.manifest.segmentation != segmentation_identity():
            raise IndexFolderError(
                f"索引 {generation.name} 是用另一版词典或 jieba 建的。请运行 python scripts/rebuild_index.py 重建（未变的嵌入会沿用，很快）"
            )
        self._generation = generation
        self._encoder = encoder
        self.fusion = fusion_of(encoder.fingerprint)
        path = generation.path
        self.store = AnswerStore(path / answers.FILE)
        self._vectors = VectorIndex.open(path / vectors.FILE)
        self._words = WordIndex.open(path / words.FOLDER)
        self._embeddings = np.load(path / EMBEDDINGS, mmap_mode="r", allow_pickle=False)
        self._units = np.load(path / units.FILE, mmap_mode="r", allow_pickle=False)
        self._unit_rows = np.ascontiguousarray(self._units["row"]).astype(np.int64)
        warm_up()

    @staticmethod
    def open(folder: Path, encoder: TextEncoder | None = None) -> Searcher:
        """The published generation of an index folder, with the encoder it was built with.

        Raises:
            IndexFolderError: there is no index, or none that is whole.
            EncoderError: the encoder cannot be loaded.
        """
        generation = IndexFolder(folder).open()
        return Searcher(generation, encoder or load_encoder(generation.manifest.encoder["name"], threads=1))

    @property
    def generation_name(self) -> str:
        """The generation that answers."""
        return self._generation.name

    @property
    def manifest(self) -> Manifest:
        """What that generation says of itself."""
        return self._generation.manifest

    def search(self, question: str, *, top: int = 10, filters: Filters | None = None, arm: Arm = Arm.FUSED) -> Results:
        """The `top` records that answer the question best, among those that pass the filters.

        Raises:
            QuestionError: nothing in the question can be searched.
        """
        asked = prepare_question(question)
        prepared = asked.text
        red_flags = find_red_flags(question)
        for_whom = asked_for(prepared)
        found = self.candidates(prepared, filters)
        order, scores = self.rank(found, top, arm)
        dense = found.dense(self.fusion.question_weight)
        rows = found.rows[order].tolist()
        results: list[Result] = []
        for place, record, audience in zip(order, self.store.get(rows), self.store.audiences(rows), strict=True):
            start, end = (int(self._units[part][found.passage_units[place]]) for part in ("start", "end"))
            results.append(
                Result(
                    rank=len(results) + 1,
                    score=float(scores[place]),
                    record=record,
                    passage=record.answer[start:end],
                    passage_start=start,
                    passage_end=end,
                    matched=matched_words(prepared, record),
                    dense=float(dense[place]),
                    lexical=float(found.lexical[place]),
                    audience=audience,
                    audience_note=note_for(for_whom, audience),
                )
            )
        return Results(question, prepared, self.generation_name, tuple(results), asked.shortened, red_flags, for_whom, asked.corrections)

    def candidates(self, prepared: str, filters: Filters | None = None) -> Candidates:
        """What both arms find for a prepared question (`prepare_question`), each candidate scored by both."""
        allowed = self.store.allowed(filters or Filters())
        vector = self._encoder.encode_questions([prepared[: units.MAX_QUESTION]])[0]
        lexical = self._words.scores(lexical_tokens(without_fillers(prepared)), allowed)
        others = [token for word in synonyms_of(prepared) for token in lexical_tokens(word)]
        lexical = lexical + SYNONYM_WEIGHT * self._words.scores(list(dict.fromkeys(others)), allowed)
        word_rows, _ = words.best(lexical, CANDIDATES)
        near_units, _ = self._vectors.search(vector, CANDIDATES, None if allowed is None else allowed[self._unit_rows])
        vector_rows = np.unique(self._unit_rows[near_units])
        rows = np.union1d(vector_rows, word_rows)
        question_similarity, passage_similarity, passage_units = self._similarities(vector, rows)
        kinds = np.array([KIND_WEIGHT[kind] for kind in self.store.kinds(rows.tolist())])
        for_whom = asked_for(prepared)
        fits = [fit(for_whom, audience) for audience in self.store.audiences(rows.tolist())]
        # An answer that stands without its question mostly does not repeat for whom it is.
        silent = ~np.isfinite(question_similarity)
        fit_weights = [1.0 if found is Fit.UNSAID and alone else FIT_WEIGHT[found] for found, alone in zip(fits, silent, strict=True)]
        return Candidates(
            rows=rows,
            by_words=np.isin(rows, word_rows),
            by_vectors=np.isin(rows, vector_rows),
            lexical=lexical[rows],
            question_similarity=question_similarity,
            passage_similarity=passage_similarity,
            passage_units=passage_units,
            share=kinds * np.array(fit_weights),
        )

    def rank(self, found: Candidates, top: int, arm: Arm = Arm.FUSED) -> tuple[np.ndarray, np.ndarray]:
        """Places among the candidates, the best `top` in order, and the score of every candidate [candidates].

        An arm by itself ranks only what it found.
        """
        dense = found.dense(self.fusion.question_weight)
        floor = float(dense[found.by_vectors].min(initial=np.inf))
        has_question = np.isfinite(found.question_similarity)
        fitted = np.where(has_question, self.fusion.word_weight, self.fusion.answer_word_weight)
        word_weight = {Arm.WORDS: 1.0, Arm.VECTORS: 0.0}.get(arm, fitted)
        scores = found.share * fuse(dense, found.lexical, dense_floor=floor, word_weight=word_weight)
        allowed = {Arm.WORDS: found.by_words, Arm.VECTORS: found.by_vectors}.get(arm, found.by_words | found.by_vectors)
        places = np.flatnonzero(allowed)
        return places[np.lexsort((found.rows[places], -scores[places]))][:top], scores

    def _similarities(self, vector: np.ndarray, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Of each row: cosine of its question and of its best passage, and that passage's unit; `rows` is sorted."""
        first = np.searchsorted(self._unit_rows, rows, side="left")
        last = np.searchsorted(self._unit_rows, rows, side="right")
        lengths = last - first
        owner = np.repeat(np.arange(len(rows)), lengths)
        numbers = np.arange(lengths.sum()) + np.repeat(first - np.concatenate([[0], np.cumsum(lengths)[:-1]]), lengths)
        similarity = self._embeddings[numbers] @ vector
        is_question = self._units["kind"][numbers] == QUESTION
        question_score = np.full(len(rows), -np.inf)
        question_score[owner[is_question]] = similarity[is_question]
        passages, owners, scores = numbers[~is_question], owner[~is_question], similarity[~is_question]
        # Sorted by owner, then worst first: what is written last is each owner's best passage.
        order = np.lexsort((-passages, scores, owners))
        passage_score = np.full(len(rows), -np.inf)
        best_passage = np.zeros(len(rows), dtype=np.int64)
        passage_score[owners[order]] = scores[order]
        best_passage[owners[order]] = passages[order]
        return question_score, passage_score, best_passage
