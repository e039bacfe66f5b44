from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.conditions import SAFETY_NET, UNREAD, Asker, absences, conditions
from corpus.denials import illnesses, without_absences
from corpus.points import read_points


def asks(question: str, *groups: str, named: str = "") -> Asker:
    return Asker.of(question, f"{question} {named}", f"{question} {named}", groups)


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
        ("疼了3天以上不要卧床。", "不要卧床休息", ()),
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
    ("answer", "point", "expected"),
    [
        # Said of whoever has it not, and so of nobody who has.
        ("没有糖尿病的可以喝蜂蜜水。", "喝蜂蜜水", ("非:糖尿病",)),
        ("没有糖尿病的人可以吃香蕉。", "吃香蕉", ("非:糖尿病",)),
        ("不发烧的话不用吃退烧药。", "不必用退热止痛药", ("非:发烧",)),
        ("不发烧就不用吃退烧药。", "不必用退热止痛药", ("非:发烧",)),
        ("非孕妇可以热敷。", "热敷", ("非:孕妇",)),
        ("没怀孕的话可以拍片。", "拍片或做CT", ("非:孕妇",)),
        ("非哺乳期的女性可用他汀。", "用他汀降脂药", ("非:哺乳期",)),
        ("没有胃溃疡的话，可以短期吃布洛芬。", "用退热止痛药", ("非:胃溃疡",)),
        ("如果没有肺炎，就不用输液。", "不必输液治疗", ("非:肺炎",)),
        ("只要不呕吐就可以喝粥。", "吃易消化食物", ("非:呕吐",)),
        ("没有合并感染的不需要用抗生素。", "不必用抗生素", ("非:感染",)),
        ("不是细菌感染时不要用抗生素。", "不要用抗生素", ("非:感染",)),
        ("无禁忌者可服用布洛芬。", "用退热止痛药", ()),
        # To the end of a list, and no further.
        ("无发热、咳嗽者不需要吃抗生素。", "不必用抗生素", ("非:发热", "非:咳嗽")),
        ("如果没有发热咳嗽，可用布洛芬。", "用退热止痛药", ("非:发热", "非:咳嗽")),
        ("不咳嗽咽痛时可用布洛芬。", "用退热止痛药", ("若:咽痛", "非:咳嗽")),
        ("无症状高血压患者可用硝苯地平。", "用降压药", ("高血压",)),
        ("没有高血压的都可以用伪麻黄碱。", "用伪麻黄碱", ("非:高血压",)),
        # Where in the body, and how it was found out.
        ("没有颅内出血的患者可以按摩。", "推拿按摩", ("非:内出血",)),
        ("没有下肢深静脉血栓的患者可以按摩小腿。", "推拿按摩", ("非:深静脉血栓",)),
        ("没有腰椎骨折的病人可以推拿。", "推拿按摩", ("非:骨折",)),
        ("未见感染者不用抗生素。", "不要用抗生素", ("非:感染",)),
        ("未发现骨折的可以按摩。", "推拿按摩", ("非:骨折",)),
        ("没查出骨折的可以按摩。", "推拿按摩", ("非:骨折",)),
        ("如果拍片未见骨折，可以按摩。", "推拿按摩", ("非:骨折",)),
        ("已排除骨折的可以按摩。", "推拿按摩", ("非:骨折",)),
        ("骨折排除后可以按摩。", "推拿按摩", ("非:骨折",)),
        # An illness that holds a group's word is no group.
        ("不是宫外孕可以保胎。", "保胎治疗", ("非:宫外孕",)),
        ("没有先兆流产的孕妇可以同房。", "同房备孕", ("孕妇", "非:先兆流产")),
        ("既不是孕妇也不是哺乳期的女性可用四环素。", "用四环素", ("非:哺乳期", "非:孕妇")),
        ("非哺乳期非孕期妇女可用四环素。", "用四环素", ("非:哺乳期", "非:孕妇")),
        ("不在孕期的女性可用四环素。", "用四环素", ("非:孕妇",)),
        ("如果不是因为怀孕，可以用黄体酮。", "用黄体酮", ("非:孕妇",)),
        ("脱敏治疗不在孕期启动。", "脱敏治疗", ("非:孕妇",)),
        # What is over.
        ("停止哺乳后可以用他汀。", "用他汀降脂药", ("非:哺乳期",)),
        ("孕期结束后可以用他汀。", "用他汀降脂药", ("非:孕妇",)),
        ("停降压药后可以吃香蕉。", "吃香蕉", ("高血压",)),
        ("停止哺乳，可以用他汀。", "用他汀降脂药", ("哺乳期",)),
        # In a clause of its own.
        ("孩子没有发烧，可以热敷。", "热敷", ("儿童", "非:发烧")),
        ("除非合并感染，否则不用抗生素。", "不必用抗生素", ("非:感染",)),
        ("不用抗生素，除非合并感染。", "不必用抗生素", ("非:感染",)),
        ("除非合并感染，才用抗生素。", "用抗生素", ("若:感染",)),
        # No condition: asked, hoped for, conceded, to be found out, no denial.
        ("补钙就不抽筋了。", "补钙", ()),
        ("为了不抽筋，要补钙。", "补钙", ()),
        ("即使不发烧，也可以热敷。", "热敷", ()),
        ("不发烧的孩子也可以热敷。", "热敷", ("儿童",)),
        ("做B超排除肾结石，可以热敷。", "热敷", ()),
        ("不少孕妇可以补钙。", "补钙", ("孕妇",)),
        # Nobody who asks is known to have no complaint.
        ("没有症状的不需要手术。", "不必手术治疗", ("若:",)),
        ("发烧的话可用布洛芬。", "用退热止痛药", ("若:发烧",)),
    ],
)
def test_what_must_not_be_there(answer: str, point: str, expected: tuple[str, ...]) -> None:
    assert of(answer, point) == expected


