"""Points: what an answer advises, and what it names as a cause, each with the sentence that says so.

A point is a concept with a name to show (补钙, 避免熬夜, 与受凉有关). The table `lexicon/points.toml` holds the wordings that
doctors use for it; the medical lexicon adds drugs, tests, treatments, departments and diseases that the table does not
name. A wording counts only where its clause supports it (`corpus.stance`): 不要热敷 is a point of its own, 热敷过吗 is none.
Nothing is written here: what is shown beside a point is always the sentence it was read from.
"""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest
from typing import NamedTuple

from corpus.audience import spoken_of
from corpus.brackets import expand
from corpus.clean import folded, search_key
from corpus.conditions import SAFETY_NET, UNREAD, absences, conditions, is_safety_net
from corpus.denials import without_exceptions
from corpus.lexicon import FOLDER, MEDICAL_TERMS, load_medical_terms
from corpus.segment import sentences
from corpus.stance import Role, Stance
from corpus.stance.sentence import Sentence
from corpus.synonyms import synonym_groups

POINTS = FOLDER / "points.toml"

_ROLES = {
    "treatment": Role.ACT,
    "care": Role.ACT,
    "diet": Role.ACT,
    "seek": Role.ACT,
    "drug": Role.USE,
    "test": Role.TEST,
    "department": Role.PLACE,
    "avoid": Role.HARM,
    "cause": Role.CAUSE,
}
#: Section of a lexicon class, and how its term becomes a point's name.
_FROM_LEXICON = {
    "drug": ("drug", "用{}"),
    "test": ("test", "查{}"),
    "treatment": ("procedure", "{}"),
    "department": ("department", "看{}"),
    "disease": ("disease", "与{}有关"),
}
_LEXICON_ROLES = {"procedure": Role.USE, "disease": Role.CAUSE}
#: Sections in which the medical lexicon adds to the table, and what it adds to.
_FAMILY = {"treatment": "act", "care": "act", "diet": "act", "drug": "act", "procedure": "act", "cause": "cause", "disease": "cause"}


def _family(section: str) -> str:
    return _FAMILY.get(section, section)


_SHORTEST = {"procedure": 3}
_DONE = re.compile("(?:检查|检测|穿刺|试验|造影|镜|超声|监测|评估|筛查|测试|ct|mri|b超|彩超|活检|培养|显像|成像)$")
_QUOTES_THE_QUESTION = re.compile("以上是对.{0,80}问题的建议")
#: What the name of a kind of medicine need not share with the point's: 退烧药 is 退热药, and 药物 is 药.
_SAME_KIND = str.maketrans(
    {
        "烧": "热",
        "疼": "痛",
        "镇": "止",
        "安": "助",
        "催": "助",
        "菌": "生",
        "祛": "化",
        "药": None,
        "物": None,
        "剂": None,
        "类": None,
        "的": None,
        "血": None,
    }
)
_REFUSALS = {Stance.AGAINST: "不要", Stance.NEEDLESS: "不必", Stance.UNGUIDED: "不要自行"}
#: Sections of which it matters under what condition they are said; departments and tests are for finding out.
_CONDITIONAL = frozenset({"drug", "treatment", "procedure", "care", "diet", "avoid"})
#: Where somebody is sent to find out what it is; that we do not know for whom harms nobody.
_FINDS_OUT = frozenset({"seek", "department"})
#: A sentence that is nothing but an exception from the one before it: 糖尿病人除外。
_EXCEPTS = re.compile("[^,]{1,20}(?:除外|例外)[。!]?")
#: Treatments that only a doctor can order; of the others nobody is worse off who does not meet the case they are told for.
_ON_ORDERS = re.compile("手术|输液|住院|化疗|支架|透析|起搏|感染|病毒|流产|清宫|激光|封闭|清创|肉毒|引流|病因")
#: Characters of a sentence that are read, and of those the last, in which no point is looked for.
_MOST_READ, _UNHEARD = 400, 30
_GRAVE = "危急时拨打120或去急诊"
_PATTERN_GAP = r"[^,;:!?。、\s]{0,7}?"


