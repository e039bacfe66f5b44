from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import lxml.html
import pytest

from corpus.record import DoctorAnswer, make_record
from index.agreement import AgreedPoint, Evidence
from index.explain import Explanation
from index.results import Result
from index.sources import sources_of
from search_app.components.agreement import agreement_box
from search_app.components.card import result_card
from search_app.components.definition import definition_card
from search_app.components.markup import label

NASTY = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><a href="javascript:alert(1)">x</a>',
    "[链接](javascript:alert(1)) ![图](http://x/y.png) **粗** $x^2$ :red[字]",
    "</article></details>&lt;b&gt;",
]


def result(record: DoctorAnswer, start: int = 0, end: int | None = None, matched: tuple[str, ...] = ()) -> Result:
    end = len(record.answer) if end is None else end
    return Result(1, 0.5, record, record.answer[start:end], start, end, matched, 0.8, 2.0)


@pytest.mark.parametrize("text", NASTY)
def test_hostile_text_is_shown_and_never_run(text: str) -> None:
    record = DoctorAnswer(
        id="1",
        question=text,
        answer=text + "后面还有一句。",
        source=text,
        doctor=text,
        doctor_title=text,
        hospital=text,
        department=text,
        notice=text,
    )
    card = lxml.html.fragment_fromstring(result_card(result(record, end=len(text), matched=("alert", "链接"))))
    assert {element.tag for element in card.iter()} <= {
        "article",
        "h3",
        "div",
        "span",
        "strong",
        "p",
        "details",
        "summary",
        "mark",
        "ul",
        "li",
        "button",
    }
    assert all(not name.startswith("on") for element in card.iter() for name in element.attrib)
    assert text in card.text_content()


def test_a_link_is_http_or_nothing() -> None:
    raw = {"answer": "好。", "url": "javascript:alert(1)"}
    assert "<a " not in result_card(result(make_record(raw, default_source="s")))
    card = result_card(result(make_record(raw | {"url": "https://example.com/a?b=1&c='\""}, default_source="s")))
    link = lxml.html.fragment_fromstring(card).find(".//a")
    assert link.get("href") == "https://example.com/a?b=1&c='\""
    assert "noopener" in link.get("rel")


def test_credentials_date_and_example_mark() -> None:
    record = DoctorAnswer(
        id="1", question="咳嗽", answer="喝水。", source="starter", doctor="示例医生甲", doctor_title="主任医师", hospital="示例医院一",
        hospital_tier="三甲", department="内科", published=date(2025, 1, 2), notice="示例内容，未经执业医师审核",
    )  # fmt: skip
    text = lxml.html.fragment_fromstring(result_card(result(record))).text_content()
    for part in ("示例医生甲", "主任医师", "示例医院一", "三甲", "内科", "2025-01-02", "示例内容，未经执业医师审核"):
        assert part in text


def test_what_is_missing_is_said_gracefully() -> None:
    text = lxml.html.fragment_fromstring(result_card(result(DoctorAnswer(id="1", question="", answer="好。", source="s")))).text_content()
    assert "没有题目" in text
    assert "来源未写明医生" in text
    assert "None" not in text


def test_a_passage_out_of_a_longer_answer_leads_to_the_whole() -> None:
    record = DoctorAnswer(id="1", question="抽筋", answer="第一句。第二句讲抽筋。第三句。", source="s", truncated=True)
    card = lxml.html.fragment_fromstring(result_card(result(record, 4, 11, ("抽筋",))))
    assert card.find(".//p[@class='passage']").text_content() == "……第二句讲抽筋。……"
    assert card.find(".//details").text_content().endswith("第一句。第二句讲抽筋。第三句。")
    assert [mark.text for mark in card.iterfind(".//mark")] == ["抽筋"] * 3
    assert "一部分" in card.text_content()


def test_what_says_the_same_is_told_under_it_and_why_it_was_found() -> None:
    shown = DoctorAnswer(id="1", question="腿抽筋怎么办", answer="先拉伸。", source="页", doctor="甲医生")
    other = DoctorAnswer(id="2", question="抽筋", answer="先拉伸小腿。<b>", source="页", doctor="乙医生")
    explanation = Explanation(
        matched=("抽筋",),
        synonyms=(("抽筋", "痉挛"),),
        question_similarity=0.9,
        passage_similarity=0.8,
        dense=0.85,
        bm25=3.0,
        dense_share=0.75,
        bm25_share=0.25,
        dense_rank=2,
        bm25_rank=None,
    )
    found = Result(
        1,
        0.5,
        shown,
        "先拉伸。",
        0,
        4,
        ("抽筋",),
        0.85,
        3.0,
        similar=(other,),
        similar_note="2 位医生给出相近回答",
        explanation=explanation,
        probability=0.8,
    )
    card = lxml.html.fragment_fromstring(result_card(found))
    text = card.text_content()
    assert "相关：高" in text
    assert "2 位医生给出相近回答" in text
    assert "先拉伸小腿。<b>" in text
    assert "抽筋—痉挛" in text
    assert "按意思排第 2，按用词没有找到它；得分 75% 来自意思，25% 来自用词" in text
    assert "再看一遍" not in text
    for moved_up, told in ((2, "把问题逐词再看一遍后，排得更前"), (-1, "把问题逐词再看一遍后，排得更后")):
        again = result_card(replace(found, explanation=replace(explanation, moved_up=moved_up)))
        assert told in lxml.html.fragment_fromstring(again).text_content()
    assert "相关：" not in result_card(result(shown))


