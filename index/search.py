"""`Searcher`: a question and filters in, ranked answers out."""

from __future__ import annotations

import re
import weakref
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache, partial
from pathlib import Path

import numpy as np

from corpus.audience import Fit, asked_for, fit, note_for
from corpus.clean import clean_line, folded, search_key
from corpus.emergencies import find_emergencies
from corpus.fillers import without_fillers
from corpus.ruled_out import without_ruled_out
from corpus.segment import lexical_tokens, together
from corpus.spelling import Change, put_right, warm_up
from corpus.synonyms import synonyms_of
from corpus.values import Value, contradicts, value_pairs, values_of
from index.agreement import body_parts_of, find_agreement, topics_of
from index.answering import are_answering
from index.answers import Filters
from index.arrays import unit_rows
from index.check import segmentation_identity
from index.embed import embed_texts
from index.encoder import TextEncoder, load_encoder, token_encoder
from index.explain import ArmScores, Explainer
from index.fuse import fuse_parts, fusion_of
from index.generation import IndexFolder
from index.group import Group, group_answers
from index.health import ELSEWHERE, health_topic_of
from index.late_interaction import LOOKED_AT, second_look, taken_up
from index.local import LocalIndex
from index.manifest import Generation, IndexFolderError, Manifest
from index.opened import Asked, Found, OpenIndex
from index.ranked_answer import RankedAnswer
from index.relevance import MIDDLE, Evidence, calibration_of
from index.results import Result, Results
from index.token_codes import decode

#: Candidates each arm brings to the fusion: units for the vector arm, records for the lexical one.
CANDIDATES = 200
#: Share of BM25 that a synonym of the question's words counts, beside the words themselves.
SYNONYM_WEIGHT = 0.3
#: We are asked for doctors' answers: a page's own article, and a definition, must be that much better to stand before one.
KIND_WEIGHT = {"answer": 1.0, "article": 0.9, "disease": 0.7}
#: An answer for somebody else is worth this share of one for the asker, and stands behind every relevant one for them (`_fitting_first`).
#: Tried on the fitting half of the contrast pairs and of the starter questions.
FIT_WEIGHT = {Fit.SAME: 1.0, Fit.NEAR: 0.8, Fit.PRESUMED: 0.5, Fit.UNSAID: 0.5, Fit.OTHER: 0.05}
#: Best-ranked records that are grouped at least, so that what is told under a result takes up no rank.
GROUPED = 60
#: Best results among which one must be likely to answer, or the question counts as unanswered.
JUDGED = 10
#: Records that speak for agreement: those with this share of the best score, and no more than so many.
RELEVANT = 0.4
MOST_RELEVANT = 30
#: Characters of a question that are embedded. A long story says at its start who is ill and at its end what is asked: on the 62 of
#: haodf-dev's questions that are longer, nDCG@10 is 35.8 with half from either end, 30.9 with its start alone; 200 to 400 are alike.
EMBEDDED = 300
#: A record counts as an answer from this probability, or, where the likeliest has less, from this share of the likeliest's: 75 % of the judged
#: records that answer are in the list, and 30 % of the judged ones in it answer (78 and 27 % with .1).
LISTED, OF_THE_LIKELIEST = 0.15, 0.3
#: From which probability, or from which share of the likeliest's, a record for the asker stands before every one for somebody else; and
#: before one for a neighbouring stage of life or the other sex, which is of use to them too (`docs/RANKING.md`).
BEFORE_OTHERS, BEFORE_NEAR = (0.05, 0.3), (0.12, 0.4)
#: Questions whose vectors stay at hand.
REMEMBERED = 32
#: Characters of a question that are searched; people paste whole stories, and the danger is rarely after the first page.
MAX_QUESTION = 2_000


class Arm(StrEnum):
    """Which scores rank; people are answered with `RERANKED`, which is `FUSED` where an index keeps no vectors of tokens for a second look at the best;
    the others are for measuring.
    """

    WORDS = "words"
    VECTORS = "vectors"
    FUSED = "fused"
    RERANKED = "reranked"


