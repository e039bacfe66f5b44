from __future__ import annotations

from pathlib import Path

import pytest

from index.build import build_index
from index.generation import IndexFolder
from index.history import history
from tests.index.some_records import numbered
from tests.stub_encoder import StubEncoder


@pytest.fixture
def index(tmp_path: Path) -> IndexFolder:
    for count in (2, 3):
        build_index([numbered(number) for number in range(count)], tmp_path / "index", StubEncoder(), sources=[f"{count}.csv"])
    return IndexFolder(tmp_path / "index")


def test_generations_are_told_newest_first(index: IndexFolder) -> None:
    new, old = history(index)
    assert new.name == index.current_name()
    assert (new.is_current, old.is_current) == (True, False)
    assert [entry.manifest.counts["records"] for entry in (new, old)] == [3, 2]
    assert [entry.manifest.sources for entry in (new, old)] == [["3.csv"], ["2.csv"]]
    files = [file for file in (index.generations_path / new.name).rglob("*") if file.is_file() and file.name != "manifest.json"]
    assert new.size == sum(file.stat().st_size for file in files) > 0
    assert new.is_our_lexicon
    assert new.problem == old.problem == ""


def test_what_is_not_whole_is_told_and_stays_where_it_is(index: IndexFolder) -> None:
    new, old = history(index)
    (index.generations_path / new.name / "answers.sqlite").write_bytes(b"x")
    (index.generations_path / old.name / "manifest.json").write_text("{}", encoding="utf-8")
    new, old = history(index)
    assert "answers.sqlite 有 1 字节" in new.problem
    assert new.manifest is not None
    assert "manifest.json" in old.problem
    assert old.manifest is None
    assert index.names() == [new.name, old.name]


def test_after_a_rollback_the_older_one_is_current(index: IndexFolder) -> None:
    index.rollback()
    assert [entry.is_current for entry in history(index)] == [False, True]


def test_without_an_index_there_is_no_history(tmp_path: Path) -> None:
    assert history(IndexFolder(tmp_path / "none")) == []