def test_relevance_is_a_bar_as_long_as_the_probability() -> None:
    record = DoctorAnswer(id="1", question="问", answer="答。", source="s")
    card = lxml.html.fragment_fromstring(result_card(Result(1, 0.5, record, "答。", 0, 2, (), 0.8, 2.0, probability=0.456)))
    assert card.find(".//span[@class='fill']").get("style") == "width:46%"
    assert "相关：中" in card.text_content()


def test_what_is_copied_says_who_wrote_it_and_where() -> None:
    record = DoctorAnswer(
        id="1", question='问"<b>', answer="第一行。\n第二行。", source="s", doctor="甲医生", hospital="某院", url="https://example.com/a",
        notice="示例内容",
    )  # fmt: skip
    button = lxml.html.fragment_fromstring(result_card(result(record))).find(".//button")
    assert button.get("data-text") == '问"<b>\n第一行。\n第二行。\n——甲医生 某院\n示例内容\nhttps://example.com/a'
    assert button.get("type") == "button"


def test_where_only_examples_speak_no_doctor_is_named_in_the_heading() -> None:
    example, other = (DoctorAnswer(id=name, question="问", answer="补钙。", source="starter", doctor="示例医生") for name in ("1", "2"))
    real, second = (DoctorAnswer(id=name, question="问", answer="补钙。", source="页", doctor=name) for name in ("甲", "乙"))
    unnamed = DoctorAnswer(id="3", question="问", answer="多补钙。", source="页")

    def heading(*records: DoctorAnswer) -> str:
        evidence = tuple(Evidence(record, record.answer) for record in records)
        return lxml.html.fragment_fromstring(agreement_box([AgreedPoint("补钙", sources_of(records), evidence)])).findtext("h2")

    assert heading(example, other) == "示例回答里的共同点"
    assert heading(example, unnamed) == "多条回答的共同点"
    assert heading(real, second) == "医生们怎么说"


def test_the_bars_of_agreement_are_as_long_as_there_are_voices() -> None:
    records = [DoctorAnswer(id=name, question="问", answer="补钙。", source="页", doctor=name) for name in "甲乙丙丁"]
    evidence = tuple(Evidence(record, "补钙。") for record in records)
    box = agreement_box([AgreedPoint("补钙", sources_of(records), evidence), AgreedPoint("拉伸", sources_of(records[:2]), evidence[:2])])
    bars = lxml.html.fragment_fromstring(box).xpath("//span[@class='voices']/span/@style")
    assert bars == ["width:100%;--pieces:4", "width:50%;--pieces:2"]


@pytest.mark.parametrize("text", [*NASTY, "", " \n ", "\u202e" + "字" * 500])
def test_a_label_shows_and_does_nothing(text: str) -> None:
    shown = label(text)
    assert shown.strip()
    assert not re.search(r"[!-/;-@\[-`{-~]", re.sub(r"\\.", "", shown)), "an ASCII mark is left unescaped"
    assert "\u202e" not in shown
    assert len(re.sub(r"\\(.)", r"\1", shown)) <= 60


@pytest.mark.parametrize("text", NASTY)
def test_a_hostile_definition_is_shown_and_never_run(text: str) -> None:
    record = DoctorAnswer(id="1", kind="disease", question=text, answer=f"{text}。" + "后面。" * 100, source="s", doctor=text, notice=text)
    card = lxml.html.fragment_fromstring(definition_card(record))
    assert {element.tag for element in card.iter()} <= {"section", "h2", "p", "details", "summary"}
    assert text in card.text_content()


def test_a_definition_is_short_and_the_rest_one_click_away() -> None:
    record = DoctorAnswer(id="1", kind="disease", question="痛风", answer="痛风是一种病。" + "尿酸高。" * 100, source="s", truncated=True)
    card = lxml.html.fragment_fromstring(definition_card(record))
    short = card.find("./p").text_content()
    assert short.startswith("痛风是一种病。")
    assert short.endswith("。")
    assert len(short) <= 110
    assert short + card.find(".//details/p").text_content() == record.answer
    assert "一部分" in card.text_content()


def test_agreement_names_who_makes_a_point_and_quotes_them() -> None:
    one, other = (
        DoctorAnswer(id=name, question="问", answer="补钙。", source="页", doctor=f"{name}医生", hospital="某院") for name in ("甲", "乙")
    )
    evidence = (Evidence(one, "要补钙。<img src=x>"), Evidence(other, "适当补钙。"))
    box = lxml.html.fragment_fromstring(agreement_box([AgreedPoint("补钙", sources_of([one, other]), evidence)]))
    text = box.text_content()
    assert "补钙" in text
    assert "2 位医生提到" in text
    assert "要补钙。<img src=x>——甲医生 某院" in text
    assert "适当补钙。——乙医生 某院" in text
    assert not box.xpath("//img")
    assert agreement_box([]) == ""