@dataclass(frozen=True, slots=True)
class Concept:
    """What wordings stand for.

    Attributes:
        name: as it is shown where a sentence supports it.
        section: of the data file; `procedure` and `disease` for what comes from the medical lexicon alone.
        role: what sign its wordings need.
        term: the lexicon's term; empty for what the table names.
    """

    name: str
    section: str
    role: Role
    term: str = ""

    def point(self, stance: Stance, word: str) -> str:
        """The name of what a sentence says of this concept by this wording; empty where that is no point."""
        if self.role is Role.HARM:
            return self.name if stance is Stance.AGAINST else ""
        if stance is Stance.FOR:
            return self.name
        if self.role is Role.CAUSE:
            return f"不一定{self.name}" if stance is Stance.NEEDLESS and not self.term else ""
        if self.role is Role.PLACE or self.section == "seek":
            return f"不必{self.name}" if stance is Stance.NEEDLESS and self.section == "seek" else ""
        # Who warns of one medicine, or of one kind (利尿剂), does not warn of all that it is counted among (降压药).
        name = f"用{word}" if self.section == "drug" and not _is_whole_kind(word, self.name) else self.name
        return f"{_REFUSALS[stance]}{name}"


class Mention(NamedTuple):
    """A point made by a sentence of an answer; plain values, so that an index can keep it.

    Attributes:
        point: its name.
        concept: what it is about; 热敷 and 不要热敷 are two points about one.
        section: of the data file (`Concept.section`).
        stance: what the sentence says of the concept.
        word: the wording that was found, as a search key.
        term: the lexicon's term for the concept; empty for what the table names.
        start, end: where the whole sentence stands in the answer, in characters.
        groups: groups of people (`corpus.audience`) whom the sentence speaks of there, for 孕妇不要热敷 says it of them only; and
            the conditions (`corpus.conditions`) that it names, an age, an illness, an event, or what must not be there.
            `Asker.meets` reads both.
    """

    point: str
    concept: str
    section: str
    stance: Stance
    word: str
    term: str
    start: int
    end: int
    groups: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Wording:
    text: str
    concept: Concept | None  # None: a longer word that means something else
    family: str  # where two of a family are equal, the table's goes before the lexicon's
    sure: bool = False

    @property
    def borrowed(self) -> bool:
        """Whether it comes from the medical lexicon; the table's wordings go first."""
        return self.concept is not None and bool(self.concept.term)


@dataclass(frozen=True, slots=True)
class _Table:
    """The wordings by their text, how long those are that begin with two characters, and wordings with a gap as patterns."""

    literal: dict[str, tuple[_Wording, ...]]
    lengths: dict[str, tuple[int, ...]]
    patterns: tuple[tuple[re.Pattern[str], Concept], ...]


@dataclass(frozen=True, slots=True)
class _Hit:
    start: int
    end: int
    concept: Concept
    sure: bool


def read_points(answer: str) -> tuple[Mention, ...]:
    """The points that an answer makes, in the order of its sentences; each point once a sentence.

    Of a sentence no more than its first 400 characters are read, for what is said of a word is looked for in all of it.
    """
    found: dict[tuple[str, int], Mention] = {}
    spans = sentences(answer)
    for span, following in zip_longest(spans, spans[1:]):
        if _QUOTES_THE_QUESTION.search(span.text):
            continue
        sentence = Sentence(folded(span.text)[:_MOST_READ])
        exception = folded(following.text)[:40] if following else ""
        exception = exception if _EXCEPTS.fullmatch(exception) else ""
        for hit in _hits(sentence.key):
            if hit.end > _MOST_READ - _UNHEARD:
                break  # what is said of it may have been cut off
            concept = hit.concept
            if hit.sure:
                stance = sentence.abstains(hit.start, hit.end)
            else:
                stance = sentence.stance(hit.start, hit.end, concept.role, listed=not concept.term)
            point = concept.point(stance, sentence.key[hit.start : hit.end]) if stance else ""
            if stance and point and (point, span.start) not in found:
                groups = () if concept.role is Role.CAUSE else _for_whom(sentence, hit, stance, exception)
                word = sentence.key[hit.start : hit.end]
                found[point, span.start] = Mention(
                    point, concept.name, concept.section, stance, word, concept.term, span.start, span.end, groups
                )
    return tuple(found.values())


