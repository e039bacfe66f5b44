"""The rebuilding command in this process, with an encoder of the tests' own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import rebuild_index

from tests.stub_encoder import StubEncoder


def test_token_vectors_are_not_lost_in_silence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    corpus = tmp_path / "corpus.jsonl"
    corpus.write_text(json.dumps({"question": "腿抽筋怎么办", "answer": "先拉伸小腿。"}, ensure_ascii=False) + "\n", encoding="utf-8")
    monkeypatch.setattr("rebuild_index.load_encoder", lambda *_: StubEncoder())

    def told(*options: str) -> str:
        monkeypatch.setattr("sys.argv", ["rebuild_index.py", "--corpus", str(corpus), "--index", str(tmp_path / "index"), *options])
        rebuild_index.main()
        return capsys.readouterr().err

    assert "逐词向量" not in told()
    assert "逐词向量" not in told("--token-vectors")
    assert "不会有" in told()
    assert "逐词向量" not in told()
