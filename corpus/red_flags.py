"""Emergencies in a typed question: which words name which danger, and whom to call.

People type emergencies into search boxes. Before anything is searched, `find_red_flags` reads the question by the rules
of `lexicon/red_flags.toml`: vocabulary (a concept with its everyday wordings, typos and dialect) and rules (which
concepts together name which condition). It needs no index, no segmenter and no encoder, and it is deterministic: every
flag carries the rule's id and the words that fired it.

How the rules are read. The question is folded (`search_key`), dialect and common typos are put right, and the concepts
are looked for segment by segment, so that the work grows with the length of the text and nothing worse. Numbers with
units (39.8度, 血压两百一, 孕38周, 宝宝20天) become measures that rules compare. Each word found is then asked whether it
counts (`corpus.clauses`): negation, history, hearsay, look-ups and the like are doubts, and a rule fires only on words
without a doubt, within a window of clauses. `background` concepts (who somebody is, what was before) may lie in the past.
"""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain, pairwise
from pathlib import Path
from typing import Any

from corpus.clauses import SEPARATORS, Doubt, Measure, Reading, find_measures, split_segments
from corpus.clean import search_key

RULES = Path(__file__).parent / "lexicon" / "red_flags.toml"
MAX_CHARACTERS = 10_000
MAX_FLAGS = 3
WINDOW = 8
MAX_ANCHORS = 20
OWN_PHRASE = 4
FEVER = 38.0
EXCEPTION = "not:"


class Action(StrEnum):
    """Whom to turn to."""

    AMBULANCE = "120"
    POLICE_OR_AMBULANCE = "110或120"
    EMERGENCY_ROOM = "急诊"
    HOTLINE = "12356"


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
class Element:
    """What one place of a combination accepts: any of some concepts, or a measure compared with a value."""

    concepts: tuple[str, ...]
    measures: tuple[tuple[str, str, float], ...]
    background: bool

    def names(self) -> tuple[str, ...]:
        """The concepts and measures that it looks at."""
        return (*self.concepts, *(name for name, _, _ in self.measures))

    def find(self, hits: dict[str, list[Hit]]) -> list[Hit]:
        """The hits that this element accepts, whatever the doubts about them."""
        found = [hit for concept in self.concepts if concept in hits for hit in hits[concept]]
        for name, sign, bound in self.measures:
            found.extend(hit for hit in hits.get(name, ()) if (hit.value >= bound if sign == ">=" else hit.value <= bound))
        return found


@dataclass(frozen=True, slots=True)
class Rule:
    """One condition and the combinations of concepts that name it."""

    id: str
    condition: str
    action: Action
    advice: str
    why: str
    combinations: tuple[tuple[tuple[Element, ...], int], ...]
    unless: Element
    allowed: frozenset[Doubt]
    chronic_too: bool
    firm: bool
    explains: frozenset[str]
    rank: int


@dataclass(frozen=True, slots=True)
class Hit:
    """A concept or a measure found in the text, with the doubts about it."""

    concept: str
    start: int
    end: int
    clause: int
    doubts: frozenset[Doubt]
    value: float = 0.0


@dataclass(frozen=True, slots=True)
class Wording:
    """One wording of a concept; `needs` are sets of characters of which each must be present before it is looked for."""

    number: int
    concept: str
    pattern: re.Pattern[str]
    needs: tuple[frozenset[str], ...]


@dataclass(frozen=True, slots=True)
class RuleBook:
    """All that the data file says, compiled."""

    rules: tuple[Rule, ...]
    by_first: dict[str, tuple[int, ...]]
    by_character: dict[str, tuple[Wording, ...]]
    background: frozenset[str]
    spellings: tuple[tuple[str, str], ...]


_PAST_KINDS = frozenset({Doubt.PAST, Doubt.RESOLVED, Doubt.TREATED, Doubt.MILD})
_LASTING_KINDS = frozenset({Doubt.RESOLVED, Doubt.MILD})
_GAPS = {"-": 3, "~": 7, "≈": 16}
_NUMBER = r"[\d一二两三四五六七八九十百半几多]+"


def find_red_flags(question: str) -> tuple[RedFlag, ...]:
    """The emergencies that a question names, most urgent first; none for most questions. Never raises on any text."""
    book = load_rules()
    typed = question[:MAX_CHARACTERS].strip()
    folded = search_key(typed)[:MAX_CHARACTERS]
    text, origin = _join_pieces(_respell(folded, book.spellings))
    hits = _find_hits(text, book)
    if not hits:
        return ()
    shown = typed if len(typed) == len(folded) else folded
    reading = Reading(text)
    weighed = _weigh(hits, reading)
    told = frozenset(hit.clause for concept in weighed if concept in book.background for hit in weighed[concept])
    found: list[tuple[Rule, tuple[Hit, ...]]] = []
    for number in sorted({number for concept in weighed for number in book.by_first.get(concept, ())}):
        fired = _match_rule(book.rules[number], weighed, reading, told)
        if fired:
            found.append((book.rules[number], fired))
    return _choose(found, lambda hit: shown[origin[hit.start] : origin[hit.end - 1] + 1])


