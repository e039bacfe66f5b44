"""`Searcher`: a question and filters in, ranked answers out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

import numpy as np

from corpus.audience import Fit, asked_for, fit, note_for
from corpus.clean import clean_line, folded
from corpus.emergencies import find_emergencies
from corpus.fillers import without_fillers
from corpus.segment import lexical_tokens
from corpus.spelling import Change, put_right, warm_up
from corpus.synonyms import synonyms_of
from index import answers, units, vectors, words
from index.agreement import find_agreement, topics_of
from index.answer_vectors import AnswerVectors
from index.answers import AnswerStore, Filters
from index.check import segmentation_identity
from index.encoder import TextEncoder, load_encoder
from index.explain import ArmScores, Explainer
from index.fuse import fuse_parts, fusion_of
from index.generation import IndexFolder
from index.group import Group, group_answers
from index.manifest import Generation, IndexFolderError, Manifest
from index.ranked_answer import RankedAnswer
from index.relevance import calibration_of
from index.results import Result, Results
from index.units import EMBEDDINGS, QUESTION
from index.vectors import VectorIndex
from index.words import WordIndex

#: Candidates each arm brings to the fusion: units for the vector arm, records for the lexical one.
CANDIDATES = 200
#: Share of BM25 that a synonym of the question's words counts, beside the words themselves.
SYNONYM_WEIGHT = 0.3
#: We are asked for doctors' answers: a page's own article, and a definition, must be that much better to stand before one.
KIND_WEIGHT = {"answer": 1.0, "article": 0.9, "disease": 0.7}
#: An answer for somebody else is worth this share of one for the asker. Of the values tried on half of the contrast pairs these put the wrong
#: person's record first in 17 % instead of 27 %; they cost 1.5 points of nDCG@10 on the starter questions, which safety is worth.
FIT_WEIGHT = {Fit.SAME: 1.0, Fit.NEAR: 0.8, Fit.PRESUMED: 0.5, Fit.UNSAID: 0.5, Fit.OTHER: 0.05}
#: Best-ranked records that are grouped at least, so that what is told under a result takes up no rank.
GROUPED = 60
#: Records that speak for agreement: those with this share of the best score, and no more than so many.
RELEVANT = 0.4
MOST_RELEVANT = 30
#: Share of the floor that is enough for a record which names what the question is about: best on floor_dev among 1, 1/2, 1/3, 1/5, 1/10.
NAMED = 1 / 3
#: Questions whose vectors stay at hand.
REMEMBERED = 32
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
        tokens: how many tokens of the question BM25 added up.
    """

    rows: np.ndarray
    by_words: np.ndarray
    by_vectors: np.ndarray
    lexical: np.ndarray
    question_similarity: np.ndarray
    passage_similarity: np.ndarray
    passage_units: np.ndarray
    share: np.ndarray
    tokens: int

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
        # A page asks for one question's candidates several times: for the answers, and for the counts beside each filter.
        self._vector_of = lru_cache(maxsize=REMEMBERED)(lambda text: encoder.encode_questions([text])[0])
        self.fusion = fusion_of(encoder.fingerprint)
        self.calibration = calibration_of(encoder.fingerprint)
        path = generation.path
        self.store = AnswerStore(path / answers.FILE)
        self._vectors = VectorIndex.open(path / vectors.FILE)
        self._words = WordIndex.open(path / words.FOLDER)
        # Plain views of the maps: numpy takes ten times as long to slice its own kind of map.
        self._embeddings = np.asarray(np.load(path / EMBEDDINGS, mmap_mode="r", allow_pickle=False))
        self._units = np.asarray(np.load(path / units.FILE, mmap_mode="r", allow_pickle=False))
        self._unit_rows = self._units["row"].astype(np.int64)
        self._answer_vectors = AnswerVectors(self._units, self._unit_rows, self._embeddings)
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
        red_flags = find_emergencies(question)
        for_whom = asked_for(prepared)
        found = self.candidates(prepared, filters)
        order, scores = self.rank(found, len(found.rows), arm)
        candidates, groups = self._grouped(found.rows[order].tolist(), top)
        explainer = Explainer(prepared, self._arm_scores(found, arm))
        probabilities = self.probabilities(found)
        results: list[Result] = []
        for group in groups:
            best = candidates[group.members[0]]
            place, record = order[group.members[0]], best.record
            start, end = (int(self._units[part][found.passage_units[place]]) for part in ("start", "end"))
            explanation = explainer.explain(int(place), record)
            results.append(
                Result(
                    rank=len(results) + 1,
                    score=float(scores[place]),
                    record=record,
                    passage=record.answer[start:end],
                    passage_start=start,
                    passage_end=end,
                    matched=explanation.matched,
                    dense=explanation.dense,
                    lexical=explanation.bm25,
                    audience=best.audience,
                    audience_note=note_for(for_whom, best.audience),
                    similar=tuple(candidates[member].record for member in group.members[1:]),
                    similar_note=group.note,
                    explanation=explanation,
                    probability=None if probabilities is None else float(probabilities[place]),
                )
            )
        relevant = min(int(np.count_nonzero(scores[order] >= RELEVANT * scores[order[:1]].sum())), MOST_RELEVANT)
        answered = self._is_answered(prepared, results)
        agreement = find_agreement(prepared, candidates[:relevant], for_whom) if answered else ()
        return Results(
            question,
            prepared,
            self.generation_name,
            tuple(results),
            asked.shortened,
            red_flags,
            for_whom,
            asked.corrections,
            agreement,
            answered=answered,
        )

    def candidates(self, prepared: str, filters: Filters | None = None) -> Candidates:
        """What both arms find for a prepared question (`prepare_question`), each candidate scored by both."""
        allowed = self.store.allowed(filters or Filters())
        vector = self._vector_of(prepared[: units.MAX_QUESTION])
        tokens = lexical_tokens(without_fillers(prepared))
        others = dict.fromkeys(token for word in synonyms_of(prepared) for token in lexical_tokens(word))
        asked = self._words.ask(tokens, list(others), SYNONYM_WEIGHT)
        word_rows, _ = asked.best(CANDIDATES, allowed)
        near_units, _ = self._vectors.search(vector, CANDIDATES, None if allowed is None else allowed[self._unit_rows])
        vector_rows = np.unique(self._unit_rows[near_units])
        rows = np.union1d(vector_rows, word_rows)
        question_similarity, passage_similarity, passage_units = self._similarities(vector, rows)
        kinds = np.array([KIND_WEIGHT[kind] for kind in self.store.kinds(rows.tolist())])
        for_whom = asked_for(prepared)
        audiences = self.store.audiences(rows.tolist())
        fit_of = {audience: fit(for_whom, audience) for audience in set(audiences)}  # few differ
        fits = [fit_of[audience] for audience in audiences]
        # An answer that stands without its question mostly does not repeat for whom it is.
        silent = ~np.isfinite(question_similarity)
        fit_weights = [1.0 if found is Fit.UNSAID and alone else FIT_WEIGHT[found] for found, alone in zip(fits, silent, strict=True)]
        return Candidates(
            rows=rows,
            by_words=np.isin(rows, word_rows),
            by_vectors=np.isin(rows, vector_rows),
            lexical=asked.scores(rows),
            question_similarity=question_similarity,
            passage_similarity=passage_similarity,
            passage_units=passage_units,
            share=kinds * np.array(fit_weights),
            tokens=len(tokens),
        )

    def rank(self, found: Candidates, top: int, arm: Arm = Arm.FUSED) -> tuple[np.ndarray, np.ndarray]:
        """Places among the candidates, the best `top` in order, and the score of every candidate [candidates].

        An arm by itself ranks only what it found.
        """
        scores = found.share * np.sum(self.parts(found, arm), axis=0)
        allowed = {Arm.WORDS: found.by_words, Arm.VECTORS: found.by_vectors}.get(arm, found.by_words | found.by_vectors)
        places = np.flatnonzero(allowed)
        return places[np.lexsort((found.rows[places], -scores[places]))][:top], scores

    def parts(self, found: Candidates, arm: Arm = Arm.FUSED) -> tuple[np.ndarray, np.ndarray]:
        """What vectors and words each give to a candidate's score, before kind and person take their share, float64 [candidates]."""
        dense = found.dense(self.fusion.question_weight)
        floor = float(dense[found.by_vectors].min(initial=np.inf))
        has_question = np.isfinite(found.question_similarity)
        fitted = np.where(has_question, self.fusion.word_weight, self.fusion.answer_word_weight)
        word_weight = {Arm.WORDS: 1.0, Arm.VECTORS: 0.0}.get(arm, fitted)
        return fuse_parts(dense, found.lexical, dense_floor=floor, word_weight=word_weight)

    def probabilities(self, found: Candidates) -> np.ndarray | None:
        """How likely each candidate answers the question, float64 [candidates]; None for an encoder that nothing was fitted for."""
        if self.calibration is None:
            return None
        return self.calibration.probabilities(found.question_similarity, found.passage_similarity, found.lexical, found.tokens)

    def _is_answered(self, prepared: str, results: list[Result]) -> bool:
        """Whether one of the results is likely enough; without a calibration, whether there is one at all.

        Probabilities were fitted on one corpus; in another the same words weigh differently. So a record that names what the
        question is about is believed from a share of the floor.
        """
        if self.calibration is None:
            return bool(results)
        floors = self.calibration.answer_floor, self.calibration.floor
        topics = topics_of(prepared)
        for result in results:
            record, probability = result.record, result.probability or 0.0
            floor = floors[bool(record.question)]
            if probability >= floor:
                return True
            if probability >= floor * NAMED and topics:
                text = folded(f"{record.question}\n{record.answer}")
                if any(topic in text for topic in topics):
                    return True
        return False

    def _arm_scores(self, found: Candidates, arm: Arm) -> ArmScores:
        return ArmScores.of(
            question_similarity=found.question_similarity,
            passage_similarity=found.passage_similarity,
            dense=found.dense(self.fusion.question_weight),
            bm25=found.lexical,
            parts=self.parts(found, arm),
            found=(found.by_vectors, found.by_words),
        )

    def _grouped(self, rows: list[int], top: int) -> tuple[list[RankedAnswer], list[Group]]:
        """The best of these ranked rows as candidates, and their groups: `top` of them where there are as many."""
        size = max(GROUPED, 2 * top)
        while True:
            pool = rows[:size]
            read = (self.store.get(pool), self.store.audiences(pool), self.store.points(pool))
            candidates = [RankedAnswer(*parts) for parts in zip(*read, *self._answer_vectors.of(pool), strict=True)]
            groups = group_answers(candidates, self._answer_vectors.background)
            if len(groups) >= top or size >= len(rows):
                return candidates, groups[:top]
            size *= 2

    def _similarities(self, vector: np.ndarray, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Of each row: cosine of its question and of its best passage, and that passage's unit."""
        numbers, owner = units.units_of_rows(self._unit_rows, rows)
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
