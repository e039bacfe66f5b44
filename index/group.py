"""Answers that say the same, told once: later ones are told under the best-ranked.

Two answers say the same where their wording is nearly the same, or where their vectors are very near and they make the same
points. Near is not enough by itself: an answer for a child beside one for an adult, 热敷 beside 不要热敷, or 5 毫升 beside 10
毫升 are as near as two vectors come. So both ways ask first whether anything tells the answers apart, and in doubt two
alike answers stay apart, which costs a reader less than an answer that is hidden under another.

An answer joins the best-ranked group that it matches the first answer of, never another member's, so that no chain of
small steps leads from one answer to quite another.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from corpus.clean import folded
from corpus.lexicon import load_stopwords
from corpus.points import Mention, opposites
from corpus.record import DoctorAnswer
from corpus.segment import words
from corpus.stance import Stance
from index.ranked_answer import RankedAnswer
from index.sources import Sources, sources_of

#: Share of character trigrams that two answers have in common (Jaccard), from which their wording may be the same.
SAME_WORDING = 0.75
#: Share of an answer that its source cut off with which a longer one must begin to be the same answer; the cut may leave half a word.
CONTAINED = 0.97
#: How near the vectors of two answers and of their questions must be to mean the same: cosines, scaled so that 0 is what any
#: two answers of the index have and 1 is equality. Cosines themselves mean something else with every encoder.
SAME_MEANING = 0.72
SAME_QUESTION = 0.6
#: Answers further apart than this, by the same measure, are not compared at all.
NEAR = 0.6
#: Share of trigrams from which two wordings are so near that only what differs can tell whether they say the same: a doctor's
#: stock answer with another medicine in it shares nine trigrams of ten.
ALIKE_WORDING = 0.5
#: Of the points of the answer that makes fewer, the share that the other makes too, and the least number.
SHARED_POINTS = 0.6
LEAST_POINTS = 3

_NOT_A_LETTER = re.compile(r"[\W_]+")
#: What is said for courtesy and order; two answers that differ in it alone say the same.
_COURTESY = re.compile(
    "[您你]好|祝[您你]?.{0,8}?(?:健康|康复|愉快|平安)|希望.{0,14}?(?:帮助|帮到[您你])|谢谢|感谢[您你]的信任|不客气"
    "|病情摘要及初步印象|(?:病情|问题|病例)分析|意见建议|指导意见|总结建议|处置建议"
)
_LEAST_CUT = 40
_DOSE = re.compile(r"\d+(?:\.\d+)?\s*(?:mg|g|ml|iu|ug|μg|毫克|毫升|微克|克|片|粒|滴|袋|支|丸|单位)")
#: What an answer measures by: where two name values in one unit and none is the same, they draw the line at different places.
_MEASURE = re.compile(r"(\d+(?:\.\d+)?)\s*(厘米|毫米|cm|mm|度|℃|°c|%|个?月|周|天|岁|小时|分钟|次|mmhg|毫米汞柱)")
#: Sections of points in which two answers that mean the same do not differ at all.
_DONE = frozenset({"drug", "treatment", "procedure"})
#: Whom an answer is for, as far as a difference there keeps answers apart.
_SEX = frozenset({"男性", "女性"})


@dataclass(frozen=True, slots=True)
class Group:
    """Candidates that say the same.

    Attributes:
        members: places in the ranking, ascending; the first is the answer that is shown.
        sources: who gives these answers.
    """

    members: tuple[int, ...]
    sources: Sources

    @property
    def note(self) -> str:
        """`3 位医生给出相近回答`; empty for an answer that stands alone."""
        if len(self.members) < 2:
            return ""
        sources = self.sources
        if len(sources) == 1:
            return f"同一位医生的 {len(self.members)} 条相近回答" if sources.doctors else ""
        if sources.kind != "answer":
            return f"{sources.phrase()}相近"
        return (
            f"{sources.phrase()}给出相近回答"
            if sources.doctors and not (sources.answers or sources.examples)
            else f"{sources.phrase()}相近"
        )


def group_answers(candidates: Sequence[RankedAnswer], background: float, apart: np.ndarray | None = None) -> list[Group]:
    """Every candidate in exactly one group, groups in the order of their best member.

    Args:
        candidates: best first.
        background: the cosine that any two answers of the index have (`AnswerVectors.background`).
        apart: bool [candidates]; those where it holds share no group with the others. None keeps nobody apart.
    """
    cut_off = np.array([candidate.record.truncated for candidate in candidates], dtype=bool)
    close = (_nearness(candidates, background) >= NEAR) | cut_off | cut_off[:, None]
    if apart is not None:
        close &= apart == apart[:, None]
    members: dict[int, list[int]] = {}
    for place, candidate in enumerate(candidates):
        firsts = (first for first in np.flatnonzero(close[:place, place]).tolist() if first in members)
        leader = next((first for first in firsts if says_the_same(candidates[first], candidate, background)), place)
        members.setdefault(leader, []).append(place)
    return [Group(tuple(places), sources_of(candidates[place].record for place in places)) for places in members.values()]


def says_the_same(one: RankedAnswer, other: RankedAnswer, background: float) -> bool:
    """Whether two answers say the same to the same people."""
    first, second = one.record, other.record
    if first.kind != second.kind or _differ_in_person(one.audience, other.audience):
        return False
    if is_cut_off_copy(first, second):
        return True
    alike = _alikeness(first.answer, second.answer)
    if alike >= ALIKE_WORDING:
        return alike >= SAME_WORDING and _essence(first.answer) == _essence(second.answer)
    near = _scaled(float(one.vector @ other.vector), background)
    if first.kind == "disease":
        return near >= SAME_MEANING and folded(first.question) == folded(second.question)
    return near >= SAME_MEANING and _ask_the_same(one, other, background) and makes_same_points(one, other)


def is_cut_off_copy(one: DoctorAnswer, other: DoctorAnswer) -> bool:
    """Whether one answer is the other, cut off by its source."""
    cut, whole = sorted((one, other), key=lambda record: len(record.answer))
    if not cut.truncated:
        return False
    short, long = _letters(cut.answer), _letters(whole.answer)
    return len(short) >= _LEAST_CUT and long.startswith(short[: int(len(short) * CONTAINED)])


def makes_same_points(one: RankedAnswer, other: RankedAnswer) -> bool:
    """Whether two answers give the same advice, as far as their points show: none turned round, most of them shared, no other dose."""
    mine, theirs = one.points, other.points
    if _contradict(mine, theirs) or _differ_in_numbers(one.record.answer, other.record.answer):
        return False
    first, second = ({mention.point for mention in points} for points in (mine, theirs))
    fewer = min(len(first), len(second))
    return fewer >= LEAST_POINTS and len(first & second) >= SHARED_POINTS * fewer and _done(mine) == _done(theirs)


def _contradict(mine: Sequence[Mention], theirs: Sequence[Mention]) -> bool:
    """Whether one answer is for what the other is only against (or calls needless), or for its opposite alone."""
    first, second = _stances(mine), _stances(theirs)
    if any(first[concept].isdisjoint(second[concept]) for concept in first.keys() & second.keys()):
        return True
    points = [{mention.point for mention in mentions} for mentions in (mine, theirs)]
    only = points[0] - points[1], points[1] - points[0]
    return any((one, other) in opposites() for one in only[0] for other in only[1])


def _stances(mentions: Sequence[Mention]) -> dict[str, set[Stance]]:
    found: dict[str, set[Stance]] = {}
    for mention in mentions:
        found.setdefault(mention.concept, set()).add(mention.stance)
    return found


def _done(mentions: Sequence[Mention]) -> frozenset[str]:
    """The medicines and treatments that an answer is for or against."""
    return frozenset(mention.point for mention in mentions if mention.section in _DONE)


def _differ_in_numbers(one: str, other: str) -> bool:
    """Whether two answers give different doses, or measure by one unit and agree on no value."""
    first, second = folded(one), folded(other)
    if set(_DOSE.findall(first)) != set(_DOSE.findall(second)):
        return True
    mine, theirs = (_values(key) for key in (first, second))
    return any(mine[unit].isdisjoint(theirs[unit]) for unit in mine.keys() & theirs.keys())


def _values(key: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for value, unit in _MEASURE.findall(key):
        found.setdefault(unit, set()).add(value)
    return found


def _differ_in_person(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether two answers are for different people; a sex that only one of them names is no difference."""
    first, second = set(one), set(other)
    sexes = first & _SEX, second & _SEX
    return first - _SEX != second - _SEX or (all(sexes) and sexes[0] != sexes[1])


