"""Numbers in a question: what they are, what they measure, and which numbers measure nothing."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.measures import find_measures, read_number


def values(text: str, name: str) -> list[float]:
    return [measure.value for measure in find_measures(text) if measure.name == name]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("39.5", 39.5),
        ("三十九点五", 39.5),
        ("两百一", 210),
        ("一百八", 180),
        ("一百六十五", 165),
        ("半", 0.5),
        ("十", 10),
        ("二十", 20),
        ("", None),
    ],
)
def test_numbers_in_digits_and_in_words(text: str, value: float | None) -> None:
    assert read_number(text) == value


@pytest.mark.parametrize(
    ("text", "name", "value"),
    [
        ("烧到39度5", "temp", 39.5),
        ("体温三十八度六", "temp", 38.6),
        ("血压165/110", "sbp", 165),
        ("血压165/110", "dbp", 110),
        ("高压两百一", "sbp", 210),
        ("低压130了", "dbp", 130),
        ("血糖2.1", "glucose", 2.1),
        ("血糖仪显示HI".lower(), "glucose", 35.0),
        ("心率一分钟180", "heart_rate", 180),
        ("指尖夹的那个仪器显示78", "spo2", 78),
        ("血红蛋白52", "hemoglobin", 52),
        ("孕38周", "weeks", 38),
        ("宝宝20天", "age_days", 20),
        ("两个月大", "age_days", 60),
        ("两岁半", "age_years", 2.5),
        ("俺爹八十一,睡不着", "age_years", 81),
        ("婆婆70了膝盖疼", "age_years", 70),
        ("男的42,小便刺痛", "age_years", 42),
        ("女娃刚落地一个星期", "age_days", 7),
        ("打完五联针发烧,六个月,哭闹", "age_days", 180),
        ("十个月咳嗽有痰", "age_days", 300),
        ("36周了半夜腿肿", "weeks", 36),
        ("疼了半小时", "minutes", 30),
        ("疼了一个半小时", "minutes", 90),
    ],
)
def test_what_a_number_measures(text: str, name: str, value: float) -> None:
    assert value in values(text, name)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("血糖一直高", "glucose"),
        ("血压一下子上来了", "sbp"),
        ("心跳一会快一会慢", "heart_rate"),
        ("血压900", "sbp"),
        ("水温40度的水", "temp"),
        ("十分钟前", "minutes"),
    ],
)
def test_what_is_no_measure(text: str, name: str) -> None:
    assert values(text, name) == []


@settings(deadline=None)
@given(st.text(alphabet="血压糖体温烧孕周月岁天小时分钟一二两三十百半点度0123456789./,宝宝大", max_size=60))
def test_every_measure_stands_in_the_text_and_is_finite(text: str) -> None:
    for measure in find_measures(text):
        assert 0 <= measure.start < measure.end <= len(text)
        assert 0 <= measure.value < 1e6
