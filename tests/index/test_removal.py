"""Someone who asks to be forgotten is: no byte of the record stays under the index folder or in the caches."""

from __future__ import annotations

import errno
import shutil
from pathlib import Path

import pytest

from index.audit import audit
from index.build import build_index
from index.embedding_cache import CachedEncoder
from index.generation import IndexFolder, IndexFolderError, UnreadableError
from index.integrity import sha256
from index.removal import remove_record
from index.search import Searcher
from index.steps import Step
from tests.index.some_records import numbered
from tests.stub_encoder import StubEncoder

RECORDS = [numbered(number) for number in range(5)]
SECRET = numbered(7, question="龘龘龘的秘密怎么办", answer="只有靐靐靐知道。" * 60)


def holds(folder: Path, text: str) -> list[Path]:
    encodings = ("utf-8", "utf-16-le", "unicode-escape")
    return [file for file in folder.rglob("*") if file.is_file() and any(text.encode(name) in file.read_bytes() for name in encodings)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three generations: without the record, with it first, with it last; and a cache of embeddings."""
    encoder = CachedEncoder(StubEncoder(), tmp_path / "cache")
    for records in (RECORDS[:3], [SECRET, *RECORDS[:4]], [*RECORDS, SECRET]):
        build_index(records, tmp_path / "index", encoder, tokens=True)
    return tmp_path / "index"


def remove(folder: Path, record_id: str = "r7", hook: object = None) -> object:
    index = IndexFolder(folder, hook=hook) if hook else IndexFolder(folder)
    return remove_record(index, record_id, caches=folder.parent / "cache", interrupted=folder.parent / "interrupted")


def test_nothing_of_the_record_stays(folder: Path) -> None:
    names = IndexFolder(folder).names()
    assert holds(folder.parent, "龘龘")
    assert holds(folder.parent, "靐靐")
    removal = remove(folder)
    assert set(removal.rewritten) == set(names[:2])
    # The question, its golden copy's being the same text, and two different passages.
    assert removal.embeddings == len({(unit.kind, unit.text) for unit in _units()})
    assert not holds(folder.parent, "龘龘")
    assert not holds(folder.parent, "靐靐")
    found = audit(folder)
    assert (found.problems, len(found.generations)) == ([], 3)
    assert IndexFolder(folder).names()[2] == names[2]
    assert [name[:16] for name in IndexFolder(folder).names()] == [name[:16] for name in names]
    searcher = Searcher.open(folder, StubEncoder())
    assert list(searcher.store) == RECORDS
    assert searcher.search("第2个问题怎么办").results[0].record == RECORDS[2]


def _units() -> list:
    from index.units import units_of

    return list(units_of(SECRET))


def test_what_is_left_is_what_a_build_without_it_gives(folder: Path) -> None:
    remove(folder)
    fresh = build_index(RECORDS, folder.parent / "fresh", StubEncoder(), tokens=True).generation
    left = IndexFolder(folder).open()
    assert left.manifest.files == fresh.manifest.files
    assert left.manifest.golden == fresh.manifest.golden
    assert left.manifest.counts == fresh.manifest.counts


def test_quarantine_and_damaged_generations_go_too(folder: Path) -> None:
    current, middle, _ = IndexFolder(folder).names()
    shutil.copytree(folder / "generations" / middle, folder / "quarantine" / "20200101T000000Z-0123456789abcdef")
    (folder / "generations" / current / "units.npy").write_bytes(b"")
    removal = remove(folder)
    assert set(removal.deleted) == {current, "20200101T000000Z-0123456789abcdef"}
    assert not holds(folder.parent, "龘龘")
    assert audit(folder).problems == []
    assert len(Searcher.open(folder, StubEncoder()).store) == 4


@pytest.mark.parametrize("step", [Step.STAGED, Step.SEALED, Step.NAMED, Step.CURRENT_WRITTEN, Step.PUBLISHED, Step.RETIRED])
def test_an_interrupted_removal_can_be_run_again(folder: Path, step: Step) -> None:
    def stop(reached: Step) -> None:
        if reached is step:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        remove(folder, hook=stop)
    assert len(Searcher.open(folder, StubEncoder()).store) in (5, 6)
    remove(folder)
    assert not holds(folder.parent, "龘龘")
    assert audit(folder).problems == []


def test_a_record_that_is_not_there_or_all_there_is(folder: Path) -> None:
    before = IndexFolder(folder).names()
    with pytest.raises(IndexFolderError, match="没有编号为“nobody”的记录"):
        remove(folder, "nobody")
    assert IndexFolder(folder).names() == before
    build_index([SECRET], folder, StubEncoder())
    with pytest.raises(IndexFolderError, match="唯一的记录"):
        remove(folder)


def test_a_generation_that_cannot_be_read_just_now_stops_the_removal(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It may hold the record, and it may be the published one."""
    names = IndexFolder(folder).names()

    def fails(path: Path) -> str:
        if names[0] in path.parts:
            raise OSError(errno.EACCES, "Permission denied", str(path))
        return sha256(path)

    monkeypatch.setattr("index.integrity.sha256", fails)
    with pytest.raises(UnreadableError, match="未必损坏"):
        remove(folder)
    monkeypatch.undo()
    assert IndexFolder(folder).names() == names
    assert IndexFolder(folder).current_name() == names[0]


def test_what_could_not_be_deleted_is_told(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder.parent / "cache" / "other.sqlite").write_bytes(b"this is no database " * 400)
    real = shutil.rmtree
    monkeypatch.setattr("index.generation.shutil.rmtree", lambda path, **more: None if ".removed-" in str(path) else real(path, **more))
    with pytest.raises(IndexFolderError, match=r"已不在索引里，但这些没能删掉.*other\.sqlite.*\.removed-"):
        remove(folder)
    monkeypatch.undo()
    assert len(Searcher.open(folder, StubEncoder()).store) == 5


def test_a_reader_that_keeps_the_old_files_is_told(folder: Path) -> None:
    reader = IndexFolder(folder).open()
    assert remove(folder).still_read == [reader.name]
    del reader
