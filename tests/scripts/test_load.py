"""The load test itself, for a few seconds; and that it would tell what it looks for."""

from __future__ import annotations

import dataclasses
import itertools
import subprocess
import sys
from pathlib import Path

import pytest
from load_test import load, report
from load_testing.editions import Judge, edition_of, records_of
from load_testing.memory import MEGABYTE, Sample, growth, sample
from load_testing.operator_process import Act, operator_of

from corpus.importer import ImportReport, import_records
from corpus.paths import STARTER_CORPUS
from index.audit import audit
from index.search import Searcher
from search_app.resources import current_searcher
from tests.browser.serving import CHROMIUM
from tests.index.some_records import numbered
from tests.stub_encoder import StubEncoder

CORPUS = [numbered(number) for number in range(200)]


def test_editions_differ_where_they_should() -> None:
    first, second = (list(records_of(number, CORPUS)) for number in (3, 4))
    assert {record.source for record in first} == {"第3版"}
    assert {record.id for record in CORPUS} - {record.id for record in first} == {"r3", "r100", "r197"}
    assert [record.id for record in second if "第4次修订" in record.answer] == ["r4", "r93", "r182"][1:]  # the edition lacks r4
    assert edition_of(3, CORPUS[3], 3) is None


@pytest.mark.slow
def test_a_mixed_answer_is_told(tmp_path: Path) -> None:
    with operator_of(tmp_path / "index", CORPUS, StubEncoder) as operator:
        name = operator.do(Act.PUBLISH).generation
        found = Searcher.open(tmp_path / "index", StubEncoder()).search("第20个问题怎么办")
        judge = Judge(CORPUS)
        assert found.generation == name
        assert judge.objection(found) == ""
        assert judge.contradictions(operator.editions) == []
        assert "was built of edition 2" in judge.contradictions({name: 2})[0]
        first, *others = found.results
        stranger = dataclasses.replace(first, record=dataclasses.replace(first.record, source="第2版"))
        assert "of edition 2" in judge.objection(dataclasses.replace(found, results=(*others, stranger)))
        altered = dataclasses.replace(first, record=dataclasses.replace(first.record, answer=first.record.answer + "。"))
        assert "does not have so" in judge.objection(dataclasses.replace(found, results=(altered, *others)))


@pytest.mark.slow
def test_an_operator_publishes_damages_and_rolls_back(tmp_path: Path) -> None:
    with operator_of(tmp_path / "index", CORPUS, StubEncoder) as operator:
        first, damaged = (operator.do(act).generation for act in (Act.PUBLISH, Act.DAMAGE))
        assert damaged != first
        assert any(damaged in problem for problem in audit(tmp_path / "index").problems)
        assert Searcher.open(tmp_path / "index", StubEncoder()).generation_name == first
        assert operator.do(Act.ROLL_BACK).generation == first


def test_growth_is_of_medians() -> None:
    sizes = [100, 100, 900, 100, 120, 110, 110, 110]
    samples = [Sample(at, size, size, size) for at, size in enumerate(sizes)]
    assert growth(samples, "rss") == pytest.approx(0.10)
    assert growth(samples[:7], "rss") == 0


def test_memory_that_is_taken_is_seen() -> None:
    """In a process of its own: in this one other tests' garbage may go at the same time."""
    script = f"import sys; print(flush=True); sys.stdin.readline(); taken = bytearray(b'x' * {64 * MEGABYTE}); print(flush=True); sys.stdin.readline()"
    with subprocess.Popen([sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin
        assert process.stdout
        process.stdout.readline()
        before = sample(process.pid)
        process.stdin.write(b"\n")
        process.stdin.flush()
        process.stdout.readline()
        after = sample(process.pid)
        process.communicate(b"\n")
    if before is None:
        pytest.skip("no smaps_rollup on this system")
    assert after is not None
    assert after.private - before.private > 60 * MEGABYTE


@pytest.mark.slow
@pytest.mark.browser
@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")
def test_readers_are_not_disturbed_by_an_operator(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("search_app.resources.load_encoder", lambda *_, **__: StubEncoder())
    corpus = list(itertools.islice(import_records([STARTER_CORPUS], ImportReport()), 120))
    found = load(tmp_path, corpus, StubEncoder, seconds=12, threads=32, sessions=4, stub=True)
    print("\n".join(report(found)))
    assert found.problems == []
    assert found.answers >= 32
    assert found.generations >= 2
    assert found.visits.pages >= 4
    assert set(found.samples) == {"threads", "page"}
    monkeypatch.setenv("DOCTOR_ANSWERS_INDEX", str(tmp_path / "index"))
    assert current_searcher().search(corpus[0].question).results
