from __future__ import annotations

import time
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus import clean
from corpus.clean import clean_line, clean_text, identity_key, search_key
from corpus.dedupe import Deduplicator
from corpus.record import DoctorAnswer, RecordError, make_record, normalise_tier, parse_date, parse_views


@pytest.mark.parametrize(
    ("dirty", "clean"),
    [
        ("ＣＴ检查１２３", "CT检查123"),
        ("肌肉痙攣", "肌肉痉挛"),
        ("白细胞10×10⁹/L，½片，①", "白细胞10×10⁹/L，½片，①"),
        ("38.5℃，“高热”；（注意）", "38.5℃，“高热”；（注意）"),
        ("抽\u200b筋\ufeff\u202e", "抽筋"),
        ("一\u3000 \xa0二\t三", "一 二 三"),
        ("第一<br/>第二<p>第三</p><b>粗</b>", "第一\n第二\n第三\n粗"),
        ("血压&lt;90&nbsp;mmHg", "血压<90 mmHg"),
        ("凝血因子Ⅷ", "凝血因子Ⅷ"),
        ("<script>alert(1)</script>正文<STYLE type='a'>.b{}</STYLE><!-- 注释 -->", "正文"),
        ("<table><tr><td>晨起</td><td>130/80</td></tr><tr><th>睡前</th><td>125/75</td></tr></table>", "晨起 130/80\n睡前 125/75"),
        ("血糖<7.0且>3.9，5<script", "血糖<7.0且>3.9，5<script"),
        ("口乾、皮膚乾燥，劉乾醫生", "口干、皮肤干燥，刘乾医生"),
        ("喉嚨覺得很乾不舒服", "喉咙觉得很干不舒服"),
        ("毕昇 张徵 刘龑 乾隆 王乾坤 张乾明", "毕昇 张徵 刘龑 乾隆 王乾坤 张乾明"),
        ("血壓昇高的特徵", "血压升高的特征"),
        ("⼤腿", "大腿"),
        ("10<sup>9</sup>/L", "10⁹/L"),
        ('10<sup style="x">9</sup>/L，10<SUP class="x" >12</SUP >/L', "10⁹/L，10¹²/L"),
        ("10< sup\nclass='a'> -6 </ sup>mol", "10⁻⁶mol"),
        ('10<sup><span style="font-size:9px"><b>9</b></span></sup>/L，Ca<sup><i>2+</i></sup>', "10⁹/L，Ca²⁺"),
        ("10&lt;sup class=&quot;x&quot;&gt;9&lt;/sup&gt;/L，10＜sup id=a＞9＜/sup＞", "10⁹/L，10⁹"),
        ("<sup class='a'></sup>9<sup></sup>片，<super>9</super>，<sup>注</sup>", "9片，<super>9</super>，注"),
        ("H<sub>2</sub>O，体重<sup>5公斤", "H2O，体重5公斤"),
    ],
)
def test_clean_text(dirty: str, clean: str) -> None:
    assert clean_text(dirty) == clean


@given(st.text(max_size=200))
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    once = clean_text(text)
    assert clean_text(once) == once
    assert "\n" not in clean_line(text)


def test_the_characters_that_are_not_looked_at_are_stored_as_they_are() -> None:
    passed_over = [character for character in map(chr, range(0x110000)) if not clean._UNUSUAL.match(character)]
    assert len(passed_over) > 20_000
    assert [character for character in passed_over if clean._fold_character(character) != character] == []


def test_search_key_folds_what_cleaning_keeps() -> None:
    assert search_key("ＣＲＰ，１０⁹") == "crp,10^9"


def test_identity_ignores_white_space_and_a_final_mark() -> None:
    assert identity_key("肌肉痉挛 怎么缓解？") == identity_key("肌肉痉挛怎么缓解")
    assert identity_key("每次1.5片") != identity_key("每次15片")


def test_a_record_has_the_same_id_however_often_it_is_read() -> None:
    raw = {"question": "咳嗽怎么办", "answer": "多喝水。", "doctor": "示例甲"}
    first = make_record(raw, default_source="a")
    assert make_record(dict(raw), default_source="b").id == first.id
    assert make_record(raw | {"doctor": "示例乙"}, default_source="a").id != first.id
    assert make_record(raw | {"id": "own-7"}, default_source="a").id == "own-7"


