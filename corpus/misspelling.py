"""Wrong characters in medical words: 感帽 for 感冒, 糖料病 for 糖尿病, 高压血 for 高血压.

A noisy channel: a candidate is a word of the lexicon that sounds or looks like what is typed, and it is believed only if
the text becomes much more likely by it. What is typed in ordinary words is never a slip, whatever it sounds like; a word
that nobody knows (a brand, a name) rarely comes near a medical one.
"""

from __future__ import annotations

import functools
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from corpus.lexicon import MEDICAL_TERMS, load_lookalikes, load_medical_terms, load_misspellings
from corpus.likelihood import ORDINARY_COUNT, Cut, cut, has_word, is_ordinary, log_likelihood, medical_words
from corpus.pinyin import near_sound, readings, sounds
from corpus.segment import word_counts

HAN_RUN = re.compile("[\u4e00-\u9fff]+")
#: Characters that turn or count: never changed, moved, or brought in.
KEPT = frozenset("不没无别未非莫勿零〇一二两三四五六七八九十百千万亿半几")
_LONGEST = 7
#: Never a slip: words that stand by themselves (了 and 要 beside any word), and complaints (喉咙痒 is no 喉咙眼).
_CLEAR = frozenset(
    "的了是在我你他她它们有也就都和与并很太吗呢吧啊呀么把被让给从到对这那个要会可能想说又还再只才后前里上下中多大小来去过着得地新"
    "用吃喝做查行起年月日天号点次身痒疼痛癌瘤血药热烧肿史吐尿"
)
#: What follows a medicine's name; before it stands a brand that we may not know.
_MEDICINE = re.compile("[\u4e00-\u9fff]{0,3}?(?:片|胶囊|颗粒|口服液|丸|散|膏|冲剂|注射液|滴眼液|滴丸|糖浆|针剂|栓|喷雾剂|洗液|贴)")
#: Two candidates nearer to each other than this (natural logarithm) leave it open which is meant.
CLEAR_LEAD = 1.5


class Slip(StrEnum):
    """How a word went wrong."""

    KNOWN = "known"  # it stands in the table
    SOUND = "sound"  # one character of the same sound
    NEAR_SOUND = "near sound"
    SHAPE = "shape"  # one character of like shape
    ORDER = "order"  # two characters have changed places
    SOUNDS = "sounds"  # several characters, each of the same sound


#: What the log-likelihood must gain before a slip is believed: in words of two characters, in longer ones.
NEEDED = {
    Slip.KNOWN: (1.0, -1.0),
    Slip.SOUND: (8.0, 4.0),
    Slip.NEAR_SOUND: (math.inf, 5.5),
    Slip.SHAPE: (7.0, 4.0),
    Slip.ORDER: (math.inf, 6.0),
    Slip.SOUNDS: (math.inf, 7.0),
}


@dataclass(frozen=True, slots=True)
class Slipped:
    """A word in a text that is meant to be another: `text[start:end]` should read `word`; `gain` in natural logarithms."""

    start: int
    end: int
    word: str
    slip: Slip
    gain: float


@dataclass(frozen=True, slots=True)
class _Forms:
    """The words that can be meant, found by what may be typed for them.

    Attributes:
        one_off: the word with one character replaced by its near sound in angle brackets.
        all_off: the near sounds of a word of three characters or more.
        exact: a wrong form as it is typed, with how it is wrong.
    """

    one_off: dict[str, tuple[str, ...]]
    all_off: dict[str, tuple[str, ...]]
    exact: dict[str, tuple[tuple[str, Slip], ...]]


def find_slips(text: str) -> list[Slipped]:
    """The slips in a text, in order, none overlapping another; only where a single word can be meant."""
    found: list[Slipped] = []
    for run in HAN_RUN.finditer(text):
        if len(run[0]) > 1:
            found += _of_run(run[0], run.start())
    return found


@functools.cache
def sound_forms() -> dict[str, tuple[str, ...]]:
    """A medical word with one character replaced by its near sound in angle brackets (抽<jin>) -> the words."""
    return _forms().one_off


def _of_run(run: str, offset: int) -> Iterator[Slipped]:
    best = cut(run)
    weak = _weak_places(run, best)
    candidates = [
        slipped for slipped in _candidates(run, best, weak) if slipped.gain >= NEEDED[slipped.slip][slipped.end - slipped.start > 2]
    ]
    candidates.sort(key=lambda slipped: (slipped.slip is not Slip.KNOWN, -slipped.gain, slipped.start))
    taken: list[Slipped] = []
    for slipped in candidates:
        rivals = [other for other in candidates if slipped.slip is not Slip.KNOWN and _clash(run, slipped, other)]
        if all(slipped.gain - other.gain > CLEAR_LEAD for other in rivals) and not any(_overlap(slipped, other) for other in taken):
            taken.append(slipped)
    for slipped in sorted(taken, key=lambda slipped: slipped.start):
        yield Slipped(slipped.start + offset, slipped.end + offset, slipped.word, slipped.slip, slipped.gain)


def _candidates(run: str, best: Cut, weak: list[bool]) -> Iterator[Slipped]:
    exact = _forms().exact
    size = len(run)
    inside = {place for start, end in best.words if is_ordinary(run[start:end]) for place in range(start + 1, end)}
    for start in range(size - 1):
        for end in range(start + 2, min(start + _LONGEST, size) + 1):
            typed = run[start:end]
            options = list(exact.get(typed, ()))
            # A guess must not tear an ordinary word: 病发|症状 is no 并发症.
            if start not in inside and end not in inside and any(weak[start:end]) and not is_ordinary(typed):
                options += _by_sound(typed, weak[start:end])
            else:
                options = [option for option in options if option[1] is Slip.KNOWN]
            for word, slip in options:
                if slip is Slip.KNOWN or _is_credible(run, start, end, word, slip, weak):
                    yield Slipped(start, end, word, slip, best.gain(start, end, word) - (_rarity(word) if slip is not Slip.KNOWN else 0.0))


