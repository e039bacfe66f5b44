"""Readers by the dozen while an operator changes the index under them: no error, no mixed answer, no growing memory.

Threads of this process ask the page's own searcher, browsers visit a server of the page, and an operator in a third process
publishes editions of the starter corpus, rolls back, and publishes generations of which a byte flips on the disk. Every
record says which edition it is from, so an answer that mixes generations is told by any of its records. Everything lies in
a temporary folder and stays on this machine: no index of yours is touched.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib
import itertools
import os
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from _console import fail, positive_argument, run, say
from load_testing.editions import Judge
from load_testing.memory import Recorder, Sample, growth, table
from load_testing.operator_process import Act, Done, Operator, operator_of
from load_testing.sessions import Visits, browser_sessions
from load_testing.threads import Askers

from corpus.importer import ImportReport, import_records
from corpus.paths import STARTER_CORPUS
from corpus.record import DoctorAnswer
from index.encoder import TextEncoder, load_encoder
from search_app.resources import current_searcher

#: What the operator does, over and over; after the first time each reader keeps two generations open, as it always will.
ACTS = (Act.PUBLISH, Act.PUBLISH, Act.ROLL_BACK, Act.DAMAGE)
#: How much a process may grow after that.
MOST_GROWTH = 0.05
_QUESTIONS = 60
_PAUSE = 2.0
_SERVER_FAILURES = ("Traceback", "Uncaught")


@dataclass
class Findings:
    """What a load test found.

    Attributes:
        acts: what the operator did within the measured time.
        problems: what went wrong, a line each.
        samples: name of a process -> its memory after the warm-up.
        answers: how many the threads got; within `median` and `slowest` (95 of 100) seconds.
        generations: how many generations gave them.
        visits: what the browsers saw.
    """

    acts: list[Done] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    samples: dict[str, list[Sample]] = field(default_factory=dict)
    answers: int = 0
    median: float = 0.0
    slowest: float = 0.0
    generations: int = 0
    visits: Visits = field(default_factory=Visits)


def load(
    folder: Path,
    corpus: Sequence[DoctorAnswer],
    make_encoder: Callable[[], TextEncoder],
    *,
    seconds: float,
    threads: int,
    sessions: int,
    warm_up: float = 0,
    stub: bool = False,
    tell: Callable[[str], None] = say,
) -> Findings:
    """Put an index in an empty folder under load.

    Args:
        folder: where the index and the server's log go.
        corpus: the records that editions are made of; their questions are asked.
        make_encoder: a function of a module that gives the encoder.
        seconds: how long it is measured, after the warm-up. What the operator has begun by then is waited for.
        threads: how many ask in this process.
        sessions: how many browse; with 0 no server runs.
        warm_up: seconds before that, for caches to fill; each act is done once at least.
        stub: the encoder is the tests' stub.
        tell: told of each step.
    """
    index = folder / "index"
    step = max(1, len(corpus) // _QUESTIONS)
    questions = [record.question for record in corpus[::step] if record.question]
    judge = Judge(corpus)
    found = Findings()
    previous = os.environ.get("DOCTOR_ANSWERS_INDEX")
    os.environ["DOCTOR_ANSWERS_INDEX"] = str(index)
    try:
        with operator_of(index, corpus, make_encoder) as operator:
            tell(f"first generation in {operator.do(Act.PUBLISH).seconds:.1f} s")
            with (
                _page(folder, index, stub=stub, sessions=sessions, questions=questions) as (visits, processes),
                Askers(threads, questions, judge) as askers,
            ):
                _act_for(warm_up, operator, found, tell)
                found.acts.clear()
                askers.forget()
                tell("warm; measured from here")
                with Recorder(processes) as recorder:
                    _act_for(seconds, operator, found, tell)
            found.samples = recorder.samples
            found.visits = visits
            found.answers, found.generations = len(askers.seconds), len(askers.generations)
            found.median, found.slowest = askers.percentile(50), askers.percentile(95)
            found.problems += [*askers.problems, *visits.problems, *judge.contradictions(operator.editions), *_server_said(folder)]
            if askers.failed > len(askers.problems):
                found.problems.append(f"and {askers.failed - len(askers.problems)} more in threads")
    finally:
        os.environ.pop("DOCTOR_ANSWERS_INDEX")
        if previous is not None:
            os.environ["DOCTOR_ANSWERS_INDEX"] = previous
    return found


@contextlib.contextmanager
def _page(folder: Path, index: Path, *, stub: bool, sessions: int, questions: Sequence[str]) -> Iterator[tuple[Visits, dict[str, int]]]:
    """The page's server and those who visit it; what they saw, and the processes whose memory is looked at."""
    processes = {"threads": os.getpid()}
    if not sessions:
        yield Visits(), processes
        return
    serving = _serving()
    with (
        serving.server(index, stub=stub, log=folder / "server.log") as (address, process),
        browser_sessions(sessions, address, questions, serving.CHROMIUM) as visits,
    ):
        yield visits, processes | {"page": process.pid}


