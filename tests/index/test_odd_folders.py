"""Index folders in which something else lies where a file should: nobody waits for a pipe, readers fall back, builders say what to do."""

from __future__ import annotations

import errno
import os
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from corpus.atomic import atomic_writer
from corpus.regular import open_regular, read_regular
from index.audit import audit
from index.build import build_index
from index.generation import DamagedError, IndexFolder, IndexFolderError, NoIndexError
from index.search import Searcher
from tests.index.some_records import numbered
from tests.stub_encoder import StubEncoder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An index of two generations, of three records and of five."""
    for count in (3, 5):
        build(tmp_path / "index", count)
    return tmp_path / "index"


def build(folder: Path, count: int) -> str:
    return build_index([numbered(number) for number in range(count)], folder, StubEncoder()).generation.name


def pipe(path: Path) -> None:
    os.mkfifo(path)


def endless(path: Path) -> None:
    path.symlink_to("/dev/zero")


def full_folder(path: Path) -> None:
    path.mkdir()
    (path / "x").write_text("x")


def loop(path: Path) -> None:
    path.symlink_to(path)


@pytest.mark.parametrize("make", [pipe, endless, full_folder, loop])
def test_something_else_in_the_place_of_current(folder: Path, make: Callable[[Path], None]) -> None:
    newest = IndexFolder(folder).names()[0]
    current = folder / "CURRENT"
    current.unlink()
    make(current)
    assert IndexFolder(folder).current_name() is None
    assert Searcher.open(folder, StubEncoder()).generation_name == newest
    assert any(str(current) in problem for problem in audit(folder).problems)
    for change in (lambda: build(folder, 6), lambda: IndexFolder(folder).rollback()):
        with pytest.raises(IndexFolderError, match=r"CURRENT 应为普通文件.*移走后再试"):
            change()
    assert IndexFolder(folder).names()[0] == newest
    current.rename(folder.parent / "moved")
    assert build(folder, 6) == IndexFolder(folder).current_name()


@pytest.mark.parametrize("make", [pipe, endless, full_folder])
def test_something_else_in_the_place_of_a_manifest(folder: Path, make: Callable[[Path], None]) -> None:
    new, old = IndexFolder(folder).names()
    manifest = folder / "generations" / new / "manifest.json"
    manifest.unlink()
    make(manifest)
    assert any(str(manifest) in problem for problem in audit(folder).problems)
    assert Searcher.open(folder, StubEncoder()).generation_name == old
    assert [entry.name for entry in (folder / "quarantine").iterdir()] == [new]
    assert build(folder, 6) == IndexFolder(folder).current_name()


def test_a_builder_does_not_wait_for_a_pipe_in_a_generation_that_it_removes(folder: Path) -> None:
    oldest = folder / "generations" / IndexFolder(folder).names()[-1]
    (oldest / "manifest.json").unlink()
    pipe(oldest / "manifest.json")
    for count in (6, 7):
        build(folder, count)
    assert not oldest.exists()


@pytest.mark.parametrize(
    ("code", "is_deleted"),
    [(errno.EMFILE, False), (errno.ENFILE, False), (errno.EACCES, False), (errno.ENOENT, True), (errno.ENOTDIR, True)],
)
def test_a_generation_that_cannot_be_opened_just_now_may_be_read(
    folder: Path, monkeypatch: pytest.MonkeyPatch, code: int, is_deleted: bool
) -> None:
    def fails(path: Path) -> int:
        raise OSError(code, os.strerror(code), str(path))

    monkeypatch.setattr("index.lease.open_regular", fails)
    index = IndexFolder(folder)
    new, old = index.names()
    with index.locked():
        assert index.retire(old) is is_deleted
    assert index.names() == ([new] if is_deleted else [new, old])


def test_a_corpus_whose_name_is_no_utf8_is_built_and_named(tmp_path: Path) -> None:
    sources = [os.fsdecode(b"caf\xe9.csv"), "孕\u200d妇 回答.csv"]
    generation = build_index([numbered(0)], tmp_path / "index", StubEncoder(), sources=sources).generation
    assert IndexFolder(tmp_path / "index").open().manifest == generation.manifest
    # What no manifest can hold is spelled out; what only looks odd stays, or the file would not be found by its name.
    assert generation.manifest.sources == ["caf\\udce9.csv", "孕\u200d妇 回答.csv"]


@pytest.mark.parametrize("make", [pipe, full_folder])
def test_something_else_in_the_place_of_the_lock(folder: Path, make: Callable[[Path], None]) -> None:
    (folder / ".lock").unlink()
    make(folder / ".lock")
    with pytest.raises(IndexFolderError, match=r"lock 应为普通文件.*移走后再试"):
        build(folder, 6)
    assert Searcher.open(folder, StubEncoder()).search("第2个问题").results


def test_a_file_in_the_place_of_quarantine_or_of_the_generations(folder: Path) -> None:
    new, old = IndexFolder(folder).names()
    (folder / "quarantine").write_text("x")
    (folder / "generations" / new / "units.npy").write_bytes(b"x")
    assert Searcher.open(folder, StubEncoder()).generation_name == old
    (folder / "generations").rename(folder / "elsewhere")
    (folder / "generations").write_text("x")
    with pytest.raises(IndexFolderError, match="没有索引"):
        Searcher.open(folder, StubEncoder())
    with pytest.raises(IndexFolderError, match="generations"):
        build(folder, 6)


def test_where_all_is_damaged_it_is_said_where_it_went(folder: Path) -> None:
    for name in IndexFolder(folder).names():
        (folder / "generations" / name / "units.npy").write_bytes(b"x")
    with pytest.raises(DamagedError, match=r"units\.npy"):
        IndexFolder(folder).open()
    with pytest.raises(NoIndexError, match=r"没有索引（有过的已损坏，移到了 .*quarantine）"):
        IndexFolder(folder).open()
    assert len(list((folder / "quarantine").iterdir())) == 2


def test_an_index_behind_a_link_is_an_index(folder: Path) -> None:
    link = folder.parent / "link"
    link.symlink_to(folder)
    assert Searcher.open(link, StubEncoder()).search("第2个问题").results
    published = build(link, 6)
    assert IndexFolder(folder).current_name() == published
    assert link.is_symlink()
    assert audit(link).problems == []
    assert IndexFolder(link).rollback().name == IndexFolder(folder).current_name()


def test_readers_while_current_comes_and_goes(folder: Path) -> None:
    """Whatever a reader meets it opens one of the two, and no thread fails."""
    names = IndexFolder(folder).names()
    current = folder / "CURRENT"
    stopped = threading.Event()
    wrong: list[object] = []

    def disturb() -> None:
        turn = 0
        while not stopped.is_set():
            turn += 1
            current.unlink(missing_ok=True)
            current.write_bytes((b"", b"x", f"{names[turn % 2]}\n".encode())[turn % 3])

    def ask() -> None:
        for _ in range(40):
            try:
                generation = IndexFolder(folder).open()
                if generation.name not in names:
                    wrong.append(generation.name)
            except Exception as error:
                wrong.append(error)

    disturber = threading.Thread(target=disturb)
    readers = [threading.Thread(target=ask) for _ in range(4)]
    for thread in (disturber, *readers):
        thread.start()
    for reader in readers:
        reader.join()
    stopped.set()
    disturber.join()
    assert wrong == []
    assert not (folder / "quarantine").exists()


@pytest.mark.parametrize("make", [pipe, full_folder, endless])
def test_only_ordinary_files_are_read_and_replaced(tmp_path: Path, make: Callable[[Path], None]) -> None:
    make(tmp_path / "special")
    before = (tmp_path / "special").lstat()
    with pytest.raises(OSError, match="普通文件"):
        open_regular(tmp_path / "special")
    with pytest.raises(OSError, match="普通文件"), atomic_writer(tmp_path / "special") as file:
        file.write(b"x")
    assert (tmp_path / "special").lstat() == before
    assert [entry.name for entry in tmp_path.iterdir()] == ["special"]


def test_a_link_to_a_file_is_read_and_no_more_than_asked_for(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"12345")
    (tmp_path / "link").symlink_to("file")
    assert read_regular(tmp_path / "link", 3) == b"123"
    with atomic_writer(tmp_path / "new") as file:
        file.write(b"x")
    assert read_regular(tmp_path / "new", 9) == b"x"