class QuestionError(ValueError):
    """A question that cannot be searched; the message (Chinese) is shown to whoever asked."""


@dataclass(frozen=True, slots=True)
class Candidates(Found):
    """What the index found for a question, and what is left of each record's score for whom it addresses.

    Attributes:
        share: what is left of a score for the record's kind and for whom it addresses, float [candidates].
        for_whom: the groups of the person whom the question is about.
        fits: whether nothing speaks against it for whom the question is asked, bool [candidates]; all, where it does not say for whom.
        near: whether it is for a neighbouring stage of life or the other sex and nothing else speaks against it, bool [candidates].
        tokens: how many tokens of the question BM25 added up.
        length: characters of the question.
        health: log-odds that the question is about health (`index.health`); 0 for an encoder that nothing was fitted for.
        asked_tokens: the vectors of the question's tokens, float32 [tokens, dimension]; None where no second look can be taken.
        values: the values in the question that mean something for that person.
        contrary: which candidates are about the other side of such a value (`corpus.values`), bool [candidates]; None for none.
    """

    share: np.ndarray
    for_whom: tuple[str, ...]
    fits: np.ndarray
    near: np.ndarray
    tokens: int
    length: int
    health: float
    asked_tokens: np.ndarray | None
    values: tuple[Value, ...] = ()
    contrary: np.ndarray | None = None

    @property
    def evidence(self) -> Evidence:
        """What the probability of each candidate is told from."""
        similarities = self.question_similarity, self.passage_similarity
        return Evidence(*similarities, self.lexical, tokens=self.tokens, length=self.length, health=self.health)

    def dense(self, question_weight: float) -> np.ndarray:
        """Both similarities joined, float [candidates]; a record without a question scores by its best passage."""
        own = np.where(np.isfinite(self.question_similarity), self.question_similarity, self.passage_similarity)
        return question_weight * own + (1 - question_weight) * self.passage_similarity


@dataclass(frozen=True, slots=True)
class PreparedQuestion:
    """A question as it is searched.

    Attributes:
        text: cleaned, cut to `MAX_QUESTION` characters of its beginning and its end, then put right (`corpus.spelling`).
        shortened: whether it had to be cut.
        corrections: the words that were put right.
    """

    text: str
    shortened: bool
    corrections: tuple[Change, ...]


