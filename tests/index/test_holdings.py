from __future__ import annotations

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.holdings import Holdings
from tests.index.some_records import numbered

RECORDS = [
    numbered(0, question="小腿抽筋怎么办", answer="拉伸。", doctor="甲", hospital="一院", department="骨科", published=date(2025, 5, 1)),
    numbered(
        1, question="老人小腿抽筋", answer="补钙，少受凉。", doctor="甲", hospital="二院", department="骨科", published=date(2026, 1, 2)
    ),
    numbered(2, question="HPV 疫苗打几针", answer="看年龄。", doctor="甲", hospital="一院", truncated=True, published=date(2025, 7, 1)),
    numbered(3, question="", answer="没有题目的回答，写得最长，有二十来个字。", url="https://example.com/"),
    numbered(4, question="示例", answer="好。", source="starter", doctor="示例医生", hospital="示例医院", department="内科"),
    numbered(5, question="什么是痉挛", answer="抽筋。", kind="disease"),
]


@pytest.fixture(scope="module")
def holdings(tmp_path_factory: pytest.TempPathFactory) -> Holdings:
    path = tmp_path_factory.mktemp("holdings") / "answers.sqlite"
    Holdings.build(RECORDS, path)
    return Holdings(path)


def test_the_counts(holdings: Holdings) -> None:
    found = holdings.overview()
    assert (found.records, found.examples, found.truncated, found.unquestioned) == (6, 1, 1, 1)
    # 甲 at two hospitals is two doctors; the example doctor and hospital count as nobody.
    assert (found.doctors, found.hospitals) == (2, 2)
    lengths = [len(record.answer) for record in RECORDS]
    assert found.longest == max(lengths)
    assert found.mean_length == pytest.approx(sum(lengths) / len(lengths))
    assert found.without == {"department": 3, "hospital_tier": 6, "doctor_title": 6, "doctor": 2, "published": 3, "url": 5}
    assert found.facets["department"] == {"骨科": 2, "内科": 1}
    assert found.facets["kind"] == {"answer": 5, "disease": 1}
    assert found.facets["source"] == {"test": 5, "starter": 1}
    assert found.years == {2026: 1, 2025: 2}


def test_the_newest_and_the_longest(holdings: Holdings) -> None:
    assert [record.id for record in holdings.newest(2)] == ["r1", "r2"]
    assert [record.id for record in holdings.newest(9)] == ["r1", "r2", "r0"]
    assert [record.id for record in holdings.longest(2)] == ["r3", "r1"]


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("抽筋", ["r0", "r1"]),
        ("  抽筋　老人 ", ["r1"]),
        ("hpv", ["r2"]),
        ("ＨＰＶ", ["r2"]),
        ("%", []),
        ("_", []),
        ("' OR 1=1 --", []),
        ("没有的字", []),
    ],
)
def test_a_filter_finds_questions_with_every_word(holdings: Holdings, text: str, ids: list[str]) -> None:
    count, records = holdings.matching(text, 10)
    assert (count, [record.id for record in records]) == (len(ids), ids)


def test_a_filter_is_read_page_by_page(holdings: Holdings) -> None:
    count, first = holdings.matching("", 4)
    assert (count, [record.id for record in first]) == (6, ["r0", "r1", "r2", "r3"])
    assert [record.id for record in holdings.matching("", 4, 4)[1]] == ["r4", "r5"]
    assert holdings.matching("", 4, 8)[1] == []


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=60))
def test_any_text_can_be_looked_for(holdings: Holdings, text: str) -> None:
    count, records = holdings.matching(text, 3)
    assert len(records) == min(count, 3)
