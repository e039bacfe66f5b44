from __future__ import annotations

import re
import shlex
from html import unescape
from pathlib import Path

import pytest
import rebuild_index
from streamlit.testing.v1 import AppTest

from corpus.paths import INDEX_FOLDER, ROOT, STARTER_CORPUS
from index.build import build_index
from index.generation import IndexFolder
from index.history import history
from search_app.components.facts import size, token_vectors_told
from search_app.operator_commands import commands
from tests.index.some_records import numbered
from tests.stub_encoder import StubEncoder


@pytest.fixture
def index(tmp_path: Path) -> IndexFolder:
    for count in (2, 3):
        build_index([numbered(number) for number in range(count)], tmp_path / "in dex", StubEncoder(), sources=["我的 语料.csv"])
    return IndexFolder(tmp_path / "in dex")


def open_page(monkeypatch: pytest.MonkeyPatch, folder: Path) -> AppTest:
    monkeypatch.setenv("DOCTOR_ANSWERS_INDEX", str(folder))
    return AppTest.from_file(str(ROOT / "search_app" / "app_pages" / "status.py"), default_timeout=60).run()


def text(app: AppTest) -> str:
    return unescape(re.sub(r"<[^>]+>", " ", "".join(element.proto.body for element in app.get("html"))))


def test_it_tells_what_is_served_and_what_lies_there(monkeypatch: pytest.MonkeyPatch, index: IndexFolder) -> None:
    app = open_page(monkeypatch, index.path)
    assert not app.exception
    assert app.success[0].value == "索引可用。"
    new, old = index.names()
    shown = text(app)
    for part in (new, old, "3 条（回答 3）", "stub，64 维，最长 512 个词元", "stub-1", "我的 语料.csv", "faiss-cpu", str(index.path)):
        assert part in shown
    assert shown.count("当前 ") >= 1


def test_every_byte_is_compared_on_request(monkeypatch: pytest.MonkeyPatch, index: IndexFolder) -> None:
    app = open_page(monkeypatch, index.path)
    app.button[0].click().run()
    assert "与发布时一致：2 代" in app.success[1].value
    damaged = index.generations_path / index.names()[0] / "vectors.faiss"
    content = bytearray(damaged.read_bytes())
    content[len(content) // 2] ^= 1
    damaged.write_bytes(content)
    status_cache_is_cleared()
    app.button[0].click().run()
    assert not app.exception
    assert "1 处与发布时不同" in app.error[0].value
    assert "vectors.faiss" in text(app)
    # The page only looks.
    assert len(index.names()) == 2


def status_cache_is_cleared() -> None:
    import streamlit as st

    st.cache_resource.clear()


def test_damage_that_shows_at_once_is_said_at_once(monkeypatch: pytest.MonkeyPatch, index: IndexFolder) -> None:
    (index.generations_path / index.names()[0] / "answers.sqlite").unlink()
    app = open_page(monkeypatch, index.path)
    assert not app.exception
    assert "不完整" in app.error[0].value
    assert "answers.sqlite" in text(app)
    (index.path / "CURRENT").write_text("nonsense", encoding="utf-8")
    app.run()
    assert "CURRENT" in app.warning[0].value


def test_without_an_index_it_gives_the_command_that_builds_one(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    app = open_page(monkeypatch, tmp_path / "none")
    assert not app.exception
    assert "还没有索引" in app.error[0].value
    assert f"scripts/rebuild_index.py --index {tmp_path / 'none'}" in app.code[1].value


def test_feedback_is_said_to_be_on_or_off(monkeypatch: pytest.MonkeyPatch, index: IndexFolder, tmp_path: Path) -> None:
    monkeypatch.delenv("DOCTOR_ANSWERS_FEEDBACK", raising=False)
    assert "没有打开" in text(open_page(monkeypatch, index.path))
    monkeypatch.setenv("DOCTOR_ANSWERS_FEEDBACK", str(tmp_path / "feedback.sqlite"))
    assert "已打开，0 条" in text(open_page(monkeypatch, index.path))


def test_the_commands_are_ones_that_the_script_takes(index: IndexFolder) -> None:
    manifest = history(index)[0].manifest
    assert manifest is not None
    lines = [shlex.split(command.line) for command in commands(index.path, manifest)]
    assert all(line[1] == "scripts/rebuild_index.py" for line in lines)
    rebuild, verify, rollback, remove = (rebuild_index._parser().parse_args(line[2:]) for line in lines)
    assert (rebuild.corpus, rebuild.index, rebuild.encoder) == ([Path("我的 语料.csv")], index.path, "stub")
    assert verify.verify == index.path
    assert rollback.rollback
    assert rollback.index == remove.index == index.path
    assert remove.remove == "ID"


def test_the_default_index_is_rebuilt_from_whatever_the_corpus_folder_holds(index: IndexFolder) -> None:
    manifest = history(index)[0].manifest
    assert manifest is not None
    manifest.sources[:] = [str(STARTER_CORPUS)]
    manifest.encoder["name"] = rebuild_index.DEFAULT_ENCODER
    assert shlex.split(commands(INDEX_FOLDER, manifest)[0].line)[2:] == []
    assert shlex.split(commands(INDEX_FOLDER, None)[0].line)[2:] == []


@pytest.mark.parametrize(("count", "shown"), [(0, "0 字节"), (1023, "1023 字节"), (1536, "1.5 KB"), (5 * 1024**4 * 1024, "5120.0 TB")])
def test_sizes(count: int, shown: str) -> None:
    assert size(count) == shown


def test_whether_token_vectors_are_kept_is_told_and_kept_so(tmp_path: Path) -> None:
    records = [numbered(number) for number in range(2)]
    told = {}
    for tokens in (True, False):
        manifest = build_index(records, tmp_path / "index", StubEncoder(), tokens=tokens).generation.manifest
        told[tokens] = token_vectors_told(manifest.encoder)
        assert ("--token-vectors" in commands(tmp_path / "index", manifest)[0].line) == tokens
    assert told[True].startswith("存着")
    assert told[False].startswith("没有存")
    assert token_vectors_told({"name": "default"}) == told[False]  # an index of before tokens were kept
