"""What typed values mean: the expected words follow from the reference intervals in general use."""

from __future__ import annotations

import itertools
import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.audience import asked_for
from corpus.clean import search_key
from corpus.lexicon import VALUES
from corpus.spelling import put_right
from corpus.values import Value, contradicts, value_pairs, values_of
from index.halves import FITS, REPORTS, half_of
from tests.question_sets import read_set

WHOSE = ("expecting", "nursing", "children", "newborn")


def first_words(question: str, *groups: str) -> list[str]:
    return [value.words[0] for value in values_of(question, groups)]


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("空腹7.2要不要吃药", ["血糖高"]),
        ("空腹血糖只有2.8，手抖", ["血糖低"]),
        ("餐后2小时13", ["血糖高"]),
        ("饭后两小时血糖11点5", ["血糖高"]),
        ("早上没吃东西扎手指八点九", ["血糖高"]),
        ("高压168低压95头胀", ["血压高", "血压高"]),
        ("加了降压药以后成86/52了人发飘", ["血压低"]),
        ("血小板只有60", ["血小板低"]),
        ("血小板6万能拔牙吗", ["血小板低"]),
        ("60的血小板能拔牙吗", ["血小板低"]),
        ("血红蛋白85月经多", ["贫血"]),
        ("老头血色素5点8克要不要输血", ["贫血"]),
        ("尿酸五百二脚不疼", ["尿酸高"]),
        ("肌酐2.3医师说要追踪", ["肌酐高"]),
        ("白细胞一直3.0上下好几年了", ["白细胞低"]),
        ("脉搏每分钟110次", ["心跳快"]),
        ("骨密度T值-2.8", ["骨质疏松"]),
        ("骨密度负1.8", ["骨量减少"]),
        ("tsh小于0.01人瘦了", ["TSH低"]),
        ("下午37点6，早上又好了", ["低烧"]),
        ("吹气DOB 31", ["幽门螺杆菌阳性"]),
    ],
)
def test_a_value_out_of_its_interval_means_what_records_call_it(question: str, expected: list[str]) -> None:
    assert first_words(question) == expected


@pytest.mark.parametrize(
    "question",
    [
        "血压128/82正常吗",
        "空腹5.6",
        "尿酸400",
        "心率62",
        "血钾4.1",
        "血压要低于140才行吗",  # who names a goal has no such value
        "尿酸降到360以下",
    ],
)
def test_a_normal_value_or_one_on_the_border_means_nothing(question: str) -> None:
    assert first_words(question) == []


@pytest.mark.parametrize(
    "question",
    [
        "7.2日空腹抽血",
        "空腹12小时才能抽血吗",
        "花了520块查尿酸",
        "血压计用了10年",
        "心率手环199元",
        "血小板捐了2个单位",
        "维生素d400单位吃多少",
        "高血压报销70%怎么办手续",
        "甲亢三年了",
        # How long, how often, how much of something else.
        "血糖高两三年了要吃药吗",
        "血糖高3、4年了",
        "空腹10多个小时",
        "空腹8h够吗",
        "空腹7:30抽血",
        "空腹8点30抽血",
        "饭后一阵恶心",
        "空腹一杯淡盐水",
        "心跳快40多岁女性",
        "维生素D3滴剂怎么吃",
        "维生素d10微克",
        # A change, a goal, what was before.
        "血糖升了2",
        "心率快了40",
        "血压控制在150以内行吗",
        "血压没超过150",
        "没超过38度5要吃退烧药吗",
        "血压以前160现在120",
        # Of another fluid, or of no body.
        "尿白细胞25",
        "白细胞3+",
        "红细胞平均血红蛋白量28",
        "宝宝泡澡水温40度行吗",
        "备孕2个月没怀上",
        # Numerals that are not read are not read in part.
        "白细胞两千八",
        # Said already.
        "发烧38.5要吃退烧药吗",
    ],
)
def test_a_number_of_something_else_means_nothing(question: str) -> None:
    assert first_words(question) == []


def test_expecting_mothers_and_children_have_intervals_of_their_own() -> None:
    assert first_words("空腹5.3") == []
    assert first_words("孕27周空腹5.3", "孕妇") == ["妊娠期糖尿病"]
    assert first_words("心率140") == ["心跳快"]
    assert first_words("心率140", "新生儿") == []
    assert first_words("白细胞16") == ["白细胞高"]
    assert [first_words("白细胞16", group) for group in ("新生儿", "孕妇", "哺乳期")] == [[], [], []]
    assert first_words("新生儿空腹血糖3.2", "新生儿") == []
    assert first_words("体温37.5") == ["低烧"]
    assert first_words("体温37.5", "新生儿") == []
    # After one hour, or who knows when, a meal still shows.
    assert first_words("餐后1小时血糖9.5") == first_words("刚吃完饭血糖9.5") == []
    assert first_words("餐后2小时血糖9.5") == ["餐后血糖高"]
    assert first_words("血红蛋白94", "婴儿") == ["贫血"]
    assert first_words("血红蛋白105", "婴儿") == []


