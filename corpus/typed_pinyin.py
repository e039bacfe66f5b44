"""Pinyin that was typed without a keyboard for Chinese: gan mao fashao is 感冒发烧, xiaotui抽筋 is 小腿抽筋.

Letters are read as the likeliest row of medical and everyday words. Letters that are an English term, or that are no row
of whole syllables and known words, stay as they are.
"""

from __future__ import annotations

import functools
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass

from corpus.lexicon import load_english_words, load_everyday_words
from corpus.likelihood import log_likelihood, medical_words
from corpus.misspelling import CLEAR_LEAD, HAN_RUN, sound_forms
from corpus.pinyin import is_pinyin, is_syllable, near_letters, near_sound, sounds

# CT after dishao is a piece of its own.
_LETTERS = re.compile("[A-Z]{2,}(?![a-z])|[A-ZÜ]?[a-zü'’]+|[A-ZÜ]")
#: Log-likelihood taken from a word whose sound is only near, and from each word of one syllable: those fit anywhere.
_NEAR_COST = 4.0
_SHORT_COST = 3.0
_LONGEST = 30
_EVERYDAY = -7.5
_MEDICAL_GAIN = 1.5


@dataclass(frozen=True, slots=True)
class Reading:
    """Letters in a text and the Chinese that they stand for."""

    start: int
    end: int
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Entry:
    """A word, its weight (log-likelihood), and the places in its letters where a syllable ends."""

    word: str
    weight: float
    ends: frozenset[int]


def read_pinyin(text: str) -> list[Reading]:
    """What of a text is pinyin, and what it says; in order, none overlapping."""
    found: list[Reading] = []
    for start, end in _runs(text):
        words = _mixed(text, start, end)
        if words is None:
            continue
        if not words and _plain(text[start:end]) not in load_english_words():
            words = _decode(text[start:end])
        if words:
            found.append(Reading(start, end, words))
    # One word proves that letters are pinyin; a syllable alone fits anywhere, unless it stands among Chinese.
    if any(_is_telling(reading.words) for reading in found):
        return found
    return [reading for reading in found if _joins_han(text, reading)]


def _runs(text: str) -> Iterator[tuple[int, int]]:
    """Neighbouring pieces of letters, at most one blank between them, that can be pinyin."""
    begin = end = -1
    for piece in _LETTERS.finditer(text):
        if not _can_be_pinyin(piece[0]):
            if begin >= 0:
                yield begin, end
            begin = -1
        elif begin >= 0 and text[end : piece.start()] in ("", " "):
            end = piece.end()
        else:
            if begin >= 0:
                yield begin, end
            begin, end = piece.span()
    if begin >= 0:
        yield begin, end


def _can_be_pinyin(piece: str) -> bool:
    if len(piece) > 1 and piece.isupper():
        return False  # CT, MRI, HPV
    letters = _plain(piece)
    is_english = letters in load_english_words() and not is_syllable(letters)
    return not is_english and is_pinyin().fullmatch(letters) is not None


def _plain(piece: str) -> str:
    return piece.lower().replace("ü", "v").replace("’", "'")


def _is_telling(words: tuple[str, ...]) -> bool:
    """A medical word, or two everyday ones of more than a syllable."""
    return any(len(word) > 1 and word in medical_words() for word in words) or sum(len(word) > 1 for word in words) > 1


def _joins_han(text: str, reading: Reading) -> bool:
    around = text[max(reading.start - 1, 0) : reading.start] + text[reading.end : reading.end + 1]
    return HAN_RUN.search(around) is not None and any(len(word) > 1 or len(text[reading.start : reading.end]) > 2 for word in reading.words)


