from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.fillers import without_fillers


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("嗯那个就是我老是头晕", "我老是头晕"),
        ("呃，孩子发烧，然后就是说，一直不退", "孩子发烧，一直不退"),
        ("就是说肚子疼怎么办", "肚子疼怎么办"),
        ("那个那个那个那个那个那个嗯，头疼", "头疼"),
        ("医生你好我想问一下孩子发烧怎么办", "孩子发烧怎么办"),
        ("你好医生，想咨询一下，血糖高吃什么", "血糖高吃什么"),
        ("您好我想请问一下大夫这个药能吃吗", "这个药能吃吗"),
        ("请问一下高血压能治好吗", "高血压能治好吗"),
        ("嗯，那个它老是疼", "它老是疼"),
        ("我想问问大夫开的药", "大夫开的药"),
        ("我这个膝盖，怎么说呢，一走路就响", "我这个膝盖，一走路就响"),
    ],
)
def test_fillers_go(said: str, meant: str) -> None:
    assert without_fillers(said) == meant


@pytest.mark.parametrize(
    "text",
    [
        "医生说你好点了没",
        "你好转了吗",
        "我妈想问一下降压药",
        "不想问医生",
        "医生开的药能吃吗",
        "老师说孩子多动",
        "对那个它过敏",
        "我去医院问一下",
        "额头起痘",
        "那个来了肚子疼",
        "这是不是就是痛风",
        "先发烧然后咳嗽",
        "那个药能吃吗",
        "嗯",
    ],
)
def test_what_says_something_stays(text: str) -> None:
    assert without_fillers(text) == text


@settings(deadline=None)
@given(
    st.one_of(
        st.text(max_size=40),
        st.lists(
            st.sampled_from(
                ["嗯", "那个", "就是", "然后", "，", " ", "头疼", "就是说", "医生", "你好", "我", "想问一下", "请问", "不", "没"]
            ),
            max_size=12,
        ).map("".join),
    )
)
def test_it_settles_and_keeps_negations(text: str) -> None:
    once = without_fillers(text)
    assert without_fillers(once) == once
    assert [c for c in once if c in "不没无别未"] == [c for c in text if c in "不没无别未"]
