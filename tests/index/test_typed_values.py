"""A question with a value: what is searched, what is told, and what becomes of records about the other side."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.build import build_index
from index.search import Searcher
from tests.index.some_records import numbered as record
from tests.stub_encoder import StubEncoder

RECORDS = [
    record(0, question="低血糖怎么急救", answer="马上吃糖，空腹时更要小心。"),
    record(1, question="血糖高怎么办", answer="少吃甜食，按时用药，用药的人防低血糖。"),
    record(2, question="空腹可以吃药吗", answer="看药的说明书。"),
]


@pytest.fixture
def searcher(tmp_path: Path) -> Searcher:
    build_index(RECORDS, tmp_path / "index", StubEncoder())
    return Searcher.open(tmp_path / "index", StubEncoder())


def test_both_arms_search_what_a_value_means_and_the_asker_is_told(tmp_path: Path) -> None:
    build_index(RECORDS, tmp_path / "index", StubEncoder())
    encoder = StubEncoder()
    found = Searcher.open(tmp_path / "index", encoder).search("空腹7.2要不要吃药")
    assert encoder.encoded[-1] == "空腹7.2要不要吃药，血糖高，高血糖"
    assert found.searched == "空腹7.2要不要吃药"
    assert found.to_dict()["values"] == [{"quantity": "空腹血糖", "typed": "空腹7.2", "words": ["血糖高", "高血糖"]}]
    (high,) = [result for result in found.results if result.record.id == "r1"]
    assert high.lexical > 0
    assert high.explanation is not None
    assert high.explanation.synonyms == (("空腹7.2", "血糖高"),)


def test_a_record_about_the_other_side_stands_behind_and_answers_nothing(searcher: Searcher) -> None:
    found = searcher.candidates("空腹7.2怎么办")
    assert found.contrary is not None
    by_id = {record.id: place for place, record in enumerate(searcher.store.get(found.rows.tolist()))}
    assert found.contrary[by_id["r0"]]
    assert found.share[by_id["r0"]] == 0.5 * found.share[by_id["r1"]]
    likely = searcher.probabilities(found)
    assert likely is None or likely[by_id["r0"]] == 0
    assert not found.contrary[by_id["r1"]]
    assert not found.contrary[by_id["r2"]]


def test_a_question_without_a_value_is_searched_as_it_was(tmp_path: Path) -> None:
    build_index(RECORDS, tmp_path / "index", StubEncoder())
    encoder = StubEncoder()
    found = Searcher.open(tmp_path / "index", encoder).search("空腹可以吃药吗")
    assert encoder.encoded[-1] == "空腹可以吃药吗"
    assert found.values == ()