def _serving() -> Any:
    """The page's server, as the browser's tests have it. By name, since it is written as tests are, without their checks of types."""
    return importlib.import_module("tests.browser.serving")


def _act_for(seconds: float, operator: Operator, found: Findings, tell: Callable[[str], None]) -> None:
    """Go through the acts, again and again, until the time is over and each was done once."""
    end = time.monotonic() + seconds
    for number, act in enumerate(itertools.cycle(ACTS)):
        if time.monotonic() >= end and number >= len(ACTS):
            return
        done, problems = _act(operator, act, tell)
        found.acts.append(done)
        found.problems += problems
        time.sleep(min(_PAUSE, max(end - time.monotonic(), 0)))


def _act(operator: Operator, act: Act, tell: Callable[[str], None]) -> tuple[Done, list[str]]:
    """Let the operator do something; what a reader then sees must be it, or what stands in for it where it is damaged."""
    done = operator.do(act)
    tell(f"{act} in {done.seconds:.1f} s: {done.generation} {done.detail}")
    seen = current_searcher().generation_name
    is_right = seen != done.generation and seen in operator.editions if act is Act.DAMAGE else seen == done.generation
    return done, [] if is_right else [f"after {act} of {done.generation} a reader sees {seen}"]


def _server_said(folder: Path) -> list[str]:
    try:
        said = (folder / "server.log").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return []
    return [f"the server says: {line[:200]}" for line in said if any(words in line for words in _SERVER_FAILURES)]


def report(found: Findings) -> Iterator[str]:
    """Lines for people."""
    acts = ", ".join(f"{act} {count}" for act in Act if (count := sum(done.act is act for done in found.acts)))
    yield f"operator: {acts}"
    yield (
        f"threads: {found.answers} answers from {found.generations} generations; "
        f"median {found.median:.2f} s, 95 % within {found.slowest:.2f} s"
    )
    yield f"browsers: {found.visits.pages} pages of {len(found.visits.editions)} editions"
    for name, samples in found.samples.items():
        if samples:
            yield f"memory of the {name}: " + ", ".join(f"{field} {growth(samples, field):+.1%}" for field in ("rss", "pss", "private"))
            yield from table(samples)
    yield f"problems: {len(found.problems)}"
    yield from found.problems


def main() -> None:
    """Put a new index under load, and tell."""
    parser = argparse.ArgumentParser(
        description="压力测试：许多人同时提问时反复发布、退回、损坏索引，看有没有出错、混代或内存增长。只用临时文件夹和本机。"
    )
    parser.add_argument("--seconds", metavar="N", type=positive_argument, default=60, help="预热之后测多少秒，默认 60")
    parser.add_argument("--threads", metavar="N", type=positive_argument, default=32, help="多少个线程提问，默认 32")
    parser.add_argument("--sessions", metavar="N", type=_count, default=4, help="多少个浏览器会话，默认 4；0 为不用浏览器")
    parser.add_argument("--warm-up", metavar="N", type=positive_argument, default=60, help="预热至少多少秒，默认 60")
    parser.add_argument("--records", metavar="N", type=positive_argument, help="只用自带语料的前 N 条，默认全部")
    arguments = parser.parse_args()
    if arguments.sessions:
        _need_a_browser()
    corpus = list(itertools.islice(import_records([STARTER_CORPUS], ImportReport()), arguments.records))
    with tempfile.TemporaryDirectory(prefix="load-test-") as folder:
        found = load(
            Path(folder),
            corpus,
            load_encoder,
            seconds=arguments.seconds,
            threads=arguments.threads,
            sessions=arguments.sessions,
            warm_up=arguments.warm_up,
        )
    print("\n".join(report(found)))
    grown = [name for name, samples in found.samples.items() if any(growth(samples, field) > MOST_GROWTH for field in ("rss", "private"))]
    if found.problems:
        fail(f"压力测试发现 {len(found.problems)} 处问题，见上")
    if grown:
        fail(f"内存增长超过 {MOST_GROWTH:.0%}：{'、'.join(grown)}")


def _need_a_browser() -> None:
    try:
        importlib.import_module("playwright")
    except ImportError:
        fail("浏览器会话要用 playwright：pip install -r requirements-dev.txt，或用 --sessions 0")
    if _serving().CHROMIUM is None:
        fail("没有找到 Chromium：请先安装，或用 --sessions 0")


def _count(text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise argparse.ArgumentTypeError(f"“{text}”应为 0 或更大的整数")
    return int(text)


if __name__ == "__main__":
    run(main)