def _mixed(text: str, start: int, end: int) -> tuple[str, ...] | None:
    """The one character that a syllable stands for inside a word that is Chinese otherwise: 血tang is 血糖.

    Empty where there is no such word, None where there are several (口jiao).
    """
    syllable = _plain(text[start:end])
    if " " in syllable or "'" in syllable or len(syllable) > 6 or (len(syllable) < 3 and text[start:end] != syllable):
        return ()
    weights: dict[str, float] = {}
    for left in range(4):
        for right in range(4):
            before, after = text[max(start - left, 0) : start], text[end : end + right]
            if not before + after or not all(map(HAN_RUN.fullmatch, before + after)):
                continue
            for word in sound_forms().get(f"{before}<{near_sound(syllable)}>{after}", ()):
                if sounds(word)[len(before)] == syllable:
                    meant = word[len(before)]
                    # The more of the text a word takes in, the surer it is.
                    weights[meant] = max(weights.get(meant, -math.inf), log_likelihood(word) + 3 * len(word))
    best, *others = sorted(weights, key=lambda meant: -weights[meant]) or [""]
    if not best:
        return ()
    return (best,) if all(weights[best] - weights[other] > CLEAR_LEAD for other in others) else None


def _decode(typed: str) -> tuple[str, ...]:
    """The likeliest words for letters, blanks and apostrophes between syllables; empty where there are none."""
    letters = re.sub("[ ']", "", _plain(typed))
    breaks: set[int] = set()
    place = 0
    for character in _plain(typed):
        if character in " '":
            breaks.add(place)
        else:
            place += 1
    exact, near = _dictionary()
    size = len(letters)
    best: list[tuple[float, int, str]] = [(0.0, 0, "")] + [(-1e9, 0, "")] * size
    for end in range(1, size + 1):
        for start in range(max(0, end - _LONGEST), end):
            if best[start][0] <= -1e9:
                continue
            piece = letters[start:end]
            inner = {at - start for at in breaks if start < at < end}
            for table, key, cost in ((exact, piece, 0.0), (near, near_letters(piece), _NEAR_COST)):
                entry = next((entry for entry in table.get(key, ()) if table is near or inner <= entry.ends), None)
                if entry is not None:
                    best[end] = max(best[end], (best[start][0] + entry.weight - cost, start, entry.word))
                    break
    words: list[str] = []
    at = size
    while at and best[at][0] > -1e9:
        words.append(best[at][2])
        at = best[at][1]
    return tuple(reversed(words)) if not at else ()


@functools.cache
def _dictionary() -> tuple[dict[str, tuple[_Entry, ...]], dict[str, tuple[_Entry, ...]]]:
    """Letters -> the words that are spelt so, the likeliest first; and the same by near sound, for longer words."""
    exact: dict[str, list[_Entry]] = {}
    near: dict[str, list[_Entry]] = {}
    for word, weight in _weights().items():
        syllables = sounds(word)
        spelt = "".join(syllables)
        ends: list[int] = []
        for syllable in syllables:
            ends.append((ends[-1] if ends else 0) + len(syllable))
        entry = _Entry(word, weight, frozenset(ends))
        # ü is v on a keyboard, and often u.
        for letters in dict.fromkeys((spelt, spelt.replace("v", "u"))):
            exact.setdefault(letters, []).append(entry)
            if len(word) > 1 and len(letters) > 4:
                near.setdefault(near_letters(letters), []).append(entry)
    for table in (exact, near):
        for entries in table.values():
            entries.sort(key=lambda entry: -entry.weight)
    return (
        {letters: tuple(entries) for letters, entries in exact.items()},
        {letters: tuple(entries) for letters, entries in near.items()},
    )


def _weights() -> dict[str, float]:
    weights = {word: log_likelihood(word) + _MEDICAL_GAIN for word in medical_words() if HAN_RUN.fullmatch(word)}
    for place, word in enumerate(load_everyday_words()):
        # Those that stand first win among words of one sound; a medical word that is everyday speech as well is both.
        weight = _EVERYDAY - place / 1e5 if len(word) > 1 else _EVERYDAY - _SHORT_COST - place / 1e5
        weights[word] = max(weight, weights.get(word, weight))
    return weights
