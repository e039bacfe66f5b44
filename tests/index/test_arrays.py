"""Arrays are read however many threads parse something."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from index.arrays import map_array


def test_a_map_is_plain_and_cannot_be_written(tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", np.arange(6).reshape(2, 3))
    array = map_array(tmp_path / "a.npy")
    assert type(array) is np.ndarray
    assert array.tolist() == [[0, 1, 2], [3, 4, 5]]
    with pytest.raises(ValueError, match="read-only"):
        array[0, 0] = 9


def test_a_parser_that_fails_by_chance_is_asked_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    np.save(tmp_path / "a.npy", np.arange(3))
    failures = [SystemError("AST constructor recursion depth mismatch (before=42, after=39)")] * 2
    read = np.load

    def load(*arguments: object, **named: object) -> object:
        if failures:
            raise failures.pop()
        return read(*arguments, **named)

    monkeypatch.setattr(np, "load", load)
    assert map_array(tmp_path / "a.npy").tolist() == [0, 1, 2]
    assert failures == []


def test_what_is_no_array_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.npy").write_bytes(b"x" * 200)
    with pytest.raises(ValueError, match="pickle"):
        map_array(tmp_path / "a.npy")
