"""Where time and memory go: stages of a build, parts of a search, the memory that belongs to this process alone."""

from __future__ import annotations

import functools
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any


def private_memory() -> int:
    """Bytes that no file backs (Linux). `Private_*` would also count pages of mapped files that this process alone reads or writes."""
    fields = dict(line.split()[:2] for line in Path("/proc/self/smaps_rollup").read_text().splitlines()[1:])
    return int(fields["Anonymous:"]) * 1024


class MemoryWatch:
    """The highest private memory while it runs, looked at ten times a second."""

    def __init__(self) -> None:
        self.highest = 0
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> MemoryWatch:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopped.set()
        self._thread.join()

    def lap(self) -> int:
        """The highest since the last lap."""
        highest, self.highest = max(self.highest, private_memory()), 0
        return highest

    def _watch(self) -> None:
        while not self._stopped.wait(0.1):
            self.highest = max(self.highest, private_memory())


class StageMeter:
    """A build's `Progress` that keeps each stage's seconds (wall and processor) and highest private memory."""

    def __init__(self, watch: MemoryWatch) -> None:
        self.stages: dict[str, dict[str, float]] = {}
        self._watch = watch
        self._stage = ""
        self._began = (0.0, 0.0)

    def start(self, stage: str, total: int | None) -> None:
        """The last stage ends, this one begins."""
        self.close()
        self._stage, self._began = stage, (time.perf_counter(), time.process_time())

    def advance(self, count: int) -> None:
        """Nothing."""

    def close(self) -> None:
        """The last stage ends."""
        if self._stage:
            wall, processor = (now - then for now, then in zip((time.perf_counter(), time.process_time()), self._began, strict=True))
            self.stages[self._stage] = {"seconds": wall, "processor_seconds": processor, "private_bytes": self._watch.lap()}
        self._stage = ""


class PartMeter:
    """Times calls of functions that are wrapped, without what other wrapped ones take inside them; sums by question."""

    def __init__(self) -> None:
        self.questions: list[dict[str, tuple[float, float]]] = []
        self._sums: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
        self._open: list[list[float]] = []

    def wrap(self, owner: Any, name: str, part: str) -> None:
        """Replace an attribute of a module, class or object by a timed one."""
        setattr(owner, name, self.timed(getattr(owner, name), part))

    def timed(self, function: Callable[..., Any], part: str) -> Callable[..., Any]:
        """The function, timed."""

        @functools.wraps(function)
        def call(*arguments: Any, **named: Any) -> Any:
            self._open.append([0.0, 0.0])
            began = time.perf_counter(), time.process_time()
            try:
                return function(*arguments, **named)
            finally:
                took = [time.perf_counter() - began[0], time.process_time() - began[1]]
                inside = self._open.pop()
                for at in (0, 1):
                    self._sums[part][at] += took[at] - inside[at]
                    if self._open:
                        self._open[-1][at] += took[at]

        return call

    def next_question(self) -> None:
        """What was summed up belongs to one question."""
        self.questions.append({part: (sums[0], sums[1]) for part, sums in self._sums.items()})
        self._sums.clear()