def test_values_that_contradict_each_other_mean_nothing() -> None:
    assert first_words("血糖从13降到6") == []
    assert first_words("血糖13，吃了药血糖3.2") == []
    assert first_words("一去医院就142/91，回家自己量124/78") == []
    # But one of the two pressures may well be normal.
    assert first_words("我28岁低压102高压134") == ["血压高"]


def test_a_value_is_told_as_it_was_typed_with_words_that_the_question_lacks() -> None:
    question = "空腹7.2血糖高吗"
    values = values_of(question)
    assert [value.typed for value in values] == ["空腹7.2"]
    assert value_pairs(values, question) == (("空腹7.2", "高血糖"),)


def test_a_record_whose_question_is_about_the_other_side_contradicts_a_value() -> None:
    high = values_of("空腹7.8")
    assert contradicts(high, "空腹7.8", "低血糖怎么急救")
    assert not contradicts(high, "空腹7.8", "血糖高和低血糖怎么区别")
    assert not contradicts(high, "空腹7.8", "二甲双胍怎么吃")
    # Who asks about the other side, too, is answered about it.
    question = "血糖16，打了胰岛素怕低血糖怎么预防"
    assert not contradicts(values_of(question), question, "打胰岛素怎么预防低血糖")
    # Only of what has two sides that exclude each other: whoever has few white cells may well have an infection.
    assert not contradicts(values_of("化疗后白细胞1.5发烧"), "化疗后白细胞1.5发烧", "化疗后感染怎么处理")


@pytest.mark.parametrize(("half", "least_read", "least_silent"), [(FITS, 44, 55), (REPORTS, 42, 48)])
def test_questions_of_a_writer_who_had_not_seen_the_table_are_read_and_never_to_the_wrong_side(
    half: int, least_read: int, least_silent: int
) -> None:
    lines = read_set("values")
    read = silent = 0
    for line in lines:
        if half_of(line["question"]) != half:
            continue
        text = put_right(line["question"]).text
        found = values_of(text, asked_for(text))
        meant = {word.lower() for reading in line["readings"] if reading["direction"] in ("high", "low") for word in reading["words"]}
        read += bool(meant and found)
        silent += not meant and not found
        assert meant.isdisjoint(word.lower() for value in found for word in value.contrary), line["question"]
    assert read >= least_read  # of 59 and 71 that say something high or low
    assert silent >= least_silent  # of 58 and 52 that do not


@pytest.mark.parametrize("text", ["1" * 2_000, "血糖" * 1_000, "空腹" + "高" * 1_900, "血压12" * 400])
def test_a_text_without_end_is_read_all_the_same(text: str) -> None:
    assert all(value.end <= len(text) for value in values_of(text))


@given(st.text(alphabet="血糖压尿酸空腹高低0123456789.。，/-个月周万的孕百十", max_size=40))
def test_spans_lie_in_the_search_key_and_do_not_overlap(text: str) -> None:
    found = values_of(text)
    key = search_key(text)
    assert all(0 <= value.start < value.end <= len(key) and value.words for value in found)
    assert all(one.end <= other.start for one, other in itertools.pairwise(found))


def test_the_table_s_ranges_are_ranges_and_its_plausible_values_reach_them() -> None:
    for entry in tomllib.loads(VALUES.read_text(encoding="utf-8"))["quantity"]:
        low, high = entry["plausible"]
        assert set(entry) <= {
            "name",
            "called",
            "measure",
            "counted",
            "negative",
            "unless",
            "plausible",
            "rescale",
            "opposed",
            "means",
            *WHOSE,
        }
        for each in (each for whose in ("means", *WHOSE) for each in entry.get(whose, ())):
            assert {"words"} < set(each) <= {"from", "below", "words"}, entry["name"]
            assert each.get("from", low) < each.get("below", high + 1), entry["name"]
            assert low <= each.get("from", low) <= high, entry["name"]
            assert low < each.get("below", high) <= high, entry["name"]


def test_a_value_tells_itself_as_json() -> None:
    value = Value("血糖", "血糖13", 13.0, ("血糖高",), ("血糖低",), 0, 4)
    assert value.to_dict() == {"quantity": "血糖", "typed": "血糖13", "words": ["血糖高"]}
