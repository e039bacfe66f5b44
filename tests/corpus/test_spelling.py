from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.clean import clean_line
from corpus.misspelling import KEPT
from corpus.spelling import Change, put_right
from tests.question_sets import read_set

PIECES = st.sampled_from([
    "感帽", "拉肚了", "高血鸭", "失棉", "糖料病", "头 痛", "小 腿 抽 筋", "ganmao", "xiaotui抽筋", "xueya gao", "CT", "不", "没有", "无", "未", "39.5", "2025-01-02",
    "三", "布洛芬", "阿莫西林", "我妈", "怎么办", "，", " ", "\n", "的", "women", "炎", "湿诊", "要", "了", "血tang高", "aaa", "zh", "'", "𠀀", "é",
])  # fmt: skip
QUESTIONS = st.one_of(st.text(max_size=60), st.lists(PIECES, max_size=10).map("".join), st.lists(PIECES, max_size=10).map(" ".join))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("感帽了吃什么药", "感冒了吃什么药"),
        ("孩子拉肚了怎么办", "孩子拉肚子怎么办"),
        ("高血鸭能吃人参吗", "高血压能吃人参吗"),
        ("最近老是失棉", "最近老是失眠"),
        ("糖料病能吃西瓜吗", "糖尿病能吃西瓜吗"),
        ("甲壮腺结节", "甲状腺结节"),
        ("青每素过敏", "青霉素过敏"),
        ("高压血怎么治", "高血压怎么治"),
        ("ganmao", "感冒"),
        ("gan mao fashao", "感冒发烧"),
        ("xueya gao", "血压高"),
        ("xiaotui抽筋", "小腿抽筋"),
        ("血tang高", "血糖高"),
        ("HPV yangxing zenmeban", "HPV 阳性怎么办"),
        ("小 腿 抽 筋", "小腿抽筋"),
        ("感 冒了", "感冒了"),
    ],
)
def test_what_is_mistyped_is_put_right(typed: str, meant: str) -> None:
    assert put_right(typed).text == meant


def test_the_changes_are_told() -> None:
    assert put_right("感帽 失棉").changes == (Change("感帽", "感冒"), Change("失棉", "失眠"))
    assert put_right("gan mao 拉肚了").changes == (Change("gan mao", "感冒"), Change("拉肚了", "拉肚子"))
    assert put_right("小 腿 抽 筋").changes == ()


@pytest.mark.parametrize(
    "question",
    [
        "感冒不发烧要紧吗", "喉咙痒老想咳", "孩子挠出血了", "口腔有溃疡", "我的血压正常吗", "灼烧感", "高血压并痛风", "十二指肠癌", "喝菊花茶", "脑癌早期症状",
        "做了CT和MRI", "HPV HIV PSA TSH", "B超说有结节", "women 和 men", "ANA阳性", "吃了妈富隆", "优甲乐早上吃", "头孢地尼和头孢他啶", "2025年1月2日做的手术",
        "化疗要注意什么", "血糖也高", "病发症状", "达英35", "眼睛干 嘴巴干", "baby fever", "iPhone", "O型腿", "vitamin c", "口jiao", "抗e抗体", "维生素a", "小腿 抽筋", "发烧 咳嗽",
    ],
)  # fmt: skip
def test_what_is_right_stays(question: str) -> None:
    assert put_right(question).text == question


def test_traditional_and_full_width_are_folded_before() -> None:
    assert put_right(clean_line("感帽發燒")).text == "感冒发烧"
    assert put_right(clean_line("ｇａｎｍａｏ")).text == "感冒"


@settings(max_examples=150, deadline=None)
@given(QUESTIONS)
def test_it_settles_and_keeps_what_turns_the_meaning(question: str) -> None:
    corrected = put_right(question)
    assert put_right(corrected.text) == (type(corrected))(corrected.text, ())
    assert re.findall(r"\d", corrected.text) == re.findall(r"\d", question)
    typed = [character for character in question if character in KEPT]
    kept = [character for character in corrected.text if character in KEPT]
    # Pinyin may add one (bu shufu is 不舒服); none that was typed is lost.
    assert kept == typed if not re.search("[a-z]", question, re.IGNORECASE) else len(kept) >= len(typed)
    assert (corrected.text == question) or corrected.changes or " " in question


def without_blanks(text: str) -> str:
    return re.sub(r"\s+", "", clean_line(text))


@pytest.mark.parametrize("half", ["dev", "heldout"])
def test_most_misspelt_questions_are_put_right(half: str) -> None:
    questions = read_set(f"misspelt_{half}")
    right = [q for q in questions if without_blanks(put_right(clean_line(q["question"])).text) == without_blanks(q["right"])]
    print(f"{half}: {len(right)} of {len(questions)} put right")
    assert len(questions) >= 75
    assert len(right) >= 0.85 * len(questions)


def test_questions_that_are_right_are_left_alone() -> None:
    questions = [q["question"] for name in ("starter_questions", "floor_dev") for q in read_set(name)]
    changed = [q for q in questions if put_right(clean_line(q)).changes]
    # A few of them are misspelt on purpose.
    assert len(questions) > 500
    assert len(changed) <= 0.03 * len(questions)