def both_ends(text: str, most: int) -> str:
    """At most that many characters: half from the beginning, half from the end, where a long story says what it asks and what just happened."""
    return text if len(text) <= most else text[: most // 2] + text[len(text) - (most - most // 2) :]


def prepare_question(question: str) -> PreparedQuestion:
    """Clean a question, cut it and put it right.

    Raises:
        QuestionError: nothing in it can be searched.
    """
    # Cleaning costs time with the length, so what is far too long is cut before.
    cleaned = clean_line(both_ends(question, 4 * MAX_QUESTION))
    if not cleaned:
        raise QuestionError("问题里没有文字，请写下想问的内容")
    if not re.search(r"\w", cleaned):
        raise QuestionError("问题里没有可以搜索的文字")
    corrected = put_right(both_ends(cleaned, MAX_QUESTION))
    return PreparedQuestion(corrected.text, len(cleaned) > MAX_QUESTION or len(question) > 4 * MAX_QUESTION, corrected.changes)


@lru_cache(maxsize=REMEMBERED)
def asked_part(prepared: str) -> str:
    """What of a prepared question is searched: no fillers, and no illness that it says is not there."""
    return without_ruled_out(without_fillers(prepared))


def embedded_part(prepared: str) -> str:
    """What is embedded of a prepared question: all that is searched, or `EMBEDDED` characters, half from its start and half from its end."""
    asked = asked_part(prepared)
    half = EMBEDDED // 2
    return asked if len(asked) <= EMBEDDED else f"{asked[:half]}\n{asked[-half:]}"


def encode_question(encoder: TextEncoder, with_tokens: bool, text: str) -> tuple[np.ndarray, np.ndarray | None]:
    """The vector of a question [dimension], and those of its tokens [tokens, dimension] where they are wanted and the encoder gives them."""
    vectors, codes = embed_texts(encoder, [text], is_question=True, with_tokens=with_tokens)
    # Rounded as an index's are: so a question whose tokens a cache has kept ranks as one that is encoded now.
    return vectors[0], None if codes is None else unit_rows(decode(codes[0], encoder.dimension))


class Searcher:
    """Answers questions from one generation. Safe for concurrent use."""

    def __init__(self, index: Generation | OpenIndex, encoder: TextEncoder, *, warm: bool = True) -> None:
        """Over an open index, or a generation on disk that has been verified.

        Args:
            index: the index.
            encoder: the one that it was built with.
            warm: load the tables of every kind of question now, right for a server; else each waits for a question that needs it.

        Raises:
            IndexFolderError: the index was built with another encoder or another lexicon.
        """
        expected = index.manifest.encoder["fingerprint"]
        if encoder.fingerprint != expected:
            raise IndexFolderError(
                f"索引 {index.name} 是用另一个编码器建的（索引 {expected}，现在 {encoder.fingerprint}）。"
                "请用当初的编码器，或运行 python scripts/rebuild_index.py 重建"
            )
        if index.manifest.segmentation != segmentation_identity():
            raise IndexFolderError(
                f"索引 {index.name} 是用另一版词典或 jieba 建的。请运行 python scripts/rebuild_index.py 重建（未变的嵌入会沿用，很快）"
            )
        self._index: OpenIndex = LocalIndex(index) if isinstance(index, Generation) else index
        # A page asks for one question's candidates several times: for the answers, and for the counts beside each filter.
        self._encoded = lru_cache(maxsize=REMEMBERED)(partial(encode_question, encoder, self._index.has_tokens))
        # Weakly, or the searcher would hold itself, and with it a generation that a builder waits to delete.
        likeliest = weakref.WeakMethod(self._likeliest)
        self._best_probability_of = lru_cache(maxsize=REMEMBERED)(lambda prepared: likeliest()(prepared))  # type: ignore[misc]
        self._gives_tokens = token_encoder(encoder) is not None
        self.fusion = fusion_of(encoder.fingerprint)
        self.calibration = calibration_of(encoder.fingerprint)
        self.health_topic = health_topic_of(encoder.fingerprint)
        self.store = self._index.store
        if warm:
            warm_up()

    @staticmethod
    def open(folder: Path, encoder: TextEncoder | None = None, *, warm: bool = True) -> Searcher:
        """The published generation of an index folder, with the encoder it was built with; `warm` as for the searcher itself.

        Raises:
            IndexFolderError: there is no index, or none that is whole.
            EncoderError: the encoder cannot be loaded.
        """
        generation = IndexFolder(folder).open()
        return Searcher(generation, encoder or load_encoder(generation.manifest.encoder["name"], threads=1), warm=warm)

    @property
    def background(self) -> float:
        """The cosine that any two answers of the index have."""
        return self._index.background

    @property
    def takes_second_look(self) -> bool:
        """Whether the index and the encoder have what a second look needs."""
        return self._index.has_tokens and self._gives_tokens

    @property
    def generation_name(self) -> str:
        """The generation that answers."""
        return self._index.name

    @property
    def manifest(self) -> Manifest:
        """What that generation says of itself."""
        return self._index.manifest

    def search(
        self, question: str, *, top: int = 10, filters: Filters | None = None, arm: Arm = Arm.RERANKED, also: Collection[int] = frozenset()
    ) -> Results:
        """The `top` records that answer the question best, among those that pass the filters.

        Args:
            question: as it was typed.
            top: results wanted; answers that say the same are one.
            filters: what a record must have.
            arm: whose scores rank.
            also: rows of records that are wanted however low they rank; those found follow the `top` in their order. None of them is
                told under another record, nor another under one of them: who counts them counts what is told.

        Raises:
            QuestionError: nothing in the question can be searched.
        """
        asked = prepare_question(question)
        prepared = asked.text
        red_flags = find_emergencies(question)
        found = self.candidates(prepared, filters)
        for_whom = found.for_whom
        order, scores = self.rank(found, len(found.rows), arm)
        order, candidates, ranked = self._grouped(found.rows, order, top, also)
        wanted = np.isin(found.rows[order], list(also))
        groups = ranked[:top] + [group for group in ranked[top:] if wanted[group.members[0]]]
        explainer = Explainer(asked_part(prepared), self._arm_scores(found, arm, scores), value_pairs(found.values, prepared))
        probabilities = self.probabilities(found)
        results: list[Result] = []
        for group in groups:
            best = candidates[group.members[0]]
            place, record = order[group.members[0]], best.record
            start, end = found.passage_spans[place].tolist()
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
        relevant = min(int(np.count_nonzero(scores[order] >= RELEVANT * scores[order].max(initial=0.0))), MOST_RELEVANT)
        answering = are_answering(self, found, prepared, filters)[order]
        # Whoever asks for one result, or for fifty, is told the same.
        answered = any(answering[group.members[0]] for group in ranked[:JUDGED])
        # What ranks high is not yet an answer: where a corpus lacks one, the nearest records agree on somebody else's illness.
        # A complaint or disease by name keeps them apart (`find_agreement`); a part of the body, or danger, lets only the likeliest speak.
        topics = topics_of(prepared)
        is_named = bool(topics) and not (topics & body_parts_of(prepared)) and not red_flags
        likely = answering if probabilities is None or is_named else answering & (probabilities[order] >= MIDDLE)
        speaking = [candidate for candidate, speaks in zip(candidates[:relevant], likely[:relevant], strict=True) if speaks]
        only_near = probabilities is not None and not any(probabilities[order[group.members[0]]] >= MIDDLE for group in ranked[:JUDGED])
        # Where nothing is more than near, what several say is about something else.
        agreement = find_agreement(prepared, speaking, for_whom) if answered and not only_near else ()
        return Results(
            question,
            prepared,
            self.generation_name,
            tuple(results),
            asked.shortened,
            red_flags,
            for_whom,
            asked.corrections,
            tuple(value for value in found.values if search_key(value.words[0]) not in search_key(prepared)),
            agreement,
            answered=answered,
            off_topic=not (answered or red_flags) and found.health < ELSEWHERE,
            only_near=only_near,
        )

    def candidates(self, prepared: str, filters: Filters | None = None) -> Candidates:
        """What both arms find for a prepared question (`prepare_question`), each candidate scored by both."""
        for_whom = asked_for(prepared)
        values = values_of(prepared, for_whom)
        meant = list(dict.fromkeys(word for _, word in value_pairs(values, prepared)))
        vector, asked_tokens = self._encoded("，".join((embedded_part(prepared), *meant)))
        searched = asked_part(prepared)
        tokens = lexical_tokens(searched)
        others = [token for word in (*meant, *synonyms_of(together(search_key(searched)))) for token in lexical_tokens(word)]
        asked = Asked(vector, tokens, list(dict.fromkeys(others)), SYNONYM_WEIGHT)
        found = self._index.find(asked, CANDIDATES, filters or Filters())
        rows = found.rows
        kinds = np.array([KIND_WEIGHT[kind] for kind in self.store.kinds(rows.tolist())])
        audiences = self.store.audiences(rows.tolist())
        fit_of = {audience: fit(for_whom, audience) for audience in set(audiences)}  # hundreds of candidates, few audiences
        fits = [fit_of[audience] for audience in audiences]
        # An answer that stands without its question mostly does not repeat for whom it is.
        silent = ~np.isfinite(found.question_similarity)
        weights = np.array(
            [1.0 if suited is Fit.UNSAID and alone else FIT_WEIGHT[suited] for suited, alone in zip(fits, silent, strict=True)]
        )
        contrary = self._contrary(values, prepared, rows)
        if contrary is not None:
            weights = np.where(contrary, np.minimum(weights, FIT_WEIGHT[Fit.UNSAID]), weights)
        return Candidates(
            rows=rows,
            by_words=found.by_words,
            by_vectors=found.by_vectors,
            lexical=found.lexical,
            question_similarity=found.question_similarity,
            passage_similarity=found.passage_similarity,
            passage_spans=found.passage_spans,
            share=kinds * weights,
            for_whom=for_whom,
            fits=weights >= FIT_WEIGHT[Fit.SAME],
            near=weights == FIT_WEIGHT[Fit.NEAR],
            tokens=len(tokens),
            length=len(prepared),
            health=self.health_topic.log_odds(vector) if self.health_topic else 0.0,
            asked_tokens=asked_tokens,
            values=values,
            contrary=contrary,
        )

    def _contrary(self, values: tuple[Value, ...], prepared: str, rows: np.ndarray) -> np.ndarray | None:
        """Which records are about the other side of a value that was typed, bool [rows]; None where there is no other side."""
        if not any(value.contrary for value in values):
            return None
        asked = search_key(prepared)
        return np.array([contradicts(values, asked, folded(record.question)) for record in self.store.get(rows.tolist())], dtype=bool)

    def rank(self, found: Candidates, top: int, arm: Arm = Arm.FUSED) -> tuple[np.ndarray, np.ndarray]:
        """Places among the candidates, the best `top` in order, and the score of every candidate [candidates].

        An arm by itself ranks only what it found. Where no second look can be taken (`takes_second_look`), the fused scores rank.
        """
        scores = found.share * np.sum(self.parts(found, arm), axis=0)
        if arm is Arm.RERANKED:
            scores = self._looked_at_again(found, scores)
        allowed = {Arm.WORDS: found.by_words, Arm.VECTORS: found.by_vectors}.get(arm, found.by_words | found.by_vectors)
        places = np.flatnonzero(allowed)
        order = places[np.lexsort((found.rows[places], -scores[places]))]
        return self._fitting_first(found, order)[:top], scores

    def _looked_at_again(self, found: Candidates, scores: np.ndarray) -> np.ndarray:
        """The scores with those of the best records that have a question given out anew, among records worth the same to the asker."""
        best = np.lexsort((found.rows, -scores))[:LOOKED_AT]
        best = best[np.isfinite(found.question_similarity[best])]
        if found.asked_tokens is None or len(best) < 2:
            return scores
        asked = found.asked_tokens
        codes = self._index.token_codes(found.rows[best].tolist(), found.passage_spans[best, 0].tolist())
        alike = np.array([taken_up(asked, decode(one, asked.shape[1])) for one in codes])
        scores = scores.copy()
        for share in np.unique(found.share[best]):
            same = found.share[best] == share
            scores[best[same]] = second_look(scores[best[same]], alike[same])
        return scores

    def _fitting_first(self, found: Candidates, order: np.ndarray) -> np.ndarray:
        """The same places; whoever a question is asked for, no record for somebody else stands before a relevant one for them.

        A weight alone does not do it: a record that repeats the question word for word can score twice as much as the right one.
        """
        if found.fits.all():
            return order
        probabilities = self.probabilities(found)
        if probabilities is None:
            return order
        likeliest = float(probabilities.max(initial=0.0))
        place = np.arange(len(order), dtype=np.float64)
        for (least, share), behind in ((BEFORE_OTHERS, ~found.fits & ~found.near), (BEFORE_NEAR, found.near)):
            # What is about something else helps nobody, for whomever it was written.
            before = np.flatnonzero((found.fits & (probabilities >= min(least, share * likeliest)))[order])
            if len(before):
                moved = behind[order] & (place < before[-1])
                place[moved] = before[-1] + 0.5
        return order[np.argsort(place, kind="stable")]

    def parts(self, found: Candidates, arm: Arm = Arm.FUSED) -> tuple[np.ndarray, np.ndarray]:
        """What vectors and words each give to a candidate's score, before kind and person take their share, float64 [candidates]."""
        dense = found.dense(self.fusion.question_weight)
        floor = self.fusion.dense_floor(dense, found.by_vectors)
        has_question = np.isfinite(found.question_similarity)
        fitted = np.where(has_question, self.fusion.word_weight, self.fusion.answer_word_weight)
        word_weight = {Arm.WORDS: 1.0, Arm.VECTORS: 0.0}.get(arm, fitted)
        return fuse_parts(dense, found.lexical, dense_floor=floor, word_weight=word_weight)

    def probabilities(self, found: Candidates) -> np.ndarray | None:
        """How likely each candidate answers the question, float64 [candidates]; None for an encoder that nothing was fitted for.

        One about the other side of a typed value does not, however near it lies.
        """
        if self.calibration is None:
            return None
        likely = self.calibration.probabilities(found.evidence, background=self.background)
        return likely if found.contrary is None else np.where(found.contrary, 0.0, likely)

    def floors(self, found: Candidates, best: float) -> np.ndarray:
        """From which probability each candidate counts as an answer, float64 [candidates]; 0 without a calibration.

        One that does not reach the calibration's floor answers nothing. But a floor asks whether there is any answer, and for answers alone
        it lies low where the question surely is about health: whatever is related would count. So a record must also be likely by itself,
        or nearly as likely as the likeliest.

        Args:
            found: the candidates.
            best: the probability of the likeliest.
        """
        if self.calibration is None:
            return np.zeros(len(found.rows))
        least = min(LISTED, OF_THE_LIKELIEST * best)
        return np.maximum(self.calibration.floors(np.isfinite(found.question_similarity), found.health), least)

    def best_probability(self, prepared: str) -> float:
        """The probability of the likeliest candidate of the whole index for a prepared question; 0 where nobody can tell."""
        return self._best_probability_of(prepared)

    def _likeliest(self, prepared: str) -> float:
        probabilities = self.probabilities(self.candidates(prepared))
        return 0.0 if probabilities is None else float(probabilities.max(initial=0.0))

    def _arm_scores(self, found: Candidates, arm: Arm, scores: np.ndarray) -> ArmScores:
        parts = self.parts(found, arm)
        return ArmScores.of(
            question_similarity=found.question_similarity,
            passage_similarity=found.passage_similarity,
            dense=found.dense(self.fusion.question_weight),
            bm25=found.lexical,
            parts=parts,
            found=(found.by_vectors, found.by_words),
            looks=(found.share * np.sum(parts, axis=0), scores),
        )

    def _grouped(
        self, rows: np.ndarray, order: np.ndarray, top: int, also: Collection[int]
    ) -> tuple[np.ndarray, list[RankedAnswer], list[Group]]:
        """The best of the ranked places, and those of the rows in `also`; these as candidates; and their groups, best first.

        At least `top` and `JUDGED` groups where there are as many. A group's members count in the places, and are all in `also` or
        none is.
        """
        top = max(top, JUDGED)
        size = max(GROUPED, 2 * top)
        further = np.isin(rows[order], list(also))
        while True:
            taken = further | (np.arange(len(order)) < size)
            places = order[taken]
            pool = rows[places].tolist()
            read = (self.store.get(pool), self.store.audiences(pool), self.store.points(pool))
            candidates = [RankedAnswer(*parts) for parts in zip(*read, *self._index.answer_vectors(pool), strict=True)]
            groups = group_answers(candidates, self._index.background, apart=further[taken])
            if len(groups) >= top or size >= len(order):
                return places, candidates, groups
            size *= 2
