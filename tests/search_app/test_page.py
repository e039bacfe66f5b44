from __future__ import annotations

import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from corpus.paths import ROOT
from search_app.components.filters import OPEN_FACETS


def open_page(monkeypatch: pytest.MonkeyPatch, index: Path, **address: str) -> AppTest:
    monkeypatch.setenv("DOCTOR_ANSWERS_INDEX", str(index))
    app = AppTest.from_file(str(ROOT / "search_app" / "app.py"), default_timeout=60)
    for key, value in address.items():
        app.query_params[key] = value
    app.session_state[OPEN_FACETS] = True
    return app.run()


def cards(app: AppTest) -> list[str]:
    return [
        re.sub(r"<[^>]+>", "", element.proto.body)
        for element in app.get("html")
        if "answer-card" in element.proto.body and "<style" not in element.proto.body
    ]


def test_it_opens_with_a_box_examples_and_a_notice(monkeypatch: pytest.MonkeyPatch, real_index: Path) -> None:
    app = open_page(monkeypatch, real_index)
    assert not app.exception
    assert app.text_input[0].label == "用自己的话问"
    assert len(app.button) >= 4
    assert any("不能代替就诊" in element.proto.body for element in app.get("html"))


def test_typing_a_question_shows_ranked_cards(monkeypatch: pytest.MonkeyPatch, real_index: Path) -> None:
    app = open_page(monkeypatch, real_index)
    app.text_input[0].set_value("小婴儿老打嗝要不要紧").run()
    assert not app.exception
    assert "示例乙" in cards(app)[0]
    # Of the others, those that answer too are cards, and the rest are related questions.
    related = [button.label for button in app.button if (button.key or "").startswith("ask-related")]
    assert len(cards(app)) + len(related) >= 4
    told = "".join(cards(app)) + "".join(label.replace("\\", "") for label in related)
    assert "打嗝怎么快速止住?" in told


def test_an_example_is_one_click(monkeypatch: pytest.MonkeyPatch, real_index: Path) -> None:
    app = open_page(monkeypatch, real_index)
    label = app.button[0].label
    app.button[0].click().run()
    assert app.text_input[0].value == label
    # This index is about hiccups and knows nothing of the example: it says so and shows no answer.
    assert not app.exception
    assert not cards(app)
    assert "没有找到能回答" in app.info[0].value


def test_where_nothing_answers_the_nearest_questions_are_one_click(monkeypatch: pytest.MonkeyPatch, real_index: Path) -> None:
    app = open_page(monkeypatch, real_index)
    app.text_input[0].set_value("青光眼滴什么眼药水").run()
    assert not cards(app)
    assert "没有找到能回答" in app.info[0].value
    nearest = app.button(key="ask-nearest-0").label.replace("\\", "")
    app.button(key="ask-nearest-0").click().run()
    assert app.text_input[0].value == nearest
    assert cards(app)


def test_to_what_is_not_about_health_nothing_is_near(monkeypatch: pytest.MonkeyPatch, real_index: Path) -> None:
    app = open_page(monkeypatch, real_index)
    app.text_input[0].set_value("怎么修自行车链条").run()
    assert not cards(app)
    assert "这里只有医生对健康问题的回答" in app.info[0].value
    assert not [button for button in app.button if (button.key or "").startswith("ask-nearest")]


def test_filters_narrow_the_list_and_can_be_taken_back(monkeypatch: pytest.MonkeyPatch, real_index: Path) -> None:
    app = open_page(monkeypatch, real_index)
    app.text_input[0].set_value("打嗝").run()
    everything = len(cards(app))
    assert everything >= 3
    next(button for button in app.button if button.label.startswith("二甲")).click().run()
    assert len(cards(app)) == 1
    assert "阿依古丽·买买提" in cards(app)[0]
    app.button(key="chip-0").click().run()
    assert len(cards(app)) == everything


@pytest.mark.parametrize("question", ["   ", "？！", "<script>alert(1)</script>打嗝", "打嗝" * 900, "$x$ [a](b) :red[c]"])
def test_odd_questions_end_in_no_exception(monkeypatch: pytest.MonkeyPatch, real_index: Path, question: str) -> None:
    app = open_page(monkeypatch, real_index)
    app.text_input[0].set_value(question).run()
    assert not app.exception


def test_without_an_index_it_says_what_to_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    app = open_page(monkeypatch, tmp_path / "none")
    assert not app.exception
    assert "不能搜索" in app.error[0].value
    assert "rebuild_index" in app.code[0].value


def test_what_a_value_means_is_searched_and_said(monkeypatch: pytest.MonkeyPatch, real_index: Path) -> None:
    app = open_page(monkeypatch, real_index, q="空腹7.2打嗝")
    assert not app.exception
    told = [element.proto.body for element in app.get("html") if "也按" in element.proto.body]
    assert len(told) == 1
    assert "“空腹7.2”也按“血糖高”查找" in told[0]
    assert "医生的判断为准" in told[0]
