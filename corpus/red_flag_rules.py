"""The data file of emergencies, compiled: vocabulary to patterns, rules to combinations of concepts.

`lexicon/red_flags.toml` is written for the people who know what an emergency sounds like, and `red_flags_described.toml` adds
how it is told by people who have no word for it; this module turns both into what `corpus.red_flags` looks with. A wording becomes a regular expression and the characters that it cannot do without, so that of
many thousand wordings only those are tried on a text whose characters are there.
"""

from __future__ import annotations

import functools
import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain
from pathlib import Path
from typing import Any

from corpus.brackets import alternatives, piece_end
from corpus.clauses import SEPARATORS
from corpus.happening.doubts import Doubt

LEXICON = Path(__file__).parent / "lexicon"
RULES = (LEXICON / "red_flags.toml", LEXICON / "red_flags_described.toml")
WINDOW = 8
EXCEPTION = "not:"
#: Exceptions under this name hold for every concept: no shorter word is looked for inside them.
ANY = "*"
_LASTING_KINDS = frozenset({Doubt.RESOLVED, Doubt.MILD})
_GAPS = {"-": 3, "~": 7, "≈": 16}
_NUMBER = r"[\d一二两三四五六七八九十百半几多]+"


class Action(StrEnum):
    """Whom to turn to."""

    AMBULANCE = "120"
    POLICE_OR_AMBULANCE = "110或120"
    EMERGENCY_ROOM = "急诊"
    HOTLINE = "12356"


@dataclass(frozen=True, slots=True)
class Element:
    """What one place of a combination accepts: any of some concepts, or a measure compared with a value."""

    concepts: tuple[str, ...]
    measures: tuple[tuple[str, str, float], ...]
    background: bool

    def names(self) -> tuple[str, ...]:
        """The concepts and measures that it looks at."""
        return (*self.concepts, *(name for name, _, _ in self.measures))


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
class Wording:
    """One wording of a concept, with the characters that must be present before it is looked for.

    Characters are bits of `RuleBook.bits`: all of `needs`, and at least one of every mask in `any_of`.
    """

    concept: str
    source: str
    needs: int
    any_of: tuple[int, ...]

    @property
    def pattern(self) -> re.Pattern[str]:
        """The regular expression, compiled when it is first looked for: all twelve thousand would take a second at every start."""
        return _pattern(self.source)

    def has_any(self, present: int) -> bool:
        """Whether of every set of alternatives one character is present."""
        return all(map(present.__and__, self.any_of))


@dataclass(frozen=True, slots=True)
class RuleBook:
    """All that the data file says, compiled."""

    rules: tuple[Rule, ...]
    by_first: dict[str, tuple[int, ...]]
    wordings: tuple[Wording, ...]
    by_character: dict[str, tuple[int, ...]]
    bits: dict[str, int]
    background: frozenset[str]
    spellings: tuple[tuple[str, str], ...]


def _merge(paths: tuple[Path, ...]) -> dict[str, Any]:
    """The files read as one: a later one adds wordings to a name, combinations to a rule (`[more]`), and rules of its own."""
    first, *others = (tomllib.loads(path.read_text(encoding="utf-8")) for path in paths)
    rules = {rule["id"]: rule for rule in first["rules"]}
    for other in others:
        for section in ("words", "background", "concepts", "exceptions"):
            for name, wordings in other.get(section, {}).items():
                first[section][name] = [*first[section].get(name, ()), *wordings]
        for rule in other.get("rules", ()):
            if rule["id"] in rules:
                raise ValueError(f"规则重复：{rule['id']}")
            rules[rule["id"]] = rule
        for name, combinations in other.get("more", {}).items():
            rules[name]["any"] = [*rules[name]["any"], *combinations]
    return {**first, "rules": list(rules.values())}


@functools.cache
def _pattern(source: str) -> re.Pattern[str]:
    return re.compile(source)


@functools.cache
def load_rules(paths: tuple[Path, ...] = RULES) -> RuleBook:
    """The data files, compiled once."""
    data = _merge(paths)
    words: dict[str, str] = {}
    needs: dict[str, frozenset[str]] = {}
    for name, wordings in data["words"].items():
        parts = [_compile(wording, words, needs) for wording in sorted(wordings, key=len, reverse=True)]
        words[name] = "(?:" + "|".join(part for part, _ in parts) + ")"
        needs[name] = _any_of(own for _, own in parts)
    background = frozenset(data["background"])
    exceptions = {EXCEPTION + concept: wordings for concept, wordings in data["exceptions"].items()}
    concepts: dict[str, list[str]] = {**data["background"], **data["concepts"], **exceptions}
    compiled = [(concept, *_compile(wording, words, needs)) for concept, wordings in concepts.items() for wording in wordings]
    bits, by_character = _index([own for _, _, own in compiled])
    wordings = tuple(
        Wording(
            concept,
            source,
            _mask((need for need in own if len(need) == 1), bits),
            tuple(_mask([need], bits) for need in own if len(need) > 1),
        )
        for concept, source, own in compiled
    )
    rules = tuple(_read_rule(number, entry, background) for number, entry in enumerate(data["rules"]))
    by_first: dict[str, list[int]] = {}
    for number, rule in enumerate(rules):
        for name in sorted({name for elements, _ in rule.combinations for name in elements[0].names()}):
            by_first.setdefault(name, []).append(number)
    return RuleBook(
        rules,
        {name: tuple(numbers) for name, numbers in by_first.items()},
        wordings,
        by_character,
        bits,
        background,
        tuple(data["spellings"].items()),
    )


def _index(needs: list[tuple[frozenset[str], ...]]) -> tuple[dict[str, int], dict[str, tuple[int, ...]]]:
    """A bit for every character, and the numbers of the wordings under the characters of the rarest set that each needs."""
    common = Counter(chain.from_iterable(chain.from_iterable(needs)))
    by_character: dict[str, list[int]] = {}
    for number, own in enumerate(needs):
        for character in min(own, key=lambda need: sum(common[character] for character in need)):
            by_character.setdefault(character, []).append(number)
    bits = {character: 1 << place for place, character in enumerate(sorted(common))}
    return bits, {character: tuple(numbers) for character, numbers in by_character.items()}


def _mask(needs: Iterable[frozenset[str]], bits: dict[str, int]) -> int:
    mask = 0
    for character in chain.from_iterable(needs):
        mask |= bits[character]
    return mask


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
    return piece_end(wording, at)


def _compile_piece(
    name: str, group: str, letter: str, words: dict[str, str], needs: dict[str, frozenset[str]]
) -> tuple[str, frozenset[str]]:
    if name:
        return words[name], needs[name]
    if letter == "#":
        return _NUMBER, frozenset()
    if letter:
        return re.escape(letter), frozenset(letter)
    parts = [_compile(part, words, needs) for part in alternatives(group)]
    return "(?:" + "|".join(part for part, _ in parts) + ")", _any_of(need for _, need in parts)
