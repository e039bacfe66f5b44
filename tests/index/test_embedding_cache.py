"""Embeddings by content: what is kept is what was put there, or it is embedded again."""

from __future__ import annotations

import sqlite3
import zlib
from pathlib import Path

import numpy as np
import pytest

from index.embedding_cache import CachedEncoder, text_hash
from index.encoder import EncoderError
from index.manifest import IndexFolderError
from index.token_codes import encode
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


def test_tokens_are_kept_with_the_vector_once_they_are_asked_for(tmp_path: Path) -> None:
    encoder, asked = cached(tmp_path)
    assert encoder.gives_tokens
    alone = encoder.encode_passages(["甲乙丙", "丁戊"])
    vectors, tokens = encoder.encode_passages_with_tokens(["甲乙丙", "甲乙丙"])
    assert asked.encoded == ["丁戊", "甲乙丙", "甲乙丙"]  # without its tokens it was of no use
    again = CachedEncoder(StubEncoder(), tmp_path).encode_passages_with_tokens(["甲乙丙"])
    assert np.array_equal(vectors, alone[[0, 0]])
    assert np.array_equal(again[0], alone[:1])
    exact = StubEncoder().encode_passages_with_tokens(["甲乙丙"])[1][0]
    for one in (*tokens, *again[1]):
        assert np.array_equal(encode(one), encode(exact))
    encoder.encode_passages(["甲乙丙"])
    encoder.encode_questions_with_tokens(["甲乙丙"])
    assert asked.encoded == ["丁戊", "甲乙丙", "甲乙丙", "甲乙丙"]  # with its tokens it serves both ways; a question is another text


def test_what_others_have_made_does_not_take_tokens_away(tmp_path: Path) -> None:
    encoder, asked = cached(tmp_path)
    hashes = [text_hash("passage", text) for text in ("甲乙丙", "丁戊")]
    vectors = StubEncoder().encode_passages(["甲乙丙", "丁戊"])
    codes = encode(StubEncoder().encode_passages_with_tokens(["甲乙丙"])[1][0])
    assert encoder.put(hashes, vectors, [codes, None]) == 2
    assert encoder.put(hashes, vectors, [None, None]) == 2
    assert np.array_equal(encode(encoder.encode_passages_with_tokens(["甲乙丙"])[1][0]), codes)
    assert asked.encoded == []


def test_an_encoder_without_tokens_is_wrapped_as_one_without(tmp_path: Path) -> None:
    class Whole(StubEncoder):
        gives_tokens = False

    encoder = CachedEncoder(Whole(), tmp_path)
    assert not encoder.gives_tokens
    with pytest.raises(EncoderError, match="stub"):
        encoder.encode_questions_with_tokens(["甲"])


def test_a_cache_of_before_tokens_were_kept_serves(tmp_path: Path) -> None:
    vector = StubEncoder().encode_passages(["甲乙丙"])[0]
    digest = text_hash("passage", "甲乙丙")
    with sqlite3.connect(tmp_path / "stub-1.sqlite") as connection:
        connection.execute("CREATE TABLE vectors (hash BLOB PRIMARY KEY, vector BLOB NOT NULL, checksum INTEGER NOT NULL) WITHOUT ROWID")
        connection.execute("INSERT INTO vectors VALUES (?, ?, ?)", (digest, vector.tobytes(), zlib.crc32(digest + vector.tobytes())))
    connection.close()
    encoder, asked = cached(tmp_path)
    assert np.array_equal(encoder.encode_passages(["甲乙丙"])[0], vector)
    assert asked.encoded == []


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
