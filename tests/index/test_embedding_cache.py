"""Embeddings by content: what is kept is what was put there, or it is embedded again."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import numpy as np
import pytest

from index.embedding_cache import CachedEncoder, text_hash
from index.manifest import IndexFolderError
from tests.stub_encoder import StubEncoder


def cached(folder: Path) -> tuple[CachedEncoder, StubEncoder]:
    encoder = StubEncoder()
    return CachedEncoder(encoder, folder), encoder


def test_a_text_is_embedded_once_by_kind(tmp_path: Path) -> None:
    encoder, asked = cached(tmp_path)
    first = encoder.encode_passages(["甲乙丙", "丁戊", "甲乙丙"])
    assert asked.encoded == ["丁戊", "甲乙丙"]
    assert np.array_equal(encoder.encode_passages(["甲乙丙"])[0], first[0])
    encoder.encode_questions(["丁戊"])
    assert asked.encoded == ["丁戊", "甲乙丙", "丁戊"]


def test_a_flipped_bit_is_embedded_again(tmp_path: Path) -> None:
    encoder, _ = cached(tmp_path)
    right = encoder.encode_passages(["甲乙丙"])
    path = tmp_path / "stub-1.sqlite"
    content = path.read_bytes()
    at = content.index(right[0].tobytes()) + 3  # the sign and most of the exponent of the first number
    path.write_bytes(content[:at] + bytes([content[at] ^ 64]) + content[at + 1 :])
    again, asked = cached(tmp_path)
    assert np.array_equal(again.encode_passages(["甲乙丙"]), right)
    assert asked.encoded == ["甲乙丙"]


def test_a_cache_without_checksums_is_gone_on_with_and_not_believed(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "stub-1.sqlite") as connection:
        connection.execute("CREATE TABLE vectors (hash BLOB PRIMARY KEY, vector BLOB NOT NULL) WITHOUT ROWID")
        connection.execute("INSERT INTO vectors VALUES (?, ?)", (text_hash("passage", "甲乙丙"), np.ones(64, np.float32).tobytes()))
    connection.close()
    encoder, asked = cached(tmp_path)
    for _ in range(2):
        assert np.array_equal(encoder.encode_passages(["甲乙丙"]), StubEncoder().encode_passages(["甲乙丙"]))
    assert asked.encoded == ["甲乙丙"]


def test_a_damaged_cache_is_named_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "stub-1.sqlite").write_bytes(b"this is no database " * 400)
    with pytest.raises(IndexFolderError, match=r"stub-1\.sqlite 已损坏.*请删掉这个文件"):
        cached(tmp_path)
