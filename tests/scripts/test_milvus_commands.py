"""The commands over an index in Milvus."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.scripts.test_commands import run

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
