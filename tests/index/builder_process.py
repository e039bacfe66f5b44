"""A builder in a process of its own, to be killed; started from a server that has loaded the libraries already."""

from __future__ import annotations

import multiprocessing
import os
import resource
import signal
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from corpus.segment import warm_up
from index.build import build_index
from index.generation import IndexFolder, IndexFolderError
from index.resume import InterruptedWork
from index.steps import Step
from tests.index.some_records import numbered
from tests.stub_encoder import StubEncoder

warm_up()

DONE, SENTENCE = 0, 3
processes = multiprocessing.get_context("forkserver")
processes.set_forkserver_preload([__name__])


def build_in_process(
    folder: Path,
    count: int,
    *,
    die_at: Step | None = None,
    how: str = "exit",
    skip: int = 0,
    prepare: Callable[[], None] | None = None,
    clock: Callable[[], datetime] | None = None,
) -> multiprocessing.process.BaseProcess:
    """Start building `count` records; the process dies the `skip`+1st time that it has done a step.

    Its exit code: 9 (`os._exit`), -9 (SIGKILL), `DONE`, or `SENTENCE` where it ends with an `IndexFolderError`, which it
    writes to `<folder>.message`.
    """
    process = processes.Process(target=_build, args=(folder, count, die_at, how, skip, prepare, clock))
    process.start()
    return process


def _build(
    folder: Path,
    count: int,
    die_at: Step | None,
    how: str,
    skip: int,
    prepare: Callable[[], None] | None,
    clock: Callable[[], datetime] | None,
) -> None:
    left = skip

    def hook(step: Step) -> None:
        nonlocal left
        if step is not die_at:
            return
        if left:
            left -= 1
        elif how == "wait":
            Path(f"{folder}.waiting").touch()
            signal.pause()
        elif how == "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        else:
            os._exit(9)

    if prepare:
        prepare()
    interrupted = InterruptedWork(folder, "stub-1", StubEncoder.dimension, folder.parent / "interrupted")
    try:
        records = [numbered(number) for number in range(count)]
        index = IndexFolder(folder, hook=hook, clock=clock)
        build_index(records, index, StubEncoder(), keep=2, resume=True, interrupted=interrupted)
    except IndexFolderError as error:
        _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))  # the sentence itself must be written
        Path(f"{folder}.message").write_text(str(error), encoding="utf-8")
        os._exit(SENTENCE)
    os._exit(DONE)
