from __future__ import annotations

import re
from datetime import date
from html import unescape
from pathlib import Path

import lxml.html
import pytest
from streamlit.testing.v1 import AppTest

from corpus.paths import ROOT
from index.build import build_index
from search_app.components.facts import bars, record_list, share
from tests.index.some_records import numbered
from tests.stub_encoder import StubEncoder

HOSTILE = '<img src=x onerror=alert(1)> **粗** $x$ :red[字] [a](javascript:alert(1)) "onclick="'

RECORDS = [
    *(numbered(number, department="骨科", published=date(2024, 1, 1 + number)) for number in range(25)),
    numbered(25, question="孕妇小腿抽筋", answer="补钙。", department="产科", hospital_tier="三甲", doctor="甲", hospital="一院"),
    numbered(26, question=HOSTILE, answer=HOSTILE, department=HOSTILE, doctor=HOSTILE),
]


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("corpus-page") / "index"
    build_index(RECORDS, folder, StubEncoder())
    return folder


def open_page(monkeypatch: pytest.MonkeyPatch, index: Path) -> AppTest:
    monkeypatch.setenv("DOCTOR_ANSWERS_INDEX", str(index))
    return AppTest.from_file(str(ROOT / "search_app" / "app_pages" / "corpus.py"), default_timeout=60).run()


def html(app: AppTest) -> str:
    return "".join(element.proto.body for element in app.get("html"))


def text(app: AppTest) -> str:
    return unescape(re.sub(r"<[^>]+>", "", html(app)))


def listed(app: AppTest) -> list[str]:
    """The questions in the list under the filter, which comes before the charts."""
    found = next(element.proto.body for element in app.get("html") if 'class="records"' in element.proto.body)
    return [element.text_content() for element in lxml.html.fromstring(found).iterfind(".//summary")]


def test_counts_and_charts(monkeypatch: pytest.MonkeyPatch, index: Path) -> None:
    app = open_page(monkeypatch, index)
    assert not app.exception
    assert "27 条（回答 27）" in text(app)
    assert "2 位，来自 1 家医院" in text(app)
    charts = lxml.html.fromstring(f"<div>{html(app)}</div>")
    departments = charts.find(".//section[@aria-label='科室']")
    rows = {row.find("th").text_content(): row.find("td[@class='count']").text_content() for row in departments.iterfind(".//tr")}
    assert rows == {"骨科": "25（93%）", "产科": "1（4%）", HOSTILE: "1（4%）"}
    assert "26 条没有写明" in charts.find(".//section[@aria-label='医院等级']").text_content()
    assert "25（93%）" in charts.find(".//section[@aria-label='发布年份']").text_content()


def test_newest_and_longest(monkeypatch: pytest.MonkeyPatch, index: Path) -> None:
    app = open_page(monkeypatch, index)
    newest, longest = [element.proto.body for element in app.get("html") if 'class="records"' in element.proto.body]
    assert "第24个问题怎么办" in lxml.html.fromstring(newest).find(".//summary").text_content()
    assert lxml.html.fromstring(longest).find(".//summary").text_content() == HOSTILE


def test_a_filter_lists_questions_page_by_page(monkeypatch: pytest.MonkeyPatch, index: Path) -> None:
    app = open_page(monkeypatch, index)
    app.text_input[0].set_value("怎么办").run()
    assert not app.exception
    assert "25 条" in app.caption[0].value
    assert listed(app) == [f"第{number}个问题怎么办" for number in range(20)]
    app.get("pagination")[0].set_value(2).run()
    assert listed(app) == [f"第{number}个问题怎么办" for number in range(20, 25)]
    # Other words begin at their first page.
    app.text_input[0].set_value("孕妇 抽筋").run()
    assert listed(app) == ["孕妇小腿抽筋"]
    app.text_input[0].set_value("没有的字").run()
    assert "没有一个问题" in app.info[0].value


def test_hostile_text_is_shown_and_never_run(monkeypatch: pytest.MonkeyPatch, index: Path) -> None:
    app = open_page(monkeypatch, index)
    app.text_input[0].set_value(HOSTILE).run()
    assert not app.exception
    page = lxml.html.fromstring(f"<div>{html(app)}</div>")
    assert HOSTILE in page.text_content()
    assert not page.xpath("//img | //script | //@onerror | //@onclick")
    assert all(link.startswith("./?q=") for link in page.xpath("//a/@href"))
    # Nothing of the corpus goes through Markdown.
    assert not any("javascript" in element.value for element in [*app.markdown, *app.caption, *app.info])


def test_example_content_is_said_to_be_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    build_index([numbered(0, source="starter"), numbered(1, source="starter")], tmp_path / "all", StubEncoder())
    assert "全是示例内容" in open_page(monkeypatch, tmp_path / "all").info[0].value
    build_index([numbered(0, source="starter"), numbered(1)], tmp_path / "one", StubEncoder())
    assert "其中 1 条是示例内容" in open_page(monkeypatch, tmp_path / "one").info[0].value


def test_a_new_generation_is_counted_anew(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    build_index([numbered(0)], tmp_path / "index", StubEncoder())
    app = open_page(monkeypatch, tmp_path / "index")
    assert "1 条（回答 1）" in text(app)
    build_index([numbered(0), numbered(1)], tmp_path / "index", StubEncoder())
    assert "2 条（回答 2）" in text(app.run())


def test_without_an_index_it_says_what_to_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    app = open_page(monkeypatch, tmp_path / "none")
    assert not app.exception
    assert "rebuild_index" in app.code[0].value


def test_bars_are_as_long_as_their_counts_and_say_what_they_leave_out() -> None:
    chart = lxml.html.fromstring(bars("科室", {"甲": 40, "乙": 10, "丙": 2, "丁": 1}, missing=47, most=2))
    assert [row.find(".//span").get("style") for row in chart.iterfind(".//tr")] == ["width:100.0%", "width:25.0%"]
    assert [row.find("td[@class='count']").text_content() for row in chart.iterfind(".//tr")] == ["40（40%）", "10（10%）"]
    assert chart.find(".//p").text_content() == "另有 2 个，共 3 条；47 条没有写明。"
    assert "没有写明" in bars("空", {}, missing=3)


@pytest.mark.parametrize(("part", "whole", "shown"), [(0, 9, "0%"), (9, 9, "100%"), (1, 1000, "<1%"), (999, 1000, "99%"), (1, 3, "33%")])
def test_a_share_never_says_none_or_all_where_it_is_not(part: int, whole: int, shown: str) -> None:
    assert share(part, whole) == shown


def test_a_record_without_a_question_is_listed_by_its_answer() -> None:
    row = lxml.html.fromstring(record_list([numbered(0, question="", answer="只有回答。")]))
    assert "没有题目" in row.text_content()
    assert not row.xpath("//a")
