"""The rebuilding command in this process, with an encoder of the tests' own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import rebuild_index

from index.generation import IndexFolder
from index.history import history
from tests.stub_encoder import StubEncoder


def test_token_vectors_are_not_lost_in_silence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    corpus = tmp_path / "corpus.jsonl"
    corpus.write_text(json.dumps({"question": "腿抽筋怎么办", "answer": "先拉伸小腿。"}, ensure_ascii=False) + "\n", encoding="utf-8")
    monkeypatch.setattr("rebuild_index.load_encoder", lambda *_: StubEncoder())

    def told(*options: str) -> str:
        monkeypatch.setattr("sys.argv", ["rebuild_index.py", "--corpus", str(corpus), "--index", str(tmp_path / "index"), *options])
        rebuild_index.main()
        return capsys.readouterr().err

    def kept() -> bool:
        manifest = history(IndexFolder(tmp_path / "index"))[0].manifest
        return manifest is not None and manifest.encoder["tokens"]

    assert "逐词向量" not in told("--no-token-vectors")
    assert not kept()
    # A small index keeps them unasked.
    assert "逐词向量" not in told()
    assert kept()
    assert "这一代没有" in told("--no-token-vectors")
    assert "逐词向量" not in told("--no-token-vectors")
    monkeypatch.setattr("index.build.MOST_WITH_TOKENS", 0)
    assert "逐词向量" not in told()
    assert not kept()
    assert "逐词向量" not in told("--token-vectors")
    assert kept()
    assert "这一代没有" in told()
