from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.clean import clean_text
from corpus.lexicon import load_medical_terms, load_stopwords
from corpus.record import RecordError, make_record
from corpus.segment import (
    PASSAGE_LIMIT,
    content_words,
    find_words,
    lexical_tokens,
    lexicon_files,
    passages,
    record_tokens,
    sentences,
    together,
    word_spans,
    words,
    words_among,
)
from index.check import segmentation_identity

TEXTS = st.text(alphabet=st.one_of(st.sampled_from("头痛发热咳嗽。！？，；、\n 123.abc”）"), st.characters()), max_size=1200)


def without_blanks(text: str) -> str:
    return re.sub(r"\s+", "", text)


def test_sentences_keep_their_marks_and_closing_quotes() -> None:
    text = "他说：“没事。”后来好了！真的？！每次1.5片。\n完"
    assert [span.text for span in sentences(text)] == ["他说：“没事。”", "后来好了！", "真的？！", "每次1.5片。", "完"]


@given(TEXTS)
def test_passages_are_the_text_cut_at_places(text: str) -> None:
    text = clean_text(text)
    spans = passages(text)
    assert all(text[span.start : span.end] == span.text for span in spans)
    assert all(len(span.text) <= PASSAGE_LIMIT for span in spans)
    assert without_blanks("".join(span.text for span in spans)) == without_blanks(text)
    assert all(left.end <= right.start for left, right in pairwise(spans))


@settings(deadline=None)  # the first call loads the dictionary
@given(TEXTS, st.lists(st.text(alphabet="头痛发热咳嗽.1a-，β", min_size=1, max_size=3)))
def test_found_words_are_the_wanted_ones_of_all_words(text: str, wanted: list[str]) -> None:
    text = clean_text(text)
    every = list(word_spans(text))
    wanted += [span.text for span in every[::3]]
    assert find_words(text, frozenset(wanted)) == [span for span in every if span.text in wanted]
    assert words_among(text, wanted) == {span.text for span in every} & set(wanted)


def test_found_words_are_whole_words_in_their_places() -> None:
    spans = find_words("头孢不治头痛。小腿抽筋，Vitamin D", frozenset({"头痛", "头", "抽筋", "vitamin"}))
    assert [(span.start, span.text) for span in spans] == [(4, "头痛"), (9, "抽筋"), (12, "vitamin")]


def test_passages_are_whole_sentences_near_200_characters() -> None:
    sentence = "这是一句正好二十个字的话，用来试一试切段。"
    spans = passages(sentence * 30)
    assert all(span.text.endswith("。") for span in spans)
    assert all(150 <= len(span.text) <= PASSAGE_LIMIT for span in spans[:-1])


def test_content_words_carry_meaning() -> None:
    assert content_words("请问我老是小腿抽筋怎么办") == ("小腿", "抽筋", "腿抽筋", "小腿抽筋", "怎么", "怎么办")


def test_a_sentence_without_marks_is_cut() -> None:
    assert [len(span.text) for span in passages("痛" * 1000)] == [320, 320, 320, 40]


@pytest.mark.parametrize("term", ["腓肠肌痉挛", "拉肚子", "糖化血红蛋白", "喘不上气", "三叉神经痛"])
def test_the_lexicon_keeps_terms_whole(term: str) -> None:
    assert term in words(f"我妈{term}好几天了")


def test_lexical_tokens_are_search_words_and_bigrams() -> None:
    tokens = lexical_tokens("腓肠肌痉挛CT")
    assert {"腓肠肌痉挛", "腓肠肌", "痉挛", "腓肠", "肠肌", "肌痉", "ct"} <= set(tokens)


@pytest.mark.parametrize(
    ("taken_apart", "word"),
    [
        ("我爸中过风", "中风"),
        ("小时候抽过一次风", "抽风"),
        ("腿骨过折", "骨折"),
        ("昨晚发了烧", "发烧"),
        ("发了三天高烧", "发高烧"),
        ("感了冒", "感冒"),
        ("吐了一大口血", "吐血"),
        ("怀过孕", "怀孕"),
        ("拔了一颗牙", "拔牙"),
        ("三天没拉屎", "便秘"),
        ("孩子5天没大便了", "便秘"),
        ("两天没解手", "便秘"),
        ("没拉大便四天了", "便秘"),
        ("老人一个星期没排便", "便秘"),
    ],
)
def test_a_word_taken_apart_is_searched_as_one(taken_apart: str, word: str) -> None:
    assert word in lexical_tokens(taken_apart)
    assert word in content_words(taken_apart)


@pytest.mark.parametrize(
    "text",
    [
        "喝了水",
        "出了血管瘤",
        "上了火车",
        "发了烧烤",
        "中了风寒",
        "中了风险",
        "打了针灸",
        "三天没拉肚子了",
        "一周没拉稀",
        "没拉屎",
        "三天没拉手",
        "三天没吃药",
        "骨折过",
    ],
)
def test_what_is_said_of_other_things_stays(text: str) -> None:
    assert together(text) == text


def test_a_little_blood_is_no_petechia() -> None:
    assert together("出了点血") == "出血"
    assert together("流了两天血") == "流血两天"


@pytest.mark.parametrize(
    ("whole", "part"), [("脚脖子", "脖子"), ("腿肚子", "肚子"), ("屁股眼", "屁股"), ("手脖子", "脖子"), ("手指甲", "手指")]
)
def test_a_part_of_the_body_is_not_the_one_it_is_named_by(whole: str, part: str) -> None:
    tokens = lexical_tokens(f"{whole}肿了")
    assert whole in tokens
    assert part not in tokens
    assert part not in content_words(f"{whole}肿了")
    assert find_words(f"{whole}肿了", frozenset({part})) == []
    assert part in lexical_tokens(f"{whole}和{part}肿了")


@pytest.mark.parametrize(("whole", "part"), [("下腹部", "腹部"), ("小肚子", "肚子"), ("小拇指", "拇指")])
def test_a_side_of_a_part_is_that_part(whole: str, part: str) -> None:
    assert part in lexical_tokens(f"{whole}疼")


def test_what_segmentation_reads_is_told_to_the_index() -> None:
    assert {path.name for path in lexicon_files()} == {"medical.txt", "stopwords.txt", "separable.txt"}
    assert {"separable.txt", "synonyms.tsv", "audience.toml", "patient.toml", "points.toml"} <= segmentation_identity().keys()


def test_negations_are_tokens_and_no_stop_words() -> None:
    assert not {"不", "没", "无", "没有", "未", "别"} & load_stopwords()
    assert "没有" in lexical_tokens("没有胸痛")
    assert "不" in lexical_tokens("不 发烧")


def test_word_spans_stand_where_they_say() -> None:
    text = "吃了VitaminB12和钙片，小腿还抽筋。"
    spans = list(word_spans(text))
    assert all(text[span.start : span.end].lower() == span.text for span in spans)
    assert "抽筋" in [span.text for span in spans]


def test_the_lexicon_is_large_clean_and_classified() -> None:
    terms = load_medical_terms()
    assert len(terms) >= 3000
    assert all(len(term) >= 2 and term == term.strip() for term in terms)
    assert set(terms.values()) == {"disease", "symptom", "body", "drug", "test", "treatment", "department", "nutrient", "person"}


@given(TEXTS, TEXTS)
def test_a_record_has_the_tokens_of_its_texts(question: str, answer: str) -> None:
    try:
        record = make_record({"question": question, "answer": answer}, default_source="test")
    except RecordError:
        return
    assert record_tokens(record) == lexical_tokens(f"{record.question}\n{record.answer}")
