"""What a typed question says of its own words, clause by clause: is this happening, now, to a human being?

The same words are an emergency in one sentence and none in the next: 没有胸痛, 去年中风过, 电影里, 什么是休克, 怕以后猝死,
狗狗抽搐. So every word that the rules of `corpus.red_flags` find is asked here whether it counts. The answer is worked
out by the clause and not by the whole question, because people tell a danger in the middle of a long story.

How it is read. A question is cut into clauses (`corpus.clauses`). Four things carry over from clause to clause: a frame (a film, an
examination, hearsay: `corpus.happening.stories`) until somebody real appears; a past date (`corpus.happening.when`) until the last word of how it ended; an animal
(`corpus.happening.animals`) until a human being appears; and a doctor's all-clear (`corpus.happening.endings`), which reaches back over what was told before it.
Everything else holds in its own clause only.
In doubt a word counts, because a needless warning costs less than a missed one.
"""

from __future__ import annotations

import bisect
import re
from dataclasses import dataclass

from corpus.clauses import split_clauses, split_segments
from corpus.happening.animals import mark_animals
from corpus.happening.doubts import Doubt
from corpus.happening.endings import mark_endings
from corpus.happening.exaggeration import FIGURATIVE_WORD, HYPERBOLE_LEFT, is_figurative, is_joking
from corpus.happening.negated import FINE_AFTER, NEGATED_AFTER, is_negated
from corpus.happening.purposes import NAME_LOOKUP, QUESTION_AFTER, WORRY_LEFT, WORRY_SURE, mark_intentions, mark_lookups
from corpus.happening.stories import mark_stories
from corpus.happening.when import ASPECT_PAST, PRESENT, lasting_marks, mark_past

_MILD = re.compile(
    "偶尔|偶而|偶然|轻微|稍微|一点点|一丢丢|少少|几秒|一两秒|一下下|小口子|小小口|一小块|一小点|就一下|一瞬间|不严重|不厉害|擦破点?皮|蹭破点?皮|不碍事|能忍|淡淡|微微|不太(?:疼|痛|厉害)|有一丝|一丝丝"
)


@dataclass(frozen=True, slots=True)
class Clause:
    """A piece of a question, and what holds for every word in it."""

    start: int
    end: int
    text: str
    doubts: frozenset[Doubt]
    soft: frozenset[Doubt]  # holds unless the rule says that the danger outlasts it
    name_lookup: bool


class Reading:
    """A question with its clauses read; `doubt` says of one word whether it counts."""

    def __init__(self, text: str) -> None:
        self.text = text
        spans = split_clauses(text)
        texts = [text[start:end] for start, end in spans]
        doubts: list[set[Doubt]] = [set() for _ in spans]
        soft: list[set[Doubt]] = [set() for _ in spans]
        mark_stories(text, texts, doubts)
        mark_animals(text, texts, doubts)
        mark_past(texts, doubts)
        mark_endings(texts, doubts, soft)
        mark_lookups(texts, doubts)
        mark_intentions(texts, doubts)
        for own, text_ in zip(soft, texts, strict=True):
            if _MILD.search(text_):
                own.add(Doubt.MILD)
        self.clauses = [
            Clause(start, end, clause, frozenset(own), frozenset(weak), bool(NAME_LOOKUP.search(clause)))
            for (start, end), clause, own, weak in zip(spans, texts, doubts, soft, strict=True)
        ]
        self._starts = [start for start, _ in spans]
        self._segments = [start for start, _ in split_segments(text)] or [0]
        self._lasting = [(self.clause_at(place), bare) for place, bare in lasting_marks(text)]
        self.joking = is_joking(text)
        self._figurative = is_figurative(text)

    def is_chronic(self, told: frozenset[int] = frozenset()) -> bool:
        """Whether the complaint is one of months and years.

        `told` are the clauses that say who somebody is: how long they have had a kidney transplant (移植肾五年了) says nothing
        about how long they have been ill now.
        """
        return any(not (bare and clause in told) for clause, bare in self._lasting)

    def clause_at(self, place: int) -> int:
        """The number of the clause that a character stands in."""
        return max(bisect.bisect_right(self._starts, place) - 1, 0)

    def _segment_start(self, place: int) -> int:
        """Where the marks around a character begin: a turn of the story ends a clause, but not a worry (就怕哪天突然倒了)."""
        return self._segments[max(bisect.bisect_right(self._segments, place) - 1, 0)]

    def doubts(self, start: int, end: int, negated_before: int = -1) -> frozenset[Doubt]:
        """Every reason why the word at [start, end) does not count; none if it does.

        `negated_before` is the end of the last negated word, so that a negation reaches through a list (没有发烧咳嗽).
        """
        if not self.clauses:
            return frozenset()
        clause = self.clauses[self.clause_at(max(end - 1, start))]
        left = self.text[max(start - 24, self.clauses[self.clause_at(start)].start) : start]
        right = self.text[end : end + 12]
        whole = self.text[max(start - 24, self._segment_start(start)) : start]
        found = set(clause.doubts | clause.soft)
        if is_negated(self.text, start, negated_before) or NEGATED_AFTER.match(right) or FINE_AFTER.match(right):
            found.add(Doubt.NEGATED)
        if ASPECT_PAST.match(right) and not PRESENT.search(clause.text):
            found.add(Doubt.PAST)
        if WORRY_SURE.search(whole) or (clause.name_lookup and WORRY_LEFT.search(left)):
            found.add(Doubt.WORRY)
        if left.endswith("有没有"):
            found.add(Doubt.WORRY)
        if HYPERBOLE_LEFT.search(left):
            found.add(Doubt.HYPERBOLE)
        if self._figurative and FIGURATIVE_WORD.match(self.text[start:end]):
            found.add(Doubt.HYPERBOLE)
        if Doubt.LOOKUP in found and QUESTION_AFTER.match(right):
            found.discard(Doubt.LOOKUP)
        return frozenset(found)
