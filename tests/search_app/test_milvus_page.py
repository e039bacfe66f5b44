"""The pages over an index in Milvus: they show what they show over a folder."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from corpus.paths import ROOT
from index.milvus.build import build_milvus
from index.milvus.engine import shared_engine
from tests.index.milvus.conftest import open_file
from tests.index.some_records import numbered
from tests.stub_encoder import StubEncoder

RECORDS = [numbered(number, question=f"小腿抽筋怎么办{number}", answer=f"拉伸{number}次小腿。", department="骨科") for number in range(6)]


@pytest.fixture
def address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    generations = open_file(tmp_path / "a.db")
    build_milvus(RECORDS, generations, StubEncoder())
    monkeypatch.setenv("DOCTOR_ANSWERS_INDEX", f"milvus:{tmp_path / 'a.db'}")
    monkeypatch.setattr("search_app.resources.load_encoder", lambda *_, **__: StubEncoder())
    yield f"milvus:{tmp_path / 'a.db'}"
    shared_engine.cache_clear()
    generations.engine.close()


def open_page(page: str, **parameters: str) -> AppTest:
    app = AppTest.from_file(str(ROOT / "search_app" / page), default_timeout=120)
    for name, value in parameters.items():
        app.query_params[name] = value
    return app.run()


def text(app: AppTest) -> str:
    return unescape(re.sub(r"<[^>]+>", " ", "".join(element.proto.body for element in app.get("html"))))


def test_the_search_page_answers_and_takes_up_a_new_generation(address: str) -> None:
    app = open_page("app.py", q="小腿抽筋怎么办", department="骨科")
    assert not app.exception
    assert "找到 6 条" in text(app)
    generations = open_file(Path(address.removeprefix("milvus:")))
    build_milvus(RECORDS[:4], generations, StubEncoder())
    app.run()
    assert not app.exception
    assert "找到 4 条" in text(app)
    assert any("索引已更新" in toast.value for toast in app.toast)


def test_the_corpus_page_counts_and_finds(address: str) -> None:
    app = open_page("app_pages/corpus.py")
    assert "6 条（回答 6）" in text(app)
    app.text_input(key="find").set_value("怎么办3").run()
    assert not app.exception
    assert app.caption[0].value == "1 条"


def test_the_status_page_tells_what_is_served(address: str) -> None:
    app = open_page("app_pages/status.py")
    assert not app.exception
    assert app.success[0].value == "索引可用。"
    assert "6 条" in text(app)
    assert address in text(app)


def test_a_server_that_is_not_there_is_said_on_every_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCTOR_ANSWERS_INDEX", "milvus:http://127.0.0.1:1")
    for page in ("app.py", "app_pages/corpus.py", "app_pages/status.py"):
        app = open_page(page, q="抽筋")
        assert not app.exception
        assert app.error
        assert "连不上 Milvus" in app.code[0].value
