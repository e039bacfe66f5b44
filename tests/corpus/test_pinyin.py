from __future__ import annotations

import pytest

from corpus.pinyin import is_pinyin, near_letters, near_sound, readings, sounds
from corpus.typed_pinyin import Reading, read_pinyin


def test_words_sound_as_they_are_read() -> None:
    assert sounds("长高") == ("zhang", "gao")
    assert sounds("绿色") == ("lv", "se")
    assert readings("便")[0] == "bian"


@pytest.mark.parametrize(("one", "other"), [("zheng", "zen"), ("nan", "lang"), ("shi", "si"), ("xing", "xin")])
def test_near_sounds(one: str, other: str) -> None:
    assert near_sound(one) == near_sound(other)


def test_far_sounds() -> None:
    assert near_sound("zhong") != near_sound("zun")
    assert near_sound("gan") != near_sound("gao")
    assert near_letters("zhengzhuang") == "zenzuan"
    assert near_letters("fangan") == "fangan"  # the g may begin a syllable


@pytest.mark.parametrize("letters", ["ganmao", "xi'an", "nvxing", "fashao"])
def test_pinyin_is_whole_syllables(letters: str) -> None:
    assert is_pinyin().fullmatch(letters)


@pytest.mark.parametrize("letters", ["lupus", "fever", "mri", "ganm", "vitamin"])
def test_english_is_none(letters: str) -> None:
    assert not is_pinyin().fullmatch(letters)


def test_where_the_pinyin_stands() -> None:
    assert read_pinyin("我妈gaoxueya") == [Reading(2, 10, ("高血压",))]
    assert read_pinyin("做了CT") == []
