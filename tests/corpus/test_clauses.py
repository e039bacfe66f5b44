"""Which words of a question count: negation, time, frames and endings, each worked out by the clause."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.clauses import MAX_CLAUSE, split_clauses, split_segments
from corpus.happening.doubts import Doubt
from corpus.happening.negated import is_negated
from corpus.happening.reading import Reading


def doubts(text: str, word: str) -> frozenset[Doubt]:
    """The doubts about the first place where a word stands."""
    start = text.index(word)
    return Reading(text).doubts(start, start + len(word))


# ----- segments and clauses


def test_segments_end_at_marks_but_not_at_a_decimal_point() -> None:
    text = "烧39.5度,头疼。吐了 三次"
    assert [text[start:end] for start, end in split_segments(text)] == ["烧39.5度", "头疼", "吐了", "三次"]


def test_clauses_begin_where_the_story_turns_without_a_mark() -> None:
    text = "昨天还好好的今天突然头疼但是没吐"
    assert [text[start:end] for start, end in split_clauses(text)] == ["昨天还好好的", "今天", "突然头疼", "但是没吐"]


def test_a_text_without_marks_is_cut_at_the_longest_clause() -> None:
    spans = split_segments("疼" * (MAX_CLAUSE * 2 + 5))
    assert [end - start for start, end in spans] == [MAX_CLAUSE, MAX_CLAUSE, 5]


@settings(deadline=None)
@given(st.text(max_size=400))
def test_segments_are_in_order_and_inside_the_text(text: str) -> None:
    end_before = 0
    for start, end in split_segments(text):
        assert end_before <= start <= end <= len(text)
        assert end - start <= MAX_CLAUSE
        end_before = end


# ----- negation


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("没有胸痛", "胸痛"),
        ("没胸痛", "胸痛"),
        ("也没有出现胸痛", "胸痛"),
        ("从来没有过抽搐", "抽搐"),
        ("否认胸痛", "胸痛"),
        ("无呕吐", "呕吐"),
        ("胸痛倒是没有", "胸痛"),
        ("说话走路都正常", "说话"),
    ],
)
def test_a_negated_word_does_not_count(text: str, word: str) -> None:
    assert Doubt.NEGATED in doubts(text, word)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("没有胸痛,但是头疼", "头疼"),
        ("没有发烧。今天抽搐了", "抽搐"),
        ("是不是中风了", "中风"),
        ("疼得忍不了,吐了", "吐"),
        ("没吃饭就晕倒了", "晕倒"),
        ("没人在家,孩子抽搐了", "抽搐"),
    ],
)
def test_a_negation_ends_with_its_clause_and_a_question_is_none(text: str, word: str) -> None:
    assert Doubt.NEGATED not in doubts(text, word)


def test_a_negation_reaches_on_through_a_list() -> None:
    text = "没有发烧、咳嗽"
    end_of_first = text.index("烧") + 1
    assert is_negated(text, text.index("发烧"))
    assert is_negated(text, text.index("咳嗽"), negated_before=end_of_first)
    assert not is_negated(text, text.index("咳嗽"))


# ----- time


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("去年中风住院", "中风"),
        ("三年前做了支架", "支架"),
        ("小时候抽搐过", "抽搐"),
        ("以前晕倒过", "晕倒"),
        ("抽搐史", "抽搐"),
        ("突发耳聋能治吗,前年得的", "耳聋"),
    ],
)
def test_what_was_long_ago_is_past(text: str, word: str) -> None:
    assert Doubt.PAST in doubts(text, word)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("去年中风,现在又说话不清", "说话不清"),
        ("三年前做了支架,今天胸口疼", "胸口疼"),
        ("十分钟前抽搐了", "抽搐"),
        ("昨天晚上摔了头", "摔了头"),
        ("晕过去了", "晕"),
    ],
)
def test_what_is_told_of_today_is_not_past(text: str, word: str) -> None:
    assert Doubt.PAST not in doubts(text, word)


def test_a_recovery_reaches_back_but_not_over_what_comes_after() -> None:
    text = "早上头晕,后来好了,现在胸口疼"
    assert Doubt.RESOLVED in doubts(text, "头晕")
    assert doubts(text, "胸口疼") == frozenset()


def test_an_all_clear_reaches_back_but_advice_to_come_back_is_none() -> None:
    assert Doubt.TREATED in doubts("摔了头,去医院拍了片没事", "摔了头")
    assert Doubt.TREATED not in doubts("摔了头,还没去医院", "摔了头")


@pytest.mark.parametrize("text", ["好不了了,肚子疼", "肚子疼,会不会好了又犯", "吃几天就好了吗,肚子疼"])
def test_a_hope_is_no_recovery(text: str) -> None:
    assert Doubt.RESOLVED not in doubts(text, "肚子疼")


# ----- frames: somebody else's story, a term, a worry, an animal


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("电影里男主割腕了", "割腕"),
        ("考试题:休克的表现", "休克"),
        ("听说吃菠萝会中毒", "中毒"),
        ("网上说猝死的人多", "猝死"),
        ("邻居大爷中风了,我想知道怎么预防", "中风"),
        ("小区有人跳楼,我这几天做噩梦", "跳楼"),
    ],
)
def test_stories_and_hearsay(text: str, word: str) -> None:
    assert Doubt.STORY in doubts(text, word)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("听说过海姆立克,我儿子突然噎住了", "噎住"),
        ("邻居大爷中风了,倒在门口怎么办", "中风"),
        ("发了条朋友圈说来世再见", "来世"),
    ],
)
def test_a_real_person_ends_the_story(text: str, word: str) -> None:
    assert Doubt.STORY not in doubts(text, word)


@pytest.mark.parametrize(
    ("text", "word", "doubt"),
    [
        ("什么是休克", "休克", Doubt.LOOKUP),
        ("休克的发病机制", "休克", Doubt.LOOKUP),
        ("意外险被狗咬赔不赔", "被狗咬", Doubt.LOOKUP),
        ("怎么预防中风", "中风", Doubt.WORRY),
        ("怕以后中风", "中风", Doubt.WORRY),
        ("如果孩子烫伤", "烫伤", Doubt.WORRY),
        ("布洛芬吃多了会伤肾吗,我还没吃", "吃多了", Doubt.WORRY),
        ("累得快猝死", "猝死", Doubt.HYPERBOLE),
        ("笑得我断气", "断气", Doubt.HYPERBOLE),
        ("有一点点轻微头晕", "头晕", Doubt.MILD),
        ("我家狗抽搐了", "抽搐", Doubt.ANIMAL),
        ("猫咪吐血了", "吐血", Doubt.ANIMAL),
    ],
)
def test_one_doubt_each(text: str, word: str, doubt: Doubt) -> None:
    assert doubt in doubts(text, word)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("狗咬的,小腿出血了,是流浪狗", "出血"),
        ("我被猫抓了", "抓"),
        ("看人电焊看久了,眼睛疼", "电焊"),
        ("心梗了怎么急救", "心梗"),
        ("要是能一睡不醒就好了", "一睡不醒"),
        ("孩子还没吃早饭就晕倒了", "晕倒"),
    ],
)
def test_what_looks_like_a_frame_and_is_none(text: str, word: str) -> None:
    assert doubts(text, word) == frozenset()


# ----- complaints of months and years


def test_a_length_of_time_makes_a_complaint_old() -> None:
    assert Reading("头疼三年了").is_chronic()
    assert Reading("经常头疼").is_chronic()
    assert not Reading("头疼三年了,今天突然加重").is_chronic()
    assert not Reading("头疼半天了").is_chronic()


def test_how_long_somebody_has_had_a_transplant_says_nothing_of_today() -> None:
    reading = Reading("移植肾五年了,烧39度")
    assert reading.is_chronic()
    assert not reading.is_chronic(told=frozenset({0}))


def test_a_habit_is_old_whatever_clause_it_stands_in() -> None:
    assert Reading("移植肾以后经常,发烧").is_chronic(told=frozenset({0}))


def test_laughter_is_heard_but_not_in_dialect() -> None:
    assert Reading("想死的心都有了哈哈").joking
    assert not Reading("一哈哈功夫嘴就歪了").joking


@settings(deadline=None)
@given(st.text(max_size=200), st.integers(0, 250), st.integers(0, 250))
def test_any_place_of_any_text_can_be_asked(text: str, one: int, other: int) -> None:
    start, end = sorted((min(one, len(text)), min(other, len(text))))
    reading = Reading(text)
    assert reading.doubts(start, end) == reading.doubts(start, end)
    assert 0 <= reading.clause_at(start) < max(len(reading.clauses), 1)