def _is_credible(run: str, start: int, end: int, word: str, slip: Slip, weak: list[bool]) -> bool:
    typed = run[start:end]
    changed = [place for place, (old, new) in enumerate(zip(typed, word, strict=True)) if old != new]
    if not all(weak[start + place] for place in changed) or _names_medicine(run, start, end, word, slip):
        return False
    if slip is Slip.ORDER:
        # 灼烧感 is another way to say 烧灼感, and no slip: what was exchanged must not be a word as it stands.
        first = changed[0]
        return not any(has_word(typed[at : at + 2]) for at in range(max(first - 1, 0), min(first + 2, len(typed) - 1)))
    if slip is Slip.SHAPE and typed[changed[0]] == "了":
        return changed[0] == len(typed) - 1
    return not _extends_word(typed, changed)


def _extends_word(typed: str, changed: list[int]) -> bool:
    """Whether one character stands before or after an ordinary word: 挠出血 is no 脑出血. But 言 after an organ is 炎."""
    if len(typed) < 3 or len(changed) != 1 or typed[changed[0]] in "言岩":
        return False
    return (changed[0] == 0 and is_ordinary(typed[1:])) or (changed[0] == len(typed) - 1 and is_ordinary(typed[:-1]))


def _rarity(word: str) -> float:
    """What a word of two characters loses because it is rare: almost any two sound like some term."""
    return log_likelihood(word) - math.log(max(word_counts()[0].get(word, 0), ORDINARY_COUNT) / word_counts()[1]) if len(word) == 2 else 0.0


def _by_sound(typed: str, weak: list[bool]) -> Iterator[tuple[str, Slip]]:
    forms = _forms()
    for place, character in enumerate(typed):
        if not weak[place] or character in KEPT or character in _CLEAR:
            continue
        reading = readings(character)[0]
        for word in forms.one_off.get(f"{typed[:place]}<{near_sound(reading)}>{typed[place + 1 :]}", ()):
            if word[place] != character and word[place] not in KEPT:
                yield word, Slip.SOUND if sounds(word)[place] == reading else Slip.NEAR_SOUND
    if len(typed) > 2 and sum(weak) > 1:
        typed_sounds = [readings(character)[0] for character in typed]
        for word in forms.all_off.get(" ".join(map(near_sound, typed_sounds)), ()):
            differs = [(old, new) for old, new in zip(typed, word, strict=True) if old != new]
            if len(differs) > 1 and not any(KEPT & set(pair) for pair in differs) and list(sounds(word)) == typed_sounds:
                yield word, Slip.SOUNDS


def _weak_places(run: str, best: Cut) -> list[bool]:
    """Which characters stand outside the ordinary words of the best cutting: alone, or in a word hardly ever seen."""
    weak = [False] * len(run)
    for start, end in best.words:
        if end - start == 1 or not is_ordinary(run[start:end]):
            weak[start:end] = [True] * (end - start)
    return weak


def _names_medicine(run: str, start: int, end: int, word: str, slip: Slip) -> bool:
    """Whether this may be the name of a medicine: one is only put right where its sound is exact and long enough."""
    is_drug = load_medical_terms(MEDICAL_TERMS).get(word) == "drug"
    if is_drug:
        return slip is not Slip.SOUND or end - start < 3
    return bool(_MEDICINE.match(run, end))


def _overlap(one: Slipped, other: Slipped) -> bool:
    return one.start < other.end and other.start < one.end


def _clash(run: str, one: Slipped, other: Slipped) -> bool:
    """Whether two overlapping readings make different texts."""
    if not _overlap(one, other):
        return False
    return run[: one.start] + one.word + run[one.end :] != run[: other.start] + other.word + run[other.end :]


@functools.cache
def _forms() -> _Forms:
    one_off: dict[str, list[str]] = {}
    all_off: dict[str, list[str]] = {}
    exact: dict[str, list[tuple[str, Slip]]] = {wrong: [(right, Slip.KNOWN)] for wrong, right in load_misspellings().items()}
    classes = load_medical_terms(MEDICAL_TERMS)
    for word in sorted(medical_words()):
        if not HAN_RUN.fullmatch(word) or len(word) > _LONGEST or classes.get(word) == "person":
            continue
        near = [near_sound(syllable) for syllable in sounds(word)]
        for place in range(len(word)):
            one_off.setdefault(f"{word[:place]}<{near[place]}>{word[place + 1 :]}", []).append(word)
        if len(word) > 2:
            all_off.setdefault(" ".join(near), []).append(word)
        for form, slip in _wrong_forms(word):
            if not is_ordinary(form):
                exact.setdefault(form, []).append((word, slip))
    return _Forms(*({key: tuple(found) for key, found in table.items()} for table in (one_off, all_off, exact)))  # type: ignore[arg-type]


def _wrong_forms(word: str) -> Iterator[tuple[str, Slip]]:
    alike = load_lookalikes()
    for place, character in enumerate(word):
        for other in alike.get(character, "") if character not in KEPT else "":
            if other not in KEPT and (other not in _CLEAR or other == "了"):
                yield f"{word[:place]}{other}{word[place + 1 :]}", Slip.SHAPE
    if len(word) > 2:
        for place, (left, right) in enumerate(pairwise(word)):
            if left != right and left not in KEPT and right not in KEPT:
                yield f"{word[:place]}{right}{left}{word[place + 2 :]}", Slip.ORDER