def _ask_the_same(one: RankedAnswer, other: RankedAnswer, background: float) -> bool:
    """Whether two answers reply to near questions; where one stands without, its text alone must do."""
    if one.question is None or other.question is None:
        return True
    return _scaled(float(one.question @ other.question), background) >= SAME_QUESTION


def _scaled(cosine: float, background: float) -> float:
    return (cosine - background) / max(1.0 - background, 1e-9)


def _nearness(candidates: Sequence[RankedAnswer], background: float) -> np.ndarray:
    """How near the answers' vectors are, scaled, float [candidates, candidates]."""
    if not candidates:
        return np.zeros((0, 0))
    vectors = np.stack([candidate.vector for candidate in candidates])
    return (vectors @ vectors.T - background) / max(1.0 - background, 1e-9)


@functools.lru_cache(maxsize=8192)
def _letters(answer: str) -> str:
    return _NOT_A_LETTER.sub("", folded(answer))


@functools.lru_cache(maxsize=8192)
def _trigrams(answer: str) -> frozenset[str]:
    """Character trigrams of an answer's letters and digits; the text itself where it has fewer than three."""
    letters = _letters(answer)
    return frozenset(letters[at : at + 3] for at in range(len(letters) - 2)) or frozenset((letters,))


def _alikeness(one: str, other: str) -> float:
    """Jaccard coefficient of the trigrams of two answers."""
    first, second = _trigrams(one), _trigrams(other)
    shared = len(first & second)
    return shared / (len(first) + len(second) - shared)


@functools.lru_cache(maxsize=8192)
def _essence(answer: str) -> tuple[str, ...]:
    """The words of an answer in order, without courtesies and stop words; what is left may turn the advice, and so may its order."""
    stop = load_stopwords()
    return tuple(word for word in words(_COURTESY.sub(" ", answer)) if word not in stop)
