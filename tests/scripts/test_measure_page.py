"""What the measuring of the page says where it cannot measure: at once, in a sentence, and not after minutes."""

from __future__ import annotations

import re
import sys
import time
from pathlib import Path

import measure_page
import pytest

from index.build import build_index
from index.generation import IndexFolderError
from tests.index.some_records import numbered
from tests.stub_encoder import StubEncoder


@pytest.fixture
def index(tmp_path: Path) -> Path:
    build_index([numbered(1)], tmp_path / "index", StubEncoder())
    return tmp_path / "index"


def why_not(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *arguments: object) -> str:
    monkeypatch.setattr(sys, "argv", ["measure_page.py", *map(str, arguments)])
    with pytest.raises(SystemExit) as ended:
        measure_page.main()
    out, said = capsys.readouterr()
    assert (ended.value.code, out) == (2, "")
    return said


def test_help_is_in_chinese(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "argv", ["measure_page.py", "--help"])
    with pytest.raises(SystemExit) as ended:
        measure_page.main()
    said = capsys.readouterr().out
    assert ended.value.code == 0
    assert "测量读者等多久" in said
    assert not re.search(r"How|reader", said)


def test_without_playwright_it_says_what_to_install(index: Path, monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    monkeypatch.setitem(sys.modules, "playwright", None)
    assert "pip install -r requirements-dev.txt" in why_not(monkeypatch, capsys, "--index", index)


def test_without_a_browser_no_server_is_started(index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    pytest.importorskip("playwright")
    monkeypatch.setattr("measure_page.shutil.which", lambda _: None)
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(tmp_path))
    monkeypatch.setattr(measure_page, "_served", lambda _: pytest.fail("a server was started"))
    assert "没有找到 Chromium" in why_not(monkeypatch, capsys, "--index", index)


def test_without_an_index_no_browser_is_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    pytest.importorskip("playwright")
    monkeypatch.setattr(measure_page, "_browser", lambda _: pytest.fail("a browser was opened"))
    monkeypatch.setattr(sys, "argv", ["measure_page.py", "--index", str(tmp_path / "none")])
    with pytest.raises(IndexFolderError, match="没有索引"):
        measure_page.main()


@pytest.mark.parametrize("arguments", [("--width", "0"), ("--width", "宽"), ("--index", "")])
def test_arguments_that_mean_nothing_are_refused(arguments: tuple[str, str], monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    assert arguments[0] in why_not(monkeypatch, capsys, *arguments)


@pytest.mark.parametrize(
    ("program", "words"),
    [
        ("#!/bin/sh\necho 先一行\necho 没有 streamlit >&2\nexit 3\n", "网页服务结束了，退出码 3：没有 streamlit。"),
        ("#!/bin/sh\nexit 1\n", "网页服务结束了，退出码 1：它什么也没有说。"),
        ("#!/bin/sh\necho 还在想\nexec sleep 60\n", "网页服务没有开始应答：还在想。"),
    ],
)
def test_a_server_that_ends_or_never_listens_is_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys, program: str, words: str
) -> None:
    stand_in = tmp_path / "python"
    stand_in.write_text(program, encoding="utf-8")
    stand_in.chmod(0o700)
    monkeypatch.setattr(sys, "executable", str(stand_in))
    monkeypatch.setattr(measure_page, "_PATIENCE", 1)
    start = time.monotonic()
    with pytest.raises(SystemExit) as ended, measure_page._served(tmp_path):
        pytest.fail("a dead server was visited")
    assert ended.value.code == 2
    assert words in capsys.readouterr().err
    assert time.monotonic() - start < 20


def test_what_was_measured_is_told_on_stdout(capsys) -> None:
    measure_page._tell("只搜索", [0.1, 0.3, 0.2])
    assert capsys.readouterr() == ("只搜索：中位 200 毫秒，最慢 300 毫秒（3 问）\n", "")
