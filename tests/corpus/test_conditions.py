from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.conditions import SAFETY_NET, Asker, conditions
from corpus.points import read_points


def asks(question: str, *groups: str, named: str = "") -> Asker:
    return Asker.of(question, f"{question} {named}", groups)


def of(answer: str, point: str) -> tuple[str, ...]:
    return next(mention.groups for mention in read_points(answer) if mention.point == point)


@pytest.mark.parametrize(
    ("answer", "point", "expected"),
    [
        ("6个月以下不用布洛芬。", "不要用布洛芬", ("岁:0-180",)),
        ("布洛芬6个月以下不用。", "不要用布洛芬", ("岁:0-180",)),
        ("不满6个月，不用布洛芬。", "不必用布洛芬", ()),  # the clause before is no condition in form
        ("18岁以下不用阿司匹林。", "不要用阿司匹林", ("岁:0-6570",)),
        ("6到12岁可用布洛芬。", "用退热止痛药", ("岁:2190-4745",)),
        ("1岁半以上可用布洛芬。", "用退热止痛药", ("岁:547-47450",)),
        ("肾结石者不宜用苯溴马隆。", "不要用苯溴马隆", ("若:肾结石",)),
        ("如果是肺炎，可用抗生素。", "用抗生素", ("若:肺炎",)),
        ("如果缺钙，可以补钙。", "补钙", ()),
        ("如果缺钙，不要热敷。", "不要热敷", ("若:缺钙",)),
        ("如果仍不见好，可用抗生素。", "用抗生素", ("若:",)),
        ("发热或咽痛时可用布洛芬。", "用退热止痛药", ("若:发热|咽痛",)),
        ("发热伴咽痛时可用布洛芬。", "用退热止痛药", ("若:发热 咽痛",)),
        ("痛风或肾结石者不宜用布洛芬。", "不要用布洛芬", ("痛风",)),
        # How long, how often and when are no ages and no illnesses.
        ("疼了3个月以上可用布洛芬。", "用退热止痛药", ()),
        ("疼痛持续3周以上，可用布洛芬。", "用退热止痛药", ()),
        ("6到12个月复查。", "定期复查", ()),
        ("别卧床超过3天。", "不要卧床休息", ()),
        ("睡觉时可用布洛芬。", "用退热止痛药", ()),
        ("及时用布洛芬。", "用退热止痛药", ()),
        ("主要是肺炎，可用抗生素。", "用抗生素", ()),
        ("肺炎是细菌引起的，可用抗生素。", "用抗生素", ()),
        ("患者可用布洛芬。", "用退热止痛药", ()),
        ("怀孕20周以上可补钙。", "补钙", ("孕妇",)),
    ],
)
def test_conditions(answer: str, point: str, expected: tuple[str, ...]) -> None:
    assert of(answer, point) == expected


@pytest.mark.parametrize(
    ("answer", "net"),
    [
        ("如果胸痛憋气，立即拨打120。", True),
        ("胸痛憋气，立即拨打120。", True),
        ("尿不出来去急诊。", True),
        ("立即拨打120。", False),
        ("不要等，现在就去急诊。", False),
        ("多休息；马上去急诊。", False),
    ],
)
def test_a_safety_net_is_told_from_an_order(answer: str, net: bool) -> None:
    assert (SAFETY_NET in of(answer, "危急时拨打120或去急诊")) is net


@pytest.mark.parametrize(
    ("answer", "net"), [("症状加重，应及时就医。", True), ("一周仍不缓解要及时就医。", True), ("建议去医院就诊。", False)]
)
def test_to_see_a_doctor_in_case_of_something(answer: str, net: bool) -> None:
    assert (SAFETY_NET in of(answer, "去医院就诊检查")) is net


@pytest.mark.parametrize(
    ("asker", "condition", "met"),
    [
        (asks("宝宝5个月发烧", "婴儿"), "岁:0-180", True),
        (asks("宝宝8个月发烧", "婴儿"), "岁:0-180", False),
        (asks("宝宝发烧", "婴儿"), "岁:0-180", False),  # may be older
        (asks("他能吃布洛芬吗"), "岁:0-180", False),
        (asks("孩子5岁发烧", "儿童"), "岁:0-6570", True),
        (asks("孩子发烧", "儿童"), "岁:0-6570", True),
        (asks("孩子发烧", "儿童"), "岁:2190-4745", False),
        (asks("发烧怎么办"), "岁:180-47450", True),
        (asks("我妈72岁腰疼", "老人"), "岁:23725-47450", True),
        (asks("老人腰疼", "老人"), "岁:23725-47450", False),
        (asks("孕妇发烧", "孕妇"), "孕妇", True),
        (asks("发烧怎么办"), "孕妇", False),
        (asks("发烧怎么办", named="发热"), "若:发热", True),
        (asks("发烧怎么办", named="发热"), "若:发热 咽痛", False),
        (asks("发烧怎么办", named="发热"), "若:发热|咽痛", True),
        (asks("发烧怎么办"), "若:", False),
        (asks("胸痛"), SAFETY_NET, False),
    ],
)
def test_who_meets_a_condition(asker: Asker, condition: str, met: bool) -> None:
    assert asker.meets(condition) is met


@given(
    st.lists(st.text(alphabet="如果6个月岁以下者时有的发热、或伴，不满"), max_size=3),
    st.text(alphabet="18岁以下肾结石者时的"),
    st.booleans(),
)
def test_any_text_has_conditions_that_can_be_asked_about(before: list[str], text: str, refused: bool) -> None:
    asker = asks("发烧怎么办")
    for condition in conditions(before, text, text, refused=refused):
        assert asker.meets(condition) in (True, False)