def test_optional_fields_that_are_bad_do_not_cost_the_record() -> None:
    record = make_record(
        {"answer": "好。", "published": "昨天", "views": "很多", "url": "javascript:alert(1)", "department": "无", "truncated": "maybe"},
        default_source="s",
    )
    assert (record.published, record.views, record.url, record.department, record.truncated) == (None, None, None, None, False)


@pytest.mark.parametrize("raw", [{}, {"answer": ""}, {"answer": " \u200b "}, {"answer": "。。"}, {"answer": "好", "kind": "advert"}])
def test_records_that_cannot_be_kept(raw: dict) -> None:
    with pytest.raises(RecordError):
        make_record(raw, default_source="s")


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-02-28", date(2026, 2, 28)),
        ("2026年2月8日", date(2026, 2, 8)),
        ("2026/2/8 10:30", date(2026, 2, 8)),
        ("20260228", date(2026, 2, 28)),
        ("2026-02", date(2026, 2, 1)),
        ("2026-02-30", None),
        ("123", None),
        (None, None),
    ],
)
def test_dates(text: str | None, day: date | None) -> None:
    assert parse_date(text) == day


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("9039次浏览", 9039),
        ("9,039", 9039),
        ("1.2万", 12_000),
        ("3w", 30_000),
        ("1.2亿", 120_000_000),
        ("3千", 3_000),
        ("3K", 3_000),
        ("10万+", 100_000),
        (7, 7),
        ("000000000000000000007", None),  # 21 digits are no count
        ("", None),
        (None, None),
        (True, None),
    ],
)
def test_views(text: object, count: int | None) -> None:
    assert parse_views(text) == count


def test_tiers() -> None:
    assert [normalise_tier(tier) for tier in ("三级甲等", "三级甲等医院", "三甲", "二级乙等", "民营", None)] == [
        "三甲",
        "三甲",
        "三甲",
        "二乙",
        "民营",
        None,
    ]


def record(**fields: object) -> DoctorAnswer:
    return make_record({"question": "抽筋", "answer": "拉伸。"} | fields, default_source="s")


def test_only_the_same_text_from_the_same_doctor_is_a_duplicate() -> None:
    seen = Deduplicator()
    are_new = [
        seen.add(item)
        for item in (
            record(doctor="甲", hospital="一院"),
            record(doctor="甲", hospital="一院", question="抽筋？"),
            record(doctor="乙", hospital="一院"),
            record(doctor="甲", hospital="二院"),
            record(),
            record(hospital="三院"),
            record(answer="拉伸，补水。"),
        )
    ]
    assert are_new == [True, False, True, True, True, False, True]
    assert len(list(seen.records())) == 5


def test_of_copies_the_richer_stays_in_the_place_of_the_first() -> None:
    seen = Deduplicator()
    example = make_record(
        {"question": "抽筋", "answer": "热敷。", "url": "https://example.com/1", "disease": "抽筋"}, default_source="starter"
    )
    copies = [
        record(doctor="甲"),
        record(answer="补水。"),
        record(doctor="甲", doctor_title="主任医师", url="https://example.com/2"),
        record(doctor="甲", department="骨科"),
        example,
        record(answer="热敷。"),
    ]
    for item in copies:
        seen.add(item)
    assert [item for item, _ in seen.records()] == [copies[2], copies[1], copies[5]]


def test_an_id_used_twice_loses_no_record() -> None:
    seen = Deduplicator()
    seen.add(record(id="1"))
    seen.add(record(id="1", answer="热敷。"))
    (first, first_renamed), (second, second_renamed) = seen.records()
    assert (first.id, first_renamed, second_renamed) == ("1", False, True)
    assert second.id.startswith("1~")
    assert second.answer == "热敷。"


@pytest.mark.parametrize("part", ["<!--", "<script>", "<style", "-->", "</script>", "<td>", "<sup ", "<sup>", "<sup><b>", "<sup>9<b>"])
def test_cleaning_hostile_text_takes_no_longer_than_its_length(part: str) -> None:
    """A hundred thousand openings without an end; a quadratic search would take minutes."""
    started = time.monotonic()
    clean_text("</script>-->" + part * 100_000)
    assert time.monotonic() - started < 20
