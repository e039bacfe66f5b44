"""What `search.py` says of what was found: a list that does not answer is not told as one that does."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import numpy as np
import pytest
import search

from corpus.spelling import Change
from index.build import build_index
from index.generation import IndexFolderError
from index.health import ELSEWHERE, HealthTopic
from index.relevance import Calibration
from index.results import Result, Results
from index.search import Searcher
from tests.index.some_records import numbered
from tests.stub_encoder import StubEncoder

RECORD = numbered(1, question="小腿抽筋怎么办", answer="马上拉伸小腿。", source="某页")
FOUND = Results(
    "小腿抽筋", "小腿抽筋", "20260101T000000Z-0123456789abcdef", (Result(1, 0.5, RECORD, "马上拉伸小腿。", 0, 7, (), 0.8, 2.0),)
)
NO_ANSWER = "没有找到能回答这个问题的内容"
#: The keys of an answer since `--json` is there; programs read them.
KEYS = [
    *("question", "generation", "answered", "only_near", "searched", "shortened", "off_topic"),
    *("red_flags", "for_whom", "corrections", "values", "agreement", "results"),
]


def test_an_answer_is_told_as_it_was() -> None:
    text = search.as_text(FOUND)
    assert text.startswith("1. 小腿抽筋怎么办  [0.500]\n")
    assert text.endswith("   马上拉伸小腿。\n\n以上是医生过去的回答，不能代替就诊；急症请拨打 120。")
    assert NO_ANSWER not in text
    assert search.as_text(dataclasses.replace(FOUND, results=())).startswith("没有找到符合条件的回答")


def test_where_nothing_answers_the_list_is_only_the_nearest() -> None:
    text = search.as_text(dataclasses.replace(FOUND, answered=False))
    assert text.startswith(f"{NO_ANSWER}，下面只是最接近的，不能当作回答。\n\n1. 小腿抽筋怎么办")


def test_where_nothing_is_more_than_near_it_is_told_before_the_list() -> None:
    text = search.as_text(dataclasses.replace(FOUND, only_near=True))
    assert text.startswith("拿不准有没有正好回答它的")
    assert "1. 小腿抽筋怎么办" in text


def test_what_is_not_about_health_gets_no_list() -> None:
    text = search.as_text(dataclasses.replace(FOUND, answered=False, off_topic=True))
    assert text.startswith(f"{NO_ANSWER}：问的不像健康问题")
    assert "抽筋" not in text
    assert "120" in text


def test_the_json_has_the_same_keys_whatever_was_found() -> None:
    for found in (FOUND, dataclasses.replace(FOUND, answered=False), dataclasses.replace(FOUND, shortened=True)):
        assert list(found.to_dict()) == KEYS


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"answered": False}, {"searched": "小腿抽筋", "shortened": False, "off_topic": False}),
        ({"answered": False, "off_topic": True}, {"searched": "小腿抽筋", "shortened": False, "off_topic": True}),
        ({"shortened": True, "searched": "小腿"}, {"searched": "小腿", "shortened": True, "off_topic": False}),
        ({"corrections": (Change("抽斤", "抽筋"),)}, {"searched": "小腿抽筋", "shortened": False, "off_topic": False}),
    ],
)
def test_the_json_tells_what_was_searched(changes: dict, told: dict) -> None:
    answer = dataclasses.replace(FOUND, **changes).to_dict()
    assert {key: answer[key] for key in told} == told


def test_what_was_not_searched_has_the_same_keys_and_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    monkeypatch.setattr("sys.argv", ["search.py", "孩子吞了纽扣电池", "--json", "--index", str(tmp_path / "none")])
    with pytest.raises(IndexFolderError, match="没有索引"):
        search.main()
    answer = json.loads(capsys.readouterr().out)
    assert set(answer) == {*KEYS, "error"}
    assert (answer["generation"], answer["answered"], answer["searched"], answer["results"]) == (None, False, "", [])
    assert [flag["condition"] for flag in answer["red_flags"]]
    assert "没有索引" in answer["error"]


@pytest.mark.parametrize(("health", "has_list"), [(ELSEWHERE - 0.01, False), (ELSEWHERE + 0.01, True)])
def test_a_question_about_cooking_is_refused_as_on_the_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys, health: float, has_list: bool
) -> None:
    calibration = Calibration(with_question=(-4.0, 6.0, 4.0, 0.0, 0.0, 0.0), answer_only=(-4.0, 8.0, 0.0), floor=0.5, answer_floor=0.5)
    monkeypatch.setattr("index.search.calibration_of", lambda *_: calibration)
    build_index([numbered(number, question=f"小腿抽筋怎么办{number}") for number in range(3)], tmp_path, StubEncoder())
    searcher = Searcher.open(tmp_path, StubEncoder(), warm=False)
    monkeypatch.setattr(searcher, "health_topic", HealthTopic(health, np.zeros(StubEncoder.dimension)))
    monkeypatch.setattr(search, "open_searcher", lambda *_, **__: searcher)
    monkeypatch.setattr("sys.argv", ["search.py", "红烧肉怎么炖", "--index", str(tmp_path)])
    search.main()
    said = capsys.readouterr().out
    assert said.startswith(NO_ANSWER)
    assert ("小腿抽筋" in said) is has_list
    assert ("不能当作回答" in said) is has_list
