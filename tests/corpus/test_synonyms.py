from __future__ import annotations

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.clean import search_key
from corpus.synonyms import synonym_groups, synonyms_of


def test_the_table_is_large_and_a_word_stands_in_one_group() -> None:
    groups = synonym_groups()
    assert len(groups) >= 400
    assert all(len(group) >= 2 for group in groups)
    counts = Counter(word for group in groups for word in set(group))
    assert [word for word, count in counts.items() if count > 1] == []


def test_lay_words_bring_the_clinical_term_and_back() -> None:
    assert "腹泻" in synonyms_of("孩子拉肚子两天了")
    assert "拉肚子" in synonyms_of("腹泻吃什么药")
    assert "痉挛" in synonyms_of("腿抽筋")


def test_a_part_named_by_another_has_its_own_synonyms() -> None:
    assert {"肛门"} <= set(synonyms_of("屁股眼肿"))
    assert "臀部" not in synonyms_of("屁股眼疼")
    assert "臀部" in synonyms_of("屁股疼")
    assert "踝关节" in synonyms_of("脚脖子崴了")
    assert "颈部" not in synonyms_of("脚脖子崴了")


def test_what_the_question_says_itself_is_no_synonym() -> None:
    assert "拉肚子" not in synonyms_of("拉肚子就是腹泻吗")
    assert synonyms_of("今天天气不错") == ()


@settings(deadline=None)  # the first call loads the tables
@given(st.text(max_size=60))
def test_synonyms_are_new_words(text: str) -> None:
    assert all(word not in search_key(text) for word in synonyms_of(text))
