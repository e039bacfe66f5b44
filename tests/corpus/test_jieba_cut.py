from __future__ import annotations

import jieba
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.jieba_cut import Tokenizer


def both() -> tuple[jieba.Tokenizer, Tokenizer]:
    """jieba's tokenizer and ours over one dictionary with a term added."""
    theirs, ours = jieba.Tokenizer(), Tokenizer()
    theirs.initialize()
    ours.FREQ, ours.total, ours.initialized = theirs.FREQ, theirs.total, True
    theirs.add_word("腓肠肌痉挛")
    ours.total = theirs.total
    return theirs, ours


THEIRS, OURS = both()
SOME_CHARACTERS = "半夜小腿老抽筋怎么办不要的了我孩子发烧三十九度吃药医院检查血糖高心脏病龘㐀abZ019.% ，。！\n+#&_-𠀀"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "腓肠肌痉挛是小腿抽筋",
        "孩子发烧39.5%怎么办？CT检查",
        "高血压糖尿病人吃二甲双胍缓释片一天两次",
        "我昨晚和小明的妈妈王翠花去了趟医院" * 20,
        "龘龘龘龘" * 10,  # of no word, and longer than what is remembered
    ],
)
def test_words_are_those_of_jieba(text: str) -> None:
    assert list(OURS.cut(text)) == list(THEIRS.cut(text))
    assert list(OURS.cut_for_search(text)) == list(THEIRS.cut_for_search(text))
    assert list(OURS.tokenize(text, mode="search")) == list(THEIRS.tokenize(text, mode="search"))


@given(st.text(st.sampled_from(SOME_CHARACTERS), max_size=60) | st.text(max_size=30))
def test_any_text_is_cut_as_jieba_cuts_it(text: str) -> None:
    words = list(OURS.cut(text))
    assert words == list(THEIRS.cut(text))
    assert "".join(words) == text


def test_other_ways_of_cutting_are_jiebas_own() -> None:
    text = "小腿抽筋怎么办"
    assert list(OURS.cut(text, HMM=False)) == list(THEIRS.cut(text, HMM=False))
    assert list(OURS.cut(text, cut_all=True)) == list(THEIRS.cut(text, cut_all=True))


def test_an_added_word_counts_at_once() -> None:
    ours = Tokenizer()
    assert "蓝瘦香菇汤" not in list(ours.cut("喝蓝瘦香菇汤"))
    ours.add_word("蓝瘦香菇汤")
    assert "蓝瘦香菇汤" in list(ours.cut("喝蓝瘦香菇汤"))
