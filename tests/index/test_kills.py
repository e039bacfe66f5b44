"""Builders that die: whatever the moment, a reader finds a whole generation, and the next build succeeds."""

from __future__ import annotations

import os
import random
import resource
import shutil
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from index.answers import FILE, AnswerStore
from index.audit import audit
from index.build import build_index
from index.generation import BusyError, IndexFolder
from index.search import Searcher
from index.steps import Step
from tests.index.builder_process import DONE, SENTENCE, build_in_process
from tests.index.some_records import numbered
from tests.stub_encoder import StubEncoder

OLD, NEW = 5, 7
NOBODY = 65_534


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An index of two generations, so that the next build retires one; the newer has `OLD` records."""
    for count in (3, OLD):
        build_index([numbered(number) for number in range(count)], tmp_path / "index", StubEncoder(), keep=2)
    return tmp_path / "index"


@pytest.fixture
def open_to_all() -> Iterator[Path]:
    """A folder that other users may enter (pytest's own are private)."""
    path = Path(tempfile.mkdtemp())
    path.chmod(0o777)
    yield path
    shutil.rmtree(path)


def records_found(folder: Path) -> int:
    """How many records a reader finds, having verified every byte and asked a question."""
    generation = IndexFolder(folder).open(thorough=True)
    answers = Searcher(generation, StubEncoder()).search("第2个问题怎么办").results
    assert answers[0].record == numbered(2)
    return len(AnswerStore(generation.path / FILE))


def message(folder: Path) -> str:
    return Path(f"{folder}.message").read_text(encoding="utf-8")


def survives(folder: Path, *, published: bool | None) -> None:
    """A reader opens the old or the new generation, the next build succeeds, and then every byte is accounted for."""
    expected = {None: (OLD, NEW), False: (OLD,), True: (NEW,)}[published]
    assert records_found(folder) in expected
    assert not (folder / "quarantine").exists()
    found = audit(folder)
    assert found.problems == []
    build_index([numbered(number) for number in range(NEW + 1)], folder, StubEncoder(), keep=2)
    assert records_found(folder) == NEW + 1
    found = audit(folder)
    assert (found.problems, found.notes, len(found.generations)) == ([], [], 2)


@pytest.mark.slow
@pytest.mark.parametrize("how", ["exit", "kill"])
@pytest.mark.parametrize("step", list(Step))
def test_a_builder_that_dies_at_a_step(folder: Path, step: Step, how: str) -> None:
    builder = build_in_process(folder, NEW, die_at=step, how=how)
    builder.join(60)
    assert builder.exitcode == {"exit": 9, "kill": -9}[how]
    survives(folder, published=list(Step).index(step) >= list(Step).index(Step.PUBLISHED))


@pytest.mark.slow
def test_builders_that_are_killed_at_any_moment(folder: Path, tmp_path: Path) -> None:
    generator = random.Random(11)
    started = time.monotonic()
    build_in_process(tmp_path / "whole", NEW).join()
    length = time.monotonic() - started
    killed = 0
    for _ in range(24):
        copy = tmp_path / "copy"
        shutil.copytree(folder, copy)
        builder = build_in_process(copy, NEW)
        builder.join(generator.uniform(0, length))
        builder.kill()
        builder.join()
        killed += builder.exitcode == -9
        survives(copy, published=None)
        shutil.rmtree(copy)
    assert killed >= 12


@pytest.mark.slow
def test_a_builder_killed_while_it_holds_the_lock(folder: Path) -> None:
    builder = build_in_process(folder, NEW, die_at=Step.STAGED, how="wait")
    while not Path(f"{folder}.waiting").exists():
        assert builder.is_alive()
        time.sleep(0.01)
    with pytest.raises(BusyError, match="另一个程序正在重建"):
        build_index([numbered(1)], folder, StubEncoder())
    assert records_found(folder) == OLD
    builder.kill()
    builder.join()
    assert (folder / ".lock").stat().st_size == 0
    survives(folder, published=False)


@pytest.mark.slow
def test_two_builders_at_once(folder: Path) -> None:
    builders = [build_in_process(folder, NEW) for _ in range(4)]
    for builder in builders:
        builder.join(60)
    codes = [builder.exitcode for builder in builders]
    assert set(codes) <= {DONE, SENTENCE}
    assert DONE in codes
    if SENTENCE in codes:
        assert "另一个程序正在重建" in message(folder)
    survives(folder, published=True)


def limit_file_size(size: int) -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))


@pytest.mark.slow
# answers.sqlite has 50 kB or so, embeddings.npy 4 kB, units.npy 1 kB, the manifest 2 kB.
@pytest.mark.parametrize("size", [0, 10, 300, 1_000, 2_000, 4_000, 20_000, 40_000])
def test_a_full_disk_is_a_sentence(folder: Path, size: int) -> None:
    builder = build_in_process(folder, NEW, prepare=partial(limit_file_size, size))
    builder.join(60)
    assert builder.exitcode == SENTENCE
    assert "已发布的索引没有改动" in message(folder)
    assert "腾出空间" in message(folder)
    survives(folder, published=False)


def become_nobody() -> None:
    if os.geteuid() == 0:
        os.setgid(NOBODY)
        os.setuid(NOBODY)


@pytest.mark.slow
@pytest.mark.parametrize("closed", [".", "generations"])
def test_a_read_only_folder_is_a_sentence_and_can_be_read(open_to_all: Path, closed: str) -> None:
    folder = open_to_all / "index"
    build_index([numbered(number) for number in range(OLD)], folder, StubEncoder())
    (folder / ".lock").chmod(0o666)
    (folder / closed).chmod(0o555)
    builder = build_in_process(folder, NEW, prepare=become_nobody)
    builder.join(60)
    assert builder.exitcode == SENTENCE
    assert "权限" in message(folder)
    (folder / closed).chmod(0o755)
    survives(folder, published=False) if closed == "." else None
    assert records_found(folder) in (OLD, NEW + 1)


def test_a_clock_that_runs_backwards(folder: Path) -> None:
    before = IndexFolder(folder).names()
    past = datetime(1999, 12, 31, 23, 59, 59, 5, tzinfo=UTC)
    for count in range(2, 6):
        index = IndexFolder(folder, clock=lambda count=count: past - timedelta(days=count))
        published = build_index([numbered(number) for number in range(count)], index, StubEncoder(), keep=3).generation
        assert index.names()[0] == published.name == index.current_name()
        assert published.name[:9] == before[0][:9]
    assert len(IndexFolder(folder).names()) == 3
    assert audit(folder).problems == []