@functools.cache
def opposites() -> frozenset[tuple[str, str]]:
    """Pairs of points, both ways round, that cannot both be the same advice."""
    with POINTS.open("rb") as file:
        pairs = tomllib.load(file)["opposite"].items()
    return frozenset(pairs) | frozenset((other, one) for one, other in pairs)


@functools.cache
def concepts() -> tuple[Concept, ...]:
    """Every concept of the data file, in its order."""
    return tuple(concept for concept, _ in _read_file()[0])


def _for_whom(sentence: Sentence, hit: _Hit, stance: Stance, exception: str) -> tuple[str, ...]:
    """The groups and the conditions that a hit is said for; each once. `exception`: what the next sentence excepts."""
    absent = absences(*sentence.around(hit.start, hit.end), f"{sentence.rest_after(hit.start)},{exception}")
    if stance is Stance.FOR and hit.concept.section in _FINDS_OUT:
        absent = tuple(condition for condition in absent if condition != UNREAD)
    return tuple(dict.fromkeys((*_restricted_to(sentence, hit), *_conditions(sentence, hit, stance), *absent)))


def _restricted_to(sentence: Sentence, hit: _Hit) -> tuple[str, ...]:
    """The groups that the words before a hit, and its clause, speak of."""
    clause = sentence.clause_of(hit.start)
    at = sentence.key.find(clause)
    present = without_exceptions(sentence.key)
    return spoken_of(f"{present[max(at - 14, 0) : hit.start]}#{present[hit.end : at + len(clause)]}")


def _conditions(sentence: Sentence, hit: _Hit, stance: Stance) -> tuple[str, ...]:
    """The conditions that a hit is said under, beside the groups of people."""
    concept = hit.concept
    before, left, right = sentence.around(hit.start, hit.end)
    if concept.section == "seek":
        return (SAFETY_NET,) if is_safety_net(before, left, grave=concept.name == _GRAVE) else ()
    if concept.section not in _CONDITIONAL:
        return ()
    refused = stance is not Stance.FOR
    # 如果缺钙，可以补钙 is advice for whoever has cramps; 如果是细菌感染，可用抗生素 is none for whoever has a cold.
    mild = concept.section in ("care", "diet", "treatment") and not _ON_ORDERS.search(concept.name)
    return conditions(before, left, right, refused=refused, supposed=refused or not mild)


def _is_whole_kind(word: str, name: str) -> bool:
    """Whether a word for medicines names the whole kind that the point is named after."""
    return not re.search("或|等", name) and set(word.translate(_SAME_KIND)) <= set(name.translate(_SAME_KIND))


def _hits(key: str) -> list[_Hit]:
    """Where wordings stand; in one section the longest at a place hides what it covers."""
    table = _table()
    found: list[tuple[int, int, _Wording]] = []
    for at in range(len(key) - 1):
        for length in table.lengths.get(key[at : at + 2], ()):
            text = key[at : at + length]
            if text in table.literal and len(text) == length and _is_whole(key, at, at + length):
                found.extend((at, at + length, wording) for wording in table.literal[text])
    hits = [
        _Hit(start, end, wording.concept, wording.sure)
        for start, end, wording in found
        if wording.concept and not any(_hides(other, start, end, wording) for other in found)
    ]
    for pattern, concept in table.patterns:
        hits.extend(_Hit(hit.start(), hit.end(), concept, False) for hit in pattern.finditer(key))
    return sorted(hits, key=lambda hit: (hit.start, hit.end))


def _is_whole(key: str, start: int, end: int) -> bool:
    """Whether a wording in Latin letters is a word there: CT in OCT is none."""
    return not (_is_latin(key[start]) and _is_latin(key[start - 1 : start])) and not (
        _is_latin(key[end - 1]) and _is_latin(key[end : end + 1])
    )


