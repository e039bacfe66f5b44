"""What stands around the pages: navigation, the last resort, the notice of a new generation."""

from __future__ import annotations

import threading
from pathlib import Path
from unittest.mock import patch

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from corpus.paths import ROOT
from index.build import build_index
from index.generation import IndexFolder
from search_app.resources import OPENING
from tests.index.some_records import numbered
from tests.stub_encoder import StubEncoder

APP = str(ROOT / "search_app" / "app.py")


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> IndexFolder:
    build_index([numbered(number) for number in range(3)], tmp_path / "index", StubEncoder())
    monkeypatch.setenv("DOCTOR_ANSWERS_INDEX", str(tmp_path / "index"))
    monkeypatch.setattr("search_app.resources.load_encoder", lambda *_, **__: StubEncoder())
    return IndexFolder(tmp_path / "index")


def published_anew(index: IndexFolder) -> None:
    build_index([numbered(number) for number in range(4)], index.path, StubEncoder())


def test_the_page_says_when_it_has_taken_up_a_new_generation(index: IndexFolder) -> None:
    app = AppTest.from_file(APP, default_timeout=60).run()
    assert not app.exception
    assert not app.toast
    app.text_input[0].set_value("第1个问题").run()
    assert not app.toast
    published_anew(index)
    app.run()
    assert "索引已更新" in app.toast[0].value
    # What was typed is still there, and it is said once.
    assert app.text_input[0].value == "第1个问题"
    assert not app.run().toast


def test_a_rollback_is_said_too(index: IndexFolder) -> None:
    published_anew(index)
    app = AppTest.from_file(APP, default_timeout=60).run()
    index.rollback()
    assert app.run().toast


def test_an_index_that_comes_or_goes_is_no_update(index: IndexFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCTOR_ANSWERS_INDEX", str(tmp_path / "none"))
    app = AppTest.from_file(APP, default_timeout=60).run()
    monkeypatch.setenv("DOCTOR_ANSWERS_INDEX", str(index.path))
    assert not app.run().toast


def reading_page() -> None:
    """An open page, whose reader's last run saw another generation."""
    import streamlit as st

    from search_app import generation_watch

    st.session_state["seen_generation"] = "20200101T000000Z-0123456789abcdef"
    generation_watch._notice()


def test_somebody_who_only_reads_is_asked(index: IndexFolder) -> None:
    app = AppTest.from_function(reading_page, default_timeout=60).run()
    assert "刚刚更新" in app.info[0].value
    assert app.button[0].label == "换用新索引"


def test_a_page_that_fails_says_what_to_do(index: IndexFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(question: str) -> None:
        raise RuntimeError("a bug")

    monkeypatch.setattr("corpus.emergencies.find_emergencies", fail)
    app = AppTest.from_file(APP, default_timeout=60).run()
    app.text_input[0].set_value("打嗝").run()
    assert "请刷新再试" in app.error[0].value


@pytest.mark.parametrize(("setting", "there"), [("on", True), ("off", False)])
def test_the_status_page_can_be_taken_away(index: IndexFolder, monkeypatch: pytest.MonkeyPatch, setting: str, there: bool) -> None:
    monkeypatch.setenv("DOCTOR_ANSWERS_STATUS", setting)
    drawn: list = []
    monkeypatch.setattr("streamlit.navigation", lambda pages, **_: drawn.append([page.title for page in pages]) or pages[0])
    AppTest.from_file(APP, default_timeout=60).run()
    assert drawn[0] == ["搜索", "语料一览", *(["运行状态"] if there else [])]


def test_the_first_visit_waits_for_no_encoder_and_the_first_question_finds_it_open(
    index: IndexFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown, opened = threading.Event(), []

    def slow(*_: object, **__: object) -> StubEncoder:
        assert shown.wait(60)
        opened.append(threading.current_thread().name)
        return StubEncoder()

    st.cache_resource.clear()
    monkeypatch.setattr("search_app.resources.load_encoder", slow)
    app = AppTest.from_file(APP, default_timeout=60).run()
    assert "3 条记录" in "".join(element.proto.body for element in app.get("html"))
    assert opened == []
    shown.set()
    app.text_input[0].set_value("第1个问题").run()
    assert not app.exception
    assert opened == [OPENING]


def test_a_new_generation_is_opened_while_the_notice_stands(index: IndexFolder) -> None:
    app = AppTest.from_file(APP, default_timeout=60).run()
    app.text_input[0].set_value("第1个问题").run()
    published_anew(index)
    with patch("search_app.resources.Searcher") as searcher:
        AppTest.from_function(reading_page, default_timeout=60).run()
        for thread in threading.enumerate():
            if thread.name == OPENING:
                thread.join()
        (generation, _), _ = searcher.call_args
        assert generation.name == index.current_name()
    st.cache_resource.clear()