@pytest.mark.parametrize(
    ("answer", "point", "expected"),
    [
        ("孕妇以外的人群可以用布洛芬。", "用退热止痛药", ("非:孕妇",)),
        ("糖尿病患者以外可以喝蜂蜜水。", "喝蜂蜜水", ("非:糖尿病",)),
        ("除孕妇外都可以贴膏药。", "贴膏药", ("非:孕妇",)),
        ("除婴儿外都可以喝蜂蜜水。", "喝蜂蜜水", ("非:婴儿",)),
        ("除孕妇、哺乳期妇女之外都可以用四环素。", "用四环素", ("非:哺乳期", "非:孕妇")),
        ("除外孕妇都可以用四环素。", "用四环素", ("非:孕妇",)),
        ("一岁以内的婴儿除外，都可以喝蜂蜜水。", "喝蜂蜜水", ("非:婴儿",)),
        ("除了肾功能不全的病人，都可以吃香蕉。", "吃香蕉", ("非:肾功能不全", "非:肾病")),
        ("除非怀孕，一般可以做CT。", "拍片或做CT", ("非:孕妇",)),
        ("除糖尿病外，高血压也要少吃盐。", "低盐饮食", ("高血压", "非:糖尿病")),
        # After the advice.
        ("喝蜂蜜水可以，糖尿病人除外。", "喝蜂蜜水", ("非:糖尿病",)),
        ("可以喝蜂蜜水，每天一勺，糖尿病人除外。", "喝蜂蜜水", ("非:糖尿病",)),
        ("可以喝蜂蜜水。糖尿病人除外。", "喝蜂蜜水", ("非:糖尿病",)),
        ("可以吃香蕉，肾功能不全者除外。", "吃香蕉", ("非:肾功能不全", "非:肾病")),
        ("成人可用布洛芬，孕妇例外。", "用退热止痛药", ("成人", "非:孕妇")),
        ("可以按摩（孕妇、骨折患者除外）。", "推拿按摩", ("非:孕妇", "非:骨折")),
        # Whom we do not know nobody is known to be.
        ("可以热敷（皮肤破损者除外）。", "热敷", ("若:",)),
        ("除皮肤破损者外，都可以热敷。", "热敷", ("若:",)),
        ("除皮肤破损和孕妇外，都可以热敷。", "热敷", ("若:", "非:孕妇")),
        ("除6个月以下婴儿外都可用布洛芬。", "用退热止痛药", ("若:", "非:婴儿")),
        # No exception from whom it is for.
        ("除热敷外，还可以按摩。", "推拿按摩", ()),
        ("除了吃药，还可以热敷。", "热敷", ()),
        ("解除焦虑后可以热敷。", "热敷", ()),
        ("多喝水可以排除毒素，外面冷要保暖。", "注意保暖", ()),
    ],
)
def test_who_is_left_out(answer: str, point: str, expected: tuple[str, ...]) -> None:
    assert of(answer, point) == expected