def _is_latin(letter: str) -> bool:
    return letter.isascii() and letter.isalpha()


def _hides(other: tuple[int, int, _Wording], start: int, end: int, wording: _Wording) -> bool:
    """Whether another wording covers this one, and is longer or comes before it."""
    first, last, covering = other
    if first > start or last < end:
        return False
    if last - first > end - start:
        return True
    return covering.family == wording.family and wording.borrowed and covering.concept is not None and not covering.borrowed


@functools.cache
def _read_file() -> tuple[tuple[tuple[Concept, tuple[str, ...]], ...], dict[str, tuple[str, ...]]]:
    """The concepts with their wordings, and for each section the longer words that mean something else."""
    with POINTS.open("rb") as file:
        data = tomllib.load(file)
    longer = {section: tuple(words) for section, words in data.pop("not").items()}
    del data["opposite"]
    named = ((Concept(name, section, _ROLES[section]), tuple(words)) for section, points in data.items() for name, words in points.items())
    return tuple(named), longer


@functools.cache
def _table() -> _Table:
    named, longer = _read_file()
    literal: dict[tuple[str, str], _Wording] = {}
    patterns: list[tuple[re.Pattern[str], Concept]] = []
    for concept, wordings in named:
        for wording in wordings:
            sure, text = wording.startswith("!"), wording.removeprefix("!")
            if "~" in text:
                patterns.append((re.compile(text.replace("~", _PATTERN_GAP)), concept))
                continue
            for plain in expand(text):
                literal.setdefault((concept.section, plain), _Wording(plain, concept, _family(concept.section), sure))
    for section, words in longer.items():
        if section == "medical":
            continue
        for plain in (plain for word in words for plain in expand(word)):
            literal[section, plain] = _Wording(plain, None, _family(section))
    for term in _from_lexicon(literal, frozenset(longer["medical"])):
        literal.setdefault((term.concept.section if term.concept else "", term.text), term)
    by_text: dict[str, list[_Wording]] = {}
    lengths: dict[str, set[int]] = {}
    for known in literal.values():
        by_text.setdefault(known.text, []).append(known)
        lengths.setdefault(known.text[:2], set()).add(len(known.text))
    return _Table(
        {text: tuple(found) for text, found in by_text.items()},
        {first: tuple(sorted(found)) for first, found in lengths.items()},
        tuple(patterns),
    )


def _from_lexicon(literal: dict[tuple[str, str], _Wording], empty: frozenset[str]) -> Iterator[_Wording]:
    """Terms of the medical lexicon that the table does not name; one that holds a wording of the table is that wording's point."""
    known: dict[str, dict[str, _Wording]] = {}
    for wording in literal.values():
        if wording.concept:
            known.setdefault(wording.family, {})[wording.text] = wording
    terms = {search_key(term): (term, kind) for term, kind in load_medical_terms(MEDICAL_TERMS).items()}
    canonical = {word: group[0] for group in synonym_groups() for word in group}
    for key, (_, kind) in terms.items():
        if kind not in _FROM_LEXICON or key in empty or (kind == "department" and not key.endswith("科")):
            continue
        section, name = _FROM_LEXICON[kind]
        if len(key) < _SHORTEST.get(section, 2):
            continue
        held = None if section == "disease" else _longest_held(key, known.get(_family(section), {}))
        shown = canonical.get(key, key)
        if section == "test" and _DONE.search(shown):
            name = "做{}"
        own = Concept(name.format(terms.get(shown, (shown, ""))[0]), section, _ROLES.get(section) or _LEXICON_ROLES[section], shown)
        yield _Wording(key, held.concept if held else own, _family(section))


def _longest_held(key: str, known: dict[str, _Wording]) -> _Wording | None:
    pieces = (key[at : at + length] for length in range(len(key), 1, -1) for at in range(len(key) - length + 1))
    return next((known[piece] for piece in pieces if piece in known), None)
