"""How words sound: toneless pinyin, and which sounds are taken for one another.

Whoever types with a pinyin keyboard picks a wrong word of the right sound; whoever speaks a southern dialect types a
sound near the right one (n for l, z for zh, in for ing). Tones are not typed, so they are not looked at.
"""

from __future__ import annotations

import functools
import re

from pypinyin import Style, lazy_pinyin, pinyin
from pypinyin.constants import PINYIN_DICT
from pypinyin.contrib.tone_convert import to_normal

_INITIAL = re.compile("^(?:zh|ch|sh|n(?=[aeiouv]))")
_NEAR_INITIAL = {"zh": "z", "ch": "c", "sh": "s", "n": "l"}
_NEAR_LETTERS = re.compile("([zcs])h|ng(?![aeiouv])")
#: Rare readings of no Mandarin word (m̀, ê, hng) that would let many English words pass for pinyin.
_NO_SYLLABLE = frozenset("o m n ng hm hng ê r lo yo kei nun cen den eng fiao tei zei".split())  # noqa: SIM905


@functools.lru_cache(maxsize=1 << 15)
def sounds(word: str) -> tuple[str, ...]:
    """The syllables of a word as it is read (长高 is zhang gao), ü as v; one for each Chinese character."""
    return tuple(lazy_pinyin(word, style=Style.NORMAL, v_to_u=False))


@functools.lru_cache(maxsize=1 << 14)
def readings(character: str) -> tuple[str, ...]:
    """Every toneless reading of a character, the commonest first; itself where it has none."""
    return tuple(dict.fromkeys(pinyin(character, style=Style.NORMAL, heteronym=True, v_to_u=False)[0]))


@functools.lru_cache(maxsize=1 << 12)
def near_sound(syllable: str) -> str:
    """What a syllable shares with those that it is taken for: zheng and zen are both zen, nan and lan both lan."""
    syllable = _INITIAL.sub(lambda found: _NEAR_INITIAL[found[0]], syllable)
    return syllable.removesuffix("g") if syllable.endswith("ng") and not syllable.endswith("ong") else syllable


def near_letters(letters: str) -> str:
    """The same for letters that are not yet cut into syllables, where n and l cannot be told from the end of one before."""
    return _NEAR_LETTERS.sub(lambda found: found[1] or "n", letters)


def is_syllable(letters: str) -> bool:
    """Whether lower-case letters are one syllable of Mandarin."""
    return letters in _syllables()


@functools.cache
def is_pinyin() -> re.Pattern[str]:
    """Matches letters that are a row of whole syllables, apostrophes between them."""
    return re.compile(rf"(?:(?:{'|'.join(sorted(_syllables(), key=len, reverse=True))})'?)+")


@functools.cache
def _syllables() -> frozenset[str]:
    spelt = {to_normal(reading).replace("ü", "v") for several in PINYIN_DICT.values() for reading in several.split(",")}
    # lü and nü are often typed lu and nu, which are syllables anyway; lüe and nüe as lue and nue.
    return frozenset(syllable for syllable in spelt - _NO_SYLLABLE if re.fullmatch("[a-z]+", syllable)) | {"lue", "nue"}
