"""The commands over an index in Milvus."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from index.milvus.address import MilvusAddress
from index.milvus.build import build_milvus
from index.milvus.engine import Engine
from index.milvus.publishing import MilvusGenerations
from search_app.feedback_store import FeedbackStore, Judgement
from tests.index.some_records import numbered
from tests.scripts.test_commands import run
from tests.stub_encoder import StubEncoder

pytest.importorskip("milvus_lite")


@pytest.mark.slow
def test_rebuild_search_verify_and_roll_back(tmp_path: Path, page_file: Path) -> None:
    (tmp_path / "more.csv").write_text("问题,回答\n咳嗽,喝水。\n", encoding="utf-8")
    uri = str(tmp_path / "answers.db")
    first = run("rebuild_index.py", "--target", "milvus", "--uri", uri, "--corpus", page_file)
    assert first.returncode == 0
    # Each has a question and an answer of one passage.
    assert f"5 条记录，10 个单元，在 milvus:{uri}" in first.stdout
    second = run("rebuild_index.py", "--index", f"milvus:{uri}", "--corpus", page_file, tmp_path / "more.csv", "--keep", "2")
    assert second.returncode == 0
    assert "6 条记录" in second.stdout
    done = run("search.py", "小婴儿老打嗝要不要紧", "--index", f"milvus:{uri}", "--json", "--top", "2")
    found = json.loads(done.stdout)
    assert found["generation"] in second.stdout
    assert found["results"][0]["doctor"] == "示例乙"
    assert "完好：2 代" in run("rebuild_index.py", "--verify", f"milvus:{uri}").stdout
    assert "退回到" in run("rebuild_index.py", "--rollback", "--target", "milvus", "--uri", uri).stdout
    assert json.loads(run("search.py", "打嗝", "--index", f"milvus:{uri}", "--json").stdout)["generation"] in first.stdout


@pytest.mark.parametrize(
    ("script", "arguments", "words"),
    [
        ("search.py", ["打嗝", "--index", "milvus:http://127.0.0.1:1"], "连不上 Milvus"),
        ("search.py", ["打嗝", "--index", "milvus:/nowhere/a.db"], "没有 /nowhere/a.db"),
        ("search.py", ["打嗝", "--index", "milvus:nonsense"], "不是 Milvus 的地址"),
        ("rebuild_index.py", ["--target", "milvus"], "要用 --uri 给出地址"),
        ("rebuild_index.py", ["--uri", "a.db"], "只与 --target milvus 一起用"),
        ("rebuild_index.py", ["--index", "milvus:http://127.0.0.1:1", "--rollback"], "连不上 Milvus"),
        ("rebuild_index.py", ["--index", "milvus:a.db", "--remove", "x"], "不能只删一条"),
    ],
)
def test_what_cannot_be_done_is_said(script: str, arguments: list[str], words: str) -> None:
    done = run(script, *arguments)
    assert done.returncode == 2
    assert words in done.stderr
    assert done.stdout == ""


def test_opinions_of_answers_in_milvus_are_written_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    address = MilvusAddress(str(tmp_path / "answers.db"))
    engine = Engine(address, create=True)
    build_milvus([numbered(number) for number in range(3)], MilvusGenerations(engine, address.alias), StubEncoder())
    engine.close()
    store = FeedbackStore(tmp_path / "feedback.sqlite")
    store.save(Judgement("第2个问题", "20260101T000000Z-0123456789abcdef", "r2", 1, 1, useful=True))
    store.save(Judgement("第2个问题", "20260101T000000Z-0123456789abcdef", "gone", 2, 2, useful=True))
    monkeypatch.setenv("DOCTOR_ANSWERS_INDEX", str(address))
    done = run("export_feedback.py", "--feedback", store.path, "--out", tmp_path / "bench")
    assert "1 条意见所说的回答已不在索引里" in done.stderr
    assert "1 个问题、1 条判断、3 条语料" in done.stdout
    assert len((tmp_path / "bench" / "corpus.jsonl").read_text(encoding="utf-8").splitlines()) == 3
