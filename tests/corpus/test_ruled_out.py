"""What a question says is not there is not what it asks about."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.ruled_out import without_ruled_out
from index.halves import FITS, REPORTS, half_of
from tests.question_sets import read_set


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("孩子咳嗽三天，没有发烧", "孩子咳嗽三天"),
        ("没有发烧，孩子咳嗽三天", "孩子咳嗽三天"),
        ("头晕没有呕吐", "头晕"),
        ("咳嗽不发烧吃什么药", "咳嗽吃什么药"),
        ("咳嗽有痰，不发烧也不流鼻涕，没有拉肚子怎么办", "咳嗽有痰，怎么办"),
        ("头疼 没发烧 没咳嗽", "头疼"),
        # One denial for a list, with marks and without.
        ("无发热、咳嗽，胸前发痒", "胸前发痒"),
        ("无胸闷气短，持续咳嗽三天", "持续咳嗽三天"),
        ("没有高血压和糖尿病，就是头晕", "就是头晕"),
        ("没有发烧咳嗽，头疼三天", "头疼三天"),
        # What a list without marks ends in may be told and not denied.
        ("没有发烧咳嗽三天了", "咳嗽三天了"),
        ("没有发烧、咳嗽好几天了", "咳嗽好几天了"),
        ("高血压糖尿病都没有，就是头晕", "就是头晕"),
        # 不 denies one thing only.
        ("不发烧咳嗽有痰", "咳嗽有痰"),
        # What goes with the name goes too.
        ("没有发烧的症状，就是嗓子疼", "就是嗓子疼"),
        ("没得过糖尿病，脚麻怎么回事", "脚麻怎么回事"),
        ("拍片排除了骨折，脚踝还是疼", "拍片，脚踝还是疼"),
        ("医生说不是乳腺炎，可乳房胀痛", "医生说，可乳房胀痛"),
        # What is left need not be an illness that we know by name.
        ("手一直抖，查过没有甲亢", "手一直抖，查过"),
    ],
)
def test_what_is_not_there_is_taken_out(question: str, asked: str) -> None:
    assert without_ruled_out(question) == asked


@pytest.mark.parametrize(
    "question",
    [
        # Nothing else is told.
        "没有发热",
        "不咳嗽了怎么回事",
        "没得过水痘的大人会被传染吗",
        "没得过水痘，大人会被传染吗",
        "医生您好，没得过水痘，大人会被传染吗",
        "宝宝八个月，不拉肚子了，可以换回普通奶粉吗",
        # The absence is what is asked about.
        "头疼，为什么不发烧",
        "咳嗽，没有发烧正常吗",
        "头疼得不出汗",
        # It was not there before.
        "以前没有高血压，最近头晕",
        # Something else is denied.
        "吃了退烧药没退烧，头疼",
        "咳嗽没有好转还发烧",
        "咳嗽不严重流鼻涕",
        "没感冒药了，头疼吃啥",
        "没有乙肝抗体，有脂肪肝",
        "没有去医院看发烧，咳嗽",
        "三年没怀孕，有宫颈炎",
        # Nothing is: who asks, guesses, or names one of two.
        "有没有可能是肺炎，咳嗽半月",
        "咳嗽半月，有没有肺炎",
        "是不是感冒，头疼",
        "不知道是不是感冒，头疼",
        "应该不是感冒吧，头疼得厉害",
        "不是感冒就是鼻炎，头疼",
        "动不动就头晕，腿疼",
        "时不时头晕，腿疼",
        # Denied twice, doubted, supposed, wished for, told by others, or over.
        "没有一天不头疼，还恶心",
        "不是没有发烧，就是不高，还咳嗽",
        "不能说没有高血压，只是没量，头晕",
        "以为没骨折，结果断了，脚踝疼",
        "差点没骨折，脚踝疼",
        "怕不是肺炎，咳嗽半月",
        "如果没有发烧，咳嗽要吃药吗",
        "头疼吃什么药不犯困",
        "孕前没有高血压，现在150/95，脚肿",
        "从来没有头疼过，今天突然疼得像炸开，恶心",
        "白天不发烧，晚上就烧，咳嗽",
        "头晕不头晕，腿疼",
        "缺不缺钙要查吗，腿抽筋",
        # The name goes on, or says how much.
        "血压不高血脂高，头晕",
        "高血压没有糖尿病有十年了，脚麻",
        "不发烧的肺炎怎么治，孩子咳嗽",
        "没有糖尿病并发症，脚麻",
        "没有出血很多，肚子疼",
        "做B超排除宫外孕，停经四十天肚子疼",
        "被狗咬没出血，腿疼",
        "突然不恶心了，肚子疼，怀孕七周",
        # Somebody else has it, or it is back.
        "我没有乙肝，男朋友是携带者，能结婚吗",
        "一年没口腔溃疡了，最近又长了一个，牙疼",
        # Marks are tidied only where something is taken out.
        "不知道怎么了，，头疼 。",
    ],
)
def test_what_denies_no_illness_stays(question: str) -> None:
    assert without_ruled_out(question) == question


@pytest.mark.parametrize("half", [FITS, REPORTS])
def test_questions_by_somebody_who_saw_no_rule(half: int) -> None:
    rows = [row for row in read_set("ruled_out") if half_of(row["question"]) == half]
    changed = {
        kind: [without_ruled_out(row["question"]) != row["question"] for row in rows if row["kind"] == kind] for kind in ("denied", "trap")
    }
    assert sum(changed["denied"]) >= 0.75 * len(changed["denied"]) > 20
    assert not any(changed["trap"])
    assert len(changed["trap"]) == 8


@given(
    st.lists(
        st.sampled_from(["没有", "不", "无", "发烧", "咳嗽", "高血压", "头疼", "，", "和", " ", "了", "怎么办", "是", "手一直发抖", "吗"]),
        max_size=12,
    )
)
def test_the_rest_is_part_of_the_question_in_its_order(parts: list[str]) -> None:
    question = "".join(parts)
    rest = without_ruled_out(question)
    letters = iter(question)
    assert all(letter in letters for letter in rest)
    assert bool(rest.strip()) == bool(question.strip())
