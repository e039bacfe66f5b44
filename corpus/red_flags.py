"""Emergencies in a typed question: which words name which danger, and whom to call.

People type emergencies into search boxes. Before anything is searched, `find_red_flags` reads the question by the rules
of `lexicon/red_flags.toml` and `lexicon/red_flags_described.toml`: vocabulary (a concept with its everyday wordings, typos and dialect) and rules (which
concepts together name which condition). It needs no index, no segmenter and no encoder, and it is deterministic: every
flag carries the rule's id and the words that fired it.

How the rules are read. The question is folded (`search_key`), dialect and common typos are put right, and the concepts
are looked for segment by segment, so that the work grows with the length of the text and nothing worse. Numbers with
units (39.8度, 血压两百一, 孕38周, 宝宝20天) become measures that rules compare. Each word found is then asked whether it
counts (`corpus.happening.reading`): negation, history, hearsay, look-ups and the like are doubts, and a rule fires only on words
without a doubt, within a window of clauses. `background` concepts (who somebody is, what was before) may lie in the past.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from corpus.clauses import split_segments
from corpus.clean import search_key
from corpus.happening.doubts import Doubt
from corpus.happening.reading import Reading
from corpus.measures import Measure, find_measures
from corpus.red_flag_rules import ANY, EXCEPTION, Action, Element, Rule, RuleBook, Wording, load_rules

__all__ = ["Action", "RedFlag", "find_red_flags", "load_rules"]

MAX_CHARACTERS = 10_000
MAX_FLAGS = 3
MAX_ANCHORS = 20
OWN_PHRASE = 4

_URGENCY = {Action.POLICE_OR_AMBULANCE: 0, Action.AMBULANCE: 0, Action.EMERGENCY_ROOM: 1, Action.HOTLINE: 1}


@dataclass(frozen=True, slots=True)
class RedFlag:
    """One emergency that the question names."""

    condition: str
    action: Action
    advice: str
    matched: tuple[str, ...]
    rule: str

    def to_dict(self) -> dict[str, Any]:
        """The contract of `scripts/search.py --json`."""
        return {
            "condition": self.condition,
            "action": self.action.value,
            "matched": list(self.matched),
            "advice": self.advice,
            "rule": self.rule,
        }


@dataclass(frozen=True, slots=True)
class Hit:
    """A concept or a measure found in the text, with the doubts about it."""

    concept: str
    start: int
    end: int
    clause: int
    doubts: frozenset[Doubt]
    value: float = 0.0


_NO_WORD = re.compile(r"[\W_]+")
#: A word that itself says no (不说话, 没反应) is told anew: the negation of what stands before it does not reach it.
_NEGATIONS = frozenset("不没无未")
_PAST_KINDS = frozenset({Doubt.PAST, Doubt.RESOLVED, Doubt.TREATED, Doubt.MILD})


def find_red_flags(question: str) -> tuple[RedFlag, ...]:
    """The emergencies that a question names, most urgent first; none for most questions. Never raises on any text."""
    book = load_rules()
    typed = question[:MAX_CHARACTERS].strip()
    folded = search_key(typed)[:MAX_CHARACTERS]
    text, origin = _join_pieces(_respell(folded, book.spellings))
    hits = _find_hits(text, book)
    rules = _possible_rules(hits, book)
    if not rules:
        return ()
    shown = typed if len(typed) == len(folded) else folded
    reading = Reading(text)
    weighed = _weigh(hits, reading)
    told = frozenset(hit.clause for concept in weighed if concept in book.background for hit in weighed[concept])
    found: list[tuple[Rule, tuple[Hit, ...]]] = []
    for rule in rules:
        fired = _match_rule(rule, weighed, reading, told)
        if fired:
            found.append((rule, fired))
    return _choose(found, lambda hit: shown[origin[hit.start] : origin[hit.end - 1] + 1])


def _choose(found: list[tuple[Rule, tuple[Hit, ...]]], quote: Callable[[Hit], str]) -> tuple[RedFlag, ...]:
    """The most urgent few, each condition once, without those that another one explains; rules that do not know what it is come last."""
    explained = frozenset[str]().union(*(rule.explains for rule, _ in found))
    found = [pair for pair in found if pair[0].id not in explained]
    found.sort(key=lambda pair: (_URGENCY[pair[0].action], pair[0].rank))
    flags: dict[str, RedFlag] = {}
    for rule, hits in found:
        if rule.condition not in flags and len(flags) < MAX_FLAGS:
            words = dict.fromkeys(quote(hit) for hit in sorted(hits, key=lambda hit: hit.start) if hit.end > hit.start)
            flags[rule.condition] = RedFlag(rule.condition, rule.action, rule.advice, tuple(words), rule.id)
    return tuple(flags.values())


def _respell(text: str, spellings: tuple[tuple[str, str], ...]) -> str:
    """Dialect and common typos put right, character for character, so that places in the text stay what they were."""
    for wrong, right in spellings:
        if wrong in text:
            text = text.replace(wrong, right)
    return text


def _join_pieces(text: str) -> tuple[str, list[int]]:
    """The text without the blanks inside a phrase (胸口 疼), and where each character came from.

    A blank beside a piece of one or two characters is taken to stand inside a phrase, unless the piece is a negation.
    """
    if " " not in text:
        return text, list(range(len(text)))
    pieces = [(found.start(), found.end()) for found in re.finditer(r"[^ ]+", text)]
    keep = bytearray(b"\x01" * len(text))
    for (start, end), (after, stop) in pairwise(pieces):
        left, right = text[start:end], text[after:stop]
        if _joins(left) and len(left) <= 2 and len(right) <= 3 and not right.startswith(("没", "不", "无")):
            keep[end:after] = bytes(after - end)
    origin = [place for place in range(len(text)) if keep[place]]
    return "".join(text[place] for place in origin), origin


def _joins(piece: str) -> bool:
    return not piece.startswith(("没", "不", "无")) and "\u4e00" <= piece[-1] <= "\u9fff"


def _find_hits(text: str, book: RuleBook) -> list[Hit]:
    hits: list[Hit] = []
    for start, end in split_segments(text):
        for wording in _candidates(frozenset(text[start:end]), book):
            hits.extend(
                Hit(wording.concept, found.start(), found.end(), 0, frozenset()) for found in wording.pattern.finditer(text, start, end)
            )
    hits = _without_exceptions(hits)
    hits.extend(_from_measure(measure) for measure in find_measures(text))
    # How much is said at all: a complaint that is the whole question (喘不上气) is told without what rules wait for.
    hits.append(Hit("characters", 0, 0, 0, frozenset(), len(_NO_WORD.sub("", text))))
    hits.sort(key=lambda hit: (hit.start, hit.end, hit.concept))
    return hits


def _without_exceptions(hits: list[Hit]) -> list[Hit]:
    """The hits without those that touch words which mean something else: 头 in 头孢 hurts nobody."""
    excepted: dict[str, list[Hit]] = {}
    for hit in hits:
        if hit.concept.startswith(EXCEPTION):
            excepted.setdefault(hit.concept.removeprefix(EXCEPTION), []).append(hit)
    if not excepted:
        return hits
    anything = excepted.get(ANY, [])
    return [
        hit
        for hit in hits
        if not hit.concept.startswith(EXCEPTION)
        and not any(_overlap(hit, other) for other in excepted.get(hit.concept, ()))
        and not any(_lies_in(hit, other) for other in anything)
    ]


def _lies_in(hit: Hit, other: Hit) -> bool:
    """Whether a hit is a piece of a longer word: 血 in 抽血."""
    return other.start <= hit.start and hit.end <= other.end and hit.end - hit.start < other.end - other.start


def _from_measure(measure: Measure) -> Hit:
    return Hit(measure.name, measure.start, measure.end, 0, frozenset(), measure.value)


def _candidates(characters: frozenset[str], book: RuleBook) -> list[Wording]:
    """The wordings whose necessary characters are all there, in the order of the file."""
    present = 0
    near: set[int] = set()
    for character in characters & book.bits.keys():
        present |= book.bits[character]
        near.update(book.by_character.get(character, ()))
    wordings = book.wordings
    absent = ~present
    found = [wordings[number] for number in sorted(near)]
    return [wording for wording in found if not wording.needs & absent and wording.has_any(present)]


def _possible_rules(hits: list[Hit], book: RuleBook) -> list[Rule]:
    """The rules that fire if no word is doubted; for most questions there is none, and nothing more is read."""
    by_concept: dict[str, list[Hit]] = {}
    for hit in hits:
        by_concept.setdefault(hit.concept, []).append(hit)
    numbers = sorted({number for concept in by_concept for number in book.by_first.get(concept, ())})
    return [
        book.rules[number]
        for number in numbers
        if any(all(_accepted(element, by_concept) for element in elements) for elements, _ in book.rules[number].combinations)
    ]


def _accepted(element: Element, hits: dict[str, list[Hit]]) -> list[Hit]:
    """The hits that an element accepts, whatever the doubts about them."""
    found = [hit for concept in element.concepts if concept in hits for hit in hits[concept]]
    for name, sign, bound in element.measures:
        found.extend(hit for hit in hits.get(name, ()) if (hit.value >= bound if sign == ">=" else hit.value <= bound))
    return found


def _weigh(hits: list[Hit], reading: Reading) -> dict[str, list[Hit]]:
    """Every hit with its clause and its doubts, by concept; a negation reaches on through a list, and into what a hit contains."""
    weighed: dict[str, list[Hit]] = {}
    negated_before = reach_before = -1
    known: dict[tuple[int, int], frozenset[Doubt]] = {}
    for hit in hits:
        place = (hit.start, hit.end)
        reach = -1 if reading.text[hit.start] in _NEGATIONS else reach_before
        doubts = known.get(place) or known.setdefault(place, reading.doubts(hit.start, hit.end, reach))
        if Doubt.NEGATED in doubts:
            negated_before = max(hit.end, negated_before)
            # 没有发烧咳嗽 denies both; 不说话脸发紫 denies one and tells the other.
            reach_before = -1 if reading.text[hit.start - 1] == "不" else hit.end
        elif hit.start < negated_before:
            doubts |= {Doubt.NEGATED}
        clause = reading.clause_at(hit.end - 1)
        weighed.setdefault(hit.concept, []).append(Hit(hit.concept, hit.start, hit.end, clause, doubts, hit.value))
    return weighed


def _match_rule(rule: Rule, hits: dict[str, list[Hit]], reading: Reading, told: frozenset[int]) -> tuple[Hit, ...]:
    """The hits that fire a rule; none if it does not fire. `told` are the clauses that say who somebody is."""
    if reading.joking and not rule.firm:
        return ()
    if any(Doubt.NEGATED not in hit.doubts for hit in _accepted(rule.unless, hits)):
        return ()
    for elements, window in rule.combinations:
        fired = _match_combination(elements, window, rule.allowed, hits)
        if fired and (rule.chronic_too or not reading.is_chronic(told - _clauses_of_events(elements, fired))):
            return fired
    return ()


def _clauses_of_events(elements: tuple[Element, ...], fired: tuple[Hit, ...]) -> frozenset[int]:
    """The clauses in which something happens, as opposed to those that only say who somebody is."""
    return frozenset(hit.clause for hit in fired if any(hit.concept in element.names() and not element.background for element in elements))


def _match_combination(
    elements: tuple[Element, ...], window: int, allowed: frozenset[Doubt], hits: dict[str, list[Hit]]
) -> tuple[Hit, ...]:
    """One hit for each element, all within the window around the first element's hit; background from anywhere."""
    groups: list[list[Hit]] = []
    for element in elements:
        accepted = allowed | _PAST_KINDS if element.background else allowed
        group = [hit for hit in _accepted(element, hits) if hit.doubts <= accepted]
        if not group:
            return ()
        groups.append(group)
    anchors = next((group for element, group in zip(elements, groups, strict=True) if not element.background), groups[0])
    for anchor in anchors[:MAX_ANCHORS]:
        chosen = _choose_hits(anchor, elements, groups, window)
        if chosen:
            return chosen
    return ()


def _choose_hits(anchor: Hit, elements: tuple[Element, ...], groups: list[list[Hit]], window: int) -> tuple[Hit, ...]:
    """The hit nearest to the anchor for each element, no two of them on the same evidence; the anchor is taken before any other."""
    chosen: list[Hit] = []
    for element, group in sorted(zip(elements, groups, strict=True), key=lambda pair: anchor not in pair[1]):
        reach = MAX_CHARACTERS if element.background else window
        free = [
            hit for hit in group if abs(hit.clause - anchor.clause) <= reach and not any(_same_evidence(hit, other) for other in chosen)
        ]
        if not free:
            return ()
        chosen.append(min(free, key=lambda hit: (hit is not anchor, abs(hit.clause - anchor.clause), abs(hit.start - anchor.start))))
    return tuple(chosen)


def _same_evidence(one: Hit, other: Hit) -> bool:
    """Whether two hits rest on the same words: they overlap, and neither has a phrase of its own beside what they share."""
    return _overlap(one, other) and abs((one.end - one.start) - (other.end - other.start)) < OWN_PHRASE


def _overlap(one: Hit, other: Hit) -> bool:
    return one.start < other.end and other.start < one.end
