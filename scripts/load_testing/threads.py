"""Readers in threads, who ask the page's own searcher as fast as it answers."""

from __future__ import annotations

import itertools
import threading
import time
from array import array
from collections.abc import Sequence

from load_testing.editions import Judge
from search_app.resources import current_searcher

_TOLD = 20


class Askers:
    """Threads that ask until they are stopped.

    Attributes:
        seconds: how long each answer took.
        generations: how many answers each generation gave.
        problems: the first of what went wrong: errors, and answers that are mixed or empty; `failed` counts all.
    """

    def __init__(self, count: int, questions: Sequence[str], judge: Judge) -> None:
        self._questions = questions
        self._judge = judge
        self._stopped = threading.Event()
        self._lock = threading.Lock()
        self._threads = [threading.Thread(target=self._ask, args=(number,), daemon=True) for number in range(count)]
        self.seconds = array("f")
        self.generations: dict[str, int] = {}
        self.problems: list[str] = []
        self.failed = 0

    def __enter__(self) -> Askers:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopped.set()
        for thread in self._threads:
            thread.join()

    def percentile(self, percent: int) -> float:
        """The time within which that share of the answers came, in seconds."""
        ordered = sorted(self.seconds)
        return ordered[min(len(ordered) * percent // 100, len(ordered) - 1)] if ordered else 0.0

    def forget(self) -> None:
        """Begin to count anew; what went wrong stays."""
        with self._lock:
            self.seconds = array("f")
            self.generations = {}

    def _ask(self, number: int) -> None:
        own = self._questions[number % len(self._questions) :]
        for question in itertools.cycle([*own, *self._questions]):
            if self._stopped.is_set():
                return
            begin = time.monotonic()
            generation, problem = self._answer(question)
            with self._lock:
                self.seconds.append(time.monotonic() - begin)
                self.generations[generation] = self.generations.get(generation, 0) + 1
                self.failed += bool(problem)
                if problem and len(self.problems) < _TOLD:
                    self.problems.append(f"thread {number}, {question!r}: {problem}")

    def _answer(self, question: str) -> tuple[str, str]:
        """The generation that answered, and what is wrong with the answer."""
        try:
            found = current_searcher().search(question)
        except Exception as error:  # any error at all is a finding
            return "none", f"{type(error).__name__}: {error}"
        return found.generation, self._judge.objection(found) if found.results else "no results"
