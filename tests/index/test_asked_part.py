"""What a question rules out, and what only fills it, is searched by neither arm, marks no word, and is no condition that the asker meets."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from corpus.audience import addressed
from corpus.points import read_points
from index.agreement import find_agreement, topics_of
from index.build import build_index
from index.ranked_answer import RankedAnswer
from index.search import Searcher
from tests.index.some_records import numbered as record
from tests.stub_encoder import StubEncoder

QUESTION, FEVER = "咳嗽三天，没有发烧", "咳嗽三天，发烧"


def test_neither_arm_searches_it(tmp_path: Path) -> None:
    records = [record(0, question="发烧怎么办", answer="先量体温。"), record(1, question="咳嗽吃什么", answer="多喝温水，发烧时就医。")]
    build_index(records, tmp_path / "index", StubEncoder())
    encoder = StubEncoder()
    found = Searcher.open(tmp_path / "index", encoder).search(QUESTION)
    assert encoder.encoded[-1] == "咳嗽三天"
    assert found.searched == QUESTION
    by_id = {result.record.id: result for result in found.results}
    assert by_id["r1"].lexical > 0
    assert by_id["r1"].matched == ("咳嗽",)
    assert "r0" not in by_id or by_id["r0"].lexical == 0


def test_fillers_are_embedded_no_more_than_they_are_looked_up(tmp_path: Path) -> None:
    build_index([record(0, question="咳嗽吃什么", answer="多喝温水。")], tmp_path / "index", StubEncoder())
    encoder = StubEncoder()
    Searcher.open(tmp_path / "index", encoder).search("嗯，那个，医生你好，我想问一下，咳嗽三天怎么办")
    assert encoder.encoded[-1] == "咳嗽三天怎么办"


def test_it_is_not_what_the_question_is_about() -> None:
    assert "发烧" in topics_of(FEVER)
    assert "发烧" not in topics_of(QUESTION)
    assert "咳嗽" in topics_of(QUESTION)


def points(question: str, told: str) -> list[str]:
    records = [record(number, question="咳嗽怎么办", answer=told, doctor=doctor) for number, doctor in enumerate("甲乙")]
    candidates = [RankedAnswer(one, addressed(one), read_points(one.answer), np.array([1.0]), None) for one in records]
    return [agreed.point for agreed in find_agreement(question, candidates)]


def test_who_rules_out_a_fever_is_not_told_what_it_wants() -> None:
    assert points(FEVER, "发烧时可以用布洛芬。") == ["用退热止痛药"]
    assert points(QUESTION, "发烧时可以用布洛芬。") == []


def test_a_ruled_out_disease_is_no_cause_to_be_told() -> None:
    cause = "咳嗽多半是肺炎引起的。"
    assert points("咳嗽三天", cause) == ["与肺炎有关"]
    assert points("咳嗽三天，没有肺炎", cause) == []