def _choose(found: list[tuple[Rule, tuple[Hit, ...]]], quote: Any) -> tuple[RedFlag, ...]:
    """The most urgent few, each condition once, without those that another one explains; rules that do not know what it is come last."""
    explained = frozenset[str]().union(*(rule.explains for rule, _ in found))
    found = [pair for pair in found if pair[0].id not in explained]
    found.sort(key=lambda pair: (_URGENCY[pair[0].action], pair[0].rank))
    flags: dict[str, RedFlag] = {}
    for rule, hits in found:
        if rule.condition not in flags and len(flags) < MAX_FLAGS:
            words = dict.fromkeys(quote(hit) for hit in sorted(hits, key=lambda hit: hit.start))
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
    return [
        hit
        for hit in hits
        if not any(_overlap(hit, other) for other in excepted.get(hit.concept, ())) and not hit.concept.startswith(EXCEPTION)
    ]


def _from_measure(measure: Measure) -> Hit:
    return Hit(measure.name, measure.start, measure.end, 0, frozenset(), measure.value)


def _candidates(characters: frozenset[str], book: RuleBook) -> Iterator[Wording]:
    """The wordings whose necessary characters are all there, in the order of the file."""
    near = {wording.number: wording for character in characters for wording in book.by_character.get(character, ())}
    for number in sorted(near):
        wording = near[number]
        if not any(map(characters.isdisjoint, wording.needs)):
            yield wording


def _weigh(hits: list[Hit], reading: Reading) -> dict[str, list[Hit]]:
    """Every hit with its clause and its doubts, by concept; a negation reaches on through a list, and into what a hit contains."""
    weighed: dict[str, list[Hit]] = {}
    negated_before = -1
    known: dict[tuple[int, int], frozenset[Doubt]] = {}
    for hit in hits:
        place = (hit.start, hit.end)
        doubts = known.get(place) or known.setdefault(place, reading.doubts(hit.start, hit.end, negated_before))
        if hit.end <= negated_before:
            doubts |= {Doubt.NEGATED}
        elif Doubt.NEGATED in doubts:
            negated_before = hit.end
        clause = reading.clause_at(hit.end - 1)
        weighed.setdefault(hit.concept, []).append(Hit(hit.concept, hit.start, hit.end, clause, doubts, hit.value))
    return weighed


def _match_rule(rule: Rule, hits: dict[str, list[Hit]], reading: Reading, told: frozenset[int]) -> tuple[Hit, ...]:
    """The hits that fire a rule; none if it does not fire. `told` are the clauses that say who somebody is."""
    if reading.joking and not rule.firm:
        return ()
    if any(Doubt.NEGATED not in hit.doubts for hit in rule.unless.find(hits)):
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
        group = [hit for hit in element.find(hits) if hit.doubts <= accepted]
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


@functools.cache
def load_rules(path: Path = RULES) -> RuleBook:
    """The data file, compiled once."""
    with path.open("rb") as file:
        data = tomllib.load(file)
    words: dict[str, str] = {}
    needs: dict[str, frozenset[str]] = {}
    for name, wordings in data["words"].items():
        parts = [_compile(wording, words, needs) for wording in sorted(wordings, key=len, reverse=True)]
        words[name] = "(?:" + "|".join(part for part, _ in parts) + ")"
        needs[name] = _any_of(own for _, own in parts)
    background = frozenset(data["background"])
    by_character: dict[str, list[Wording]] = {}
    exceptions = {EXCEPTION + concept: wordings for concept, wordings in data["exceptions"].items()}
    concepts: dict[str, list[str]] = {**data["background"], **data["concepts"], **exceptions}
    numbered = enumerate((concept, wording) for concept, wordings in concepts.items() for wording in wordings)
    for number, (concept, wording) in numbered:
        source, own = _compile(wording, words, needs)
        made = Wording(number, concept, re.compile(source), own)
        for character in min(own, key=len):
            by_character.setdefault(character, []).append(made)
    rules = tuple(_read_rule(number, entry, background) for number, entry in enumerate(data["rules"]))
    spellings = tuple(chain(data["spellings"].items()))
    by_first: dict[str, list[int]] = {}
    for number, rule in enumerate(rules):
        for name in sorted({name for elements, _ in rule.combinations for name in elements[0].names()}):
            by_first.setdefault(name, []).append(number)
    return RuleBook(
        rules,
        {name: tuple(numbers) for name, numbers in by_first.items()},
        {character: tuple(found) for character, found in by_character.items()},
        background,
        spellings,
    )


