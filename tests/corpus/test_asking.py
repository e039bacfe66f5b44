"""A question without what it asks."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.asking import without_asking


@pytest.mark.parametrize(
    ("question", "told"),
    [
        *(("宝宝脸上起了湿疹怎么办", "宝宝脸上起了湿疹"), ("宝宝脸上起了湿疹", "宝宝脸上起了湿疹")),
        *(("喝了半瓶百草枯，会不会有事，要不要去医院", "喝了半瓶百草枯"), ("吐血了，是什么原因，严重吗？", "吐血了")),
        *(("刚着凉能吃头孢吗", "刚着凉"), ("老人突然一边手脚不能动，过一会儿会好吗", "老人突然一边手脚不能动，过一会儿")),
        *(
            ("老鼠药吃了半包，现在没感觉，有事没", "老鼠药吃了半包，现在没感觉"),
            ("化疗第9天发烧38.9能不能在家吃布洛芬", "化疗第9天发烧38.9"),
        ),
        ("妈两只手动不了 咋整 在线等", "妈两只手动不了"),
    ],
)
def test_what_is_told_stays(question: str, told: str) -> None:
    assert without_asking(question) == told


@pytest.mark.parametrize(
    "question", ["怎么叫都不醒", "现在没什么感觉", "哪儿都疼", "说话没什么力气，手抬不起来", "怎么办", "会不会死", "", "？"]
)
def test_what_asks_nothing_or_nothing_else_stays_as_it_is(question: str) -> None:
    assert without_asking(question) == question


@given(st.text())
def test_any_text_keeps_something(text: str) -> None:
    told = without_asking(text)
    assert len(told) <= len(text)
    assert bool(told) == bool(text)