@pytest.mark.parametrize(
    ("answer", "point", "unread"),
    [
        # A denial with words between that we do not know.
        ("没有做过手术的糖尿病患者可以吃香蕉。", "吃香蕉", True),
        ("没有陈旧性骨折的可以按摩。", "推拿按摩", True),
        ("没有颅内压增高、出血的患者可以按摩。", "推拿按摩", True),
        ("没有胃口发热的孩子可用布洛芬。", "用退热止痛药", True),
        ("不是肺炎引起的发热患者可用布洛芬。", "用退热止痛药", True),
        ("不能排除心梗时不要按摩。", "不要推拿按摩", True),
        ("没有排除肠梗阻之前不要用开塞露。", "不要用开塞露", True),
        # Who is well in something.
        ("血糖不高的人可以喝蜂蜜水。", "喝蜂蜜水", True),
        ("肾功能正常的可以吃香蕉。", "吃香蕉", True),
        ("血压正常的人可以用伪麻黄碱。", "用伪麻黄碱", True),
        ("心功能好的可以多喝水。", "多喝水", True),
        ("没有皮肤破损的，可以热敷。", "热敷", True),
        ("皮肤没破可以热敷。", "热敷", True),
        ("未孕者可以热敷。", "热敷", True),
        ("不喂奶的可以用布洛芬。", "用退热止痛药", True),
        ("无严重肝肾疾病者可用布洛芬。", "用退热止痛药", True),
        ("血钾偏低的可以吃香蕉。", "吃香蕉", True),
        ("不痛就不用吃止痛药。", "不必用退热止痛药", True),
        ("感染不重可以不用抗生素。", "不必用抗生素", True),
        ("轻微感染不用抗生素。", "不必用抗生素", True),
        # A limit in numbers.
        ("三十八度五以下不需要用退烧药。", "不必用退热止痛药", True),
        ("血压超过160/100，需要用降压药。", "用降压药", True),
        ("结节不到1厘米，不需要手术。", "不必手术治疗", True),
        # None of these.
        ("神志不清的人侧卧。", "左侧卧位", False),
        ("保持情绪稳定，多休息。", "多休息", False),
        ("检查结果正常，不用担心，多喝水。", "多喝水", False),
        ("如果没有好转，可以热敷。", "热敷", False),
        ("没有食欲，可以喝粥。", "吃易消化食物", False),
        ("用40度左右的温水泡脚。", "泡脚", False),
        ("体温38.5度，可用布洛芬。", "用退热止痛药", True),
        ("热敷不超过十五分钟，多喝水。", "多喝水", False),
        ("每次20到40分钟，多喝水。", "多喝水", False),
        ("每天运动30分钟以上，多喝水。", "多喝水", False),
        ("眼睛用不含防腐剂的人工泪液。", "用人工泪液", False),
        ("没有症状的，先去医院检查。", "去医院就诊检查", False),  # finding out harms nobody
    ],
)
def test_a_condition_that_is_not_understood_is_met_by_nobody(answer: str, point: str, unread: bool) -> None:
    assert (UNREAD in of(answer, point)) is unread


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
        (asks("发烧怎么办"), "非:糖尿病", True),
        (asks("糖尿病人发烧怎么办", "糖尿病"), "非:糖尿病", False),
        (asks("发烧怎么办", named="发热"), "非:发热", False),
        (asks("孕妇发烧", "孕妇"), "非:孕妇", False),
        (asks("胸痛"), SAFETY_NET, False),
        # Told by a value, by a synonym, or by the head of its name.
        (asks("孩子39度怎么办"), "非:发热", False),
        (asks("低烧"), "非:发热", False),
        (asks("高烧39"), "非:发热", False),
        (asks("体温36.5咳嗽"), "非:发热", True),
        (asks("胃疼怎么办"), "非:发热", True),
        (asks("血压180/110"), "非:高血压", False),
        (asks("头晕怎么办"), "非:高血压", True),
        (asks("胳膊断了"), "非:骨折", False),
        (asks("我对头孢过敏"), "非:药物过敏", False),
        (asks("老是头痛"), "非:药物过敏", True),
        (asks("怀孕出血了要保胎吗"), "非:宫外孕", True),
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


def test_an_illness_at_the_end_of_a_text_ends_with_it() -> None:
    assert [place[1:] for place in illnesses("不无尿")] == [(1, 3)]
    assert without_absences("不无尿") == "不##"


@given(
    st.lists(st.text(alphabet="没有无不非除排除了发烧糖尿病孕妇、的者也"), max_size=3),
    st.text(alphabet="没有无不非除排除了发烧咳嗽糖尿病孕妇症状、的者也就才"),
)
def test_any_text_has_absences_that_can_be_asked_about(before: list[str], text: str) -> None:
    asker = asks("发烧怎么办")
    assert len(without_absences(text)) == len(text)
    for condition in absences(before, text, text, text):
        assert asker.meets(condition) in (True, False)


@pytest.mark.parametrize(
    ("answer", "point", "condition"),
    [
        ("38.5以上可用布洛芬。", "用退热止痛药", "温:38.5-45"),
        ("体温超过38.5度，可用布洛芬。", "用退热止痛药", "温:38.5-45"),
        ("烧到39度可用布洛芬。", "用退热止痛药", "温:39-45"),
        ("38.5以下不需要用退烧药。", "不必用退热止痛药", "温:30-38.5"),
        ("体温不超过38.5不用退烧药。", "不必用退热止痛药", "温:30-38.5"),
        ("不到38度5不用退烧药。", "不必用退热止痛药", "温:30-38.5"),
    ],
)
def test_a_limit_of_fever_is_met_by_who_has_that_fever(answer: str, point: str, condition: str) -> None:
    assert of(answer, point) == (condition,)
    hot, mild, unknown = (
        Asker.of(question, question, question, ()) for question in ("烧到39.5度要吃药吗", "37.8度要吃药吗", "发烧要吃药吗")
    )
    assert (hot.meets(condition), mild.meets(condition)) == ((True, False) if condition.endswith("45") else (False, True))
    assert not unknown.meets(condition)


def test_what_is_ruled_out_is_neither_there_nor_known_to_be_missing() -> None:
    """Who says 没有发烧 may mean it otherwise than we read it, so that what the feverless may do is not told either."""
    asker = Asker.of("咳嗽，没有发烧", "咳嗽，没有发烧", "咳嗽", ())
    assert not asker.meets("若:发烧")
    assert not asker.meets("若:发烧|咽痛")
    assert asker.meets("若:咳嗽")
    assert not asker.meets("非:发烧")