def _read_rule(number: int, entry: dict[str, Any], background: frozenset[str]) -> Rule:
    lasting = bool(entry.get("lasting", False))
    return Rule(
        id=entry["id"],
        condition=entry["condition"],
        action=Action(entry["action"]),
        advice=entry["advice"],
        why=entry["why"],
        combinations=tuple(_read_combination(combination, background) for combination in entry["any"]),
        unless=_read_element("|".join(entry.get("unless", ())), background),
        allowed=_LASTING_KINDS if lasting else frozenset(),
        chronic_too=bool(entry.get("chronic", False)) or lasting,
        firm=bool(entry.get("firm", False)),
        explains=frozenset(entry.get("explains", ())),
        rank=number + (1000 if entry.get("general", False) else 0),
    )


def _read_combination(combination: list[str], background: frozenset[str]) -> tuple[tuple[Element, ...], int]:
    window = next((int(part[1:]) for part in combination if part.startswith("@")), WINDOW)
    return tuple(_read_element(part, background) for part in combination if not part.startswith("@")), window


_COMPARISON = re.compile(r"([a-z_0-9]+)(>=|<=)([\d.]+)")


def _read_element(text: str, background: frozenset[str]) -> Element:
    names = text.split("|")
    compared = [found for found in map(_COMPARISON.fullmatch, names) if found]
    concepts = tuple(name for name in names if not _COMPARISON.fullmatch(name))
    measures = tuple((found[1], found[2], float(found[3])) for found in compared)
    aside = all(name in background for name in concepts) and all(name in {"age_days", "age_years", "weeks"} for name, _, _ in measures)
    return Element(concepts, measures, aside)


def _any_of(needs: Iterable[tuple[frozenset[str], ...]]) -> frozenset[str]:
    """Of several wordings one is there: so is one of these characters. Empty if some wording needs none."""
    smallest = [min(own, key=len) if own else frozenset[str]() for own in needs]
    return frozenset().union(*smallest) if all(smallest) else frozenset()


_TIMES = {"": "", "?": "?", "*": "{0,5}"}


def _compile(wording: str, words: dict[str, str], needs: dict[str, frozenset[str]]) -> tuple[str, tuple[frozenset[str], ...]]:
    """A wording as a regular expression, and the sets of characters that it cannot do without.

    No repetition is nested or unbounded, and a gap neither crosses a mark nor a negation: a text cannot make matching explode.
    """
    source: list[str] = []
    own: list[frozenset[str]] = []
    for name, group, letter, times in _pieces(wording):
        if letter in _GAPS and not times:
            source.append(rf"[^{SEPARATORS}不没未无别]{{0,{_GAPS[letter]}}}?")
            continue
        piece, need = _compile_piece(name, group, letter, words, needs)
        source.append(piece + _TIMES[times])
        if need and not times:
            own.append(need)
    return "".join(source), tuple(own)


def _pieces(wording: str) -> Iterator[tuple[str, str, str, str]]:
    """A wording's pieces in order: (name of a word, group, letter, times), of the first three one is not empty."""
    at = 0
    while at < len(wording):
        end = _closing(wording, at)
        inner = wording[at + 1 : end - 1]
        piece = {"{": (inner, "", ""), "(": ("", inner, "")}.get(wording[at], ("", "", wording[at]))
        times = wording[end] if end < len(wording) and wording[end] in "?*" else ""
        yield (*piece, times)
        at = end + len(times)


def _closing(wording: str, at: int) -> int:
    """Where the piece that begins at `at` ends."""
    if wording[at] == "{":
        return wording.index("}", at) + 1
    depth = 0
    for place in range(at, len(wording)):
        depth += {"(": 1, ")": -1}.get(wording[place], 0)
        if depth == 0:
            return place + 1
    raise ValueError(f"括号没有配对：{wording}")


def _alternatives(group: str) -> list[str]:
    """The parts of a group between the bars that stand in no inner group."""
    parts, depth = [""], 0
    for letter in group:
        depth += {"(": 1, ")": -1}.get(letter, 0)
        if letter == "|" and depth == 0:
            parts.append("")
        else:
            parts[-1] += letter
    return parts


def _compile_piece(
    name: str, group: str, letter: str, words: dict[str, str], needs: dict[str, frozenset[str]]
) -> tuple[str, frozenset[str]]:
    if name:
        return words[name], needs[name]
    if letter == "#":
        return _NUMBER, frozenset()
    if letter:
        return re.escape(letter), frozenset(letter)
    parts = [_compile(part, words, needs) for part in _alternatives(group)]
    return "(?:" + "|".join(part for part, _ in parts) + ")", _any_of(need for _, need in parts)
