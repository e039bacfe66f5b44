"""Several threads that parse Python at once."""

from __future__ import annotations

import ast
import gc
import threading
import time
from collections.abc import Iterator

import pytest

from search_app.python_parser import parse_one_at_a_time

CODE = "values = [" + ", ".join(f"call({number}, name={number})" for number in range(300)) + "]"


@pytest.fixture
def interrupted() -> Iterator[None]:
    """While garbage is collected, and it often is, another thread has its turn."""

    def let_others_in(_phase: str, _info: dict[str, int]) -> None:
        time.sleep(0.0005)

    threshold = gc.get_threshold()
    gc.callbacks.append(let_others_in)
    gc.set_threshold(100)
    yield
    gc.callbacks.remove(let_others_in)
    gc.set_threshold(*threshold)


def parse_deep_down(frames: int, failures: list[SystemError]) -> None:
    """From a stack of that many frames more: it is the difference between two threads that CPython takes for a mistake."""
    if frames:
        parse_deep_down(frames - 1, failures)
        return
    for _ in range(20):
        try:
            ast.parse(CODE)
        except SystemError as error:
            failures.append(error)


def test_threads_that_parse_at_once_do_not_disturb_each_other(interrupted: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ast, "parse", ast.parse)  # as it was, afterwards
    parse_one_at_a_time()
    failures: list[SystemError] = []
    threads = [threading.Thread(target=parse_deep_down, args=(frames, failures)) for frames in (0, 7, 14)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures


def test_asking_twice_changes_nothing_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ast, "parse", ast.parse)
    parse_one_at_a_time()
    once = ast.parse
    parse_one_at_a_time()
    assert ast.parse is once
    assert ast.literal_eval("(1, 2)") == (1, 2)
    with pytest.raises(SyntaxError):
        ast.parse("(")
