"""Generations of the last format are read as they were: exact vectors, words as bm25s itself saved them."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

import bm25s

from corpus.segment import lexical_tokens
from index import vectors, words
from index.build import build_index
from index.generation import IndexFolder
from index.manifest import FORMAT_VERSION, MANIFEST
from index.removal import remove_record
from index.search import Searcher
from tests.index.some_records import numbered
from tests.stub_encoder import StubEncoder

RECORDS = [
    numbered(0, question="小腿抽筋怎么办", answer="马上拉伸小腿。"),
    numbered(1, question="咳嗽有痰吃什么药", answer="先看痰的颜色，黄痰要去呼吸内科。"),
    numbered(2, question="小腿抽筋是缺钙吗", answer="不一定，受凉、疲劳也会抽筋。"),
]


def as_format_2(folder: Path) -> None:
    """Make the published generation one of format 2."""
    path = IndexFolder(folder).open().path
    shutil.rmtree(path / words.FOLDER)
    texts = [lexical_tokens(f"{record.question}\n{record.answer}") for record in RECORDS]
    vocabulary = {token: number for number, token in enumerate(dict.fromkeys(token for text in texts for token in text))}
    bm25 = bm25s.BM25(method="lucene")
    bm25.index(([[vocabulary[token] for token in text] for text in texts], vocabulary), show_progress=False)
    bm25.save(path / words.FOLDER, show_progress=False)
    manifest = json.loads((path / MANIFEST).read_bytes())
    del manifest["vector_index"]
    manifest["format_version"] = 2
    manifest["files"] = {
        file.relative_to(path).as_posix(): {"size": file.stat().st_size, "sha256": hashlib.sha256(file.read_bytes()).hexdigest()}
        for file in sorted(path.rglob("*"))
        if file.is_file() and file.name != MANIFEST
    }
    content = (json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()
    (path / MANIFEST).write_bytes(content)
    named = path.with_name(f"{path.name[:17]}{hashlib.sha256(content).hexdigest()[:16]}")
    path.rename(named)
    (folder / "CURRENT").write_text(f"{named.name}\n")


def test_an_index_of_format_2_answers_as_before_and_lends_its_embeddings(tmp_path: Path) -> None:
    built = build_index(RECORDS, tmp_path / "index", StubEncoder())
    expected = [(result.record.id, result.score) for result in Searcher.open(tmp_path / "index", StubEncoder()).search("腿抽筋").results]
    as_format_2(tmp_path / "index")
    searcher = Searcher.open(tmp_path / "index", StubEncoder())
    assert searcher.manifest.format_version == 2
    assert [(result.record.id, result.score) for result in searcher.search("腿抽筋").results] == expected
    again = build_index(RECORDS, tmp_path / "index", StubEncoder())
    assert again.reused == built.units
    assert again.generation.manifest.format_version == FORMAT_VERSION


def test_a_record_is_taken_out_of_format_2_into_the_present_one(tmp_path: Path) -> None:
    folder = IndexFolder(tmp_path / "index")
    build_index(RECORDS, folder, StubEncoder())
    as_format_2(folder.path)
    remove_record(folder, RECORDS[1].id, caches=tmp_path / "caches", interrupted=tmp_path / "interrupted")
    left = folder.open()
    assert (left.manifest.format_version, left.manifest.vector_index["kind"]) == (FORMAT_VERSION, "exact")
    build_index([RECORDS[0], RECORDS[2]], tmp_path / "other", StubEncoder())
    other = IndexFolder(tmp_path / "other").open()
    for name in [vectors.FILE, *(f"{words.FOLDER}/{file.name}" for file in (other.path / words.FOLDER).iterdir())]:
        assert (left.path / name).read_bytes() == (other.path / name).read_bytes()
