"""The file of tokens' codes: taken in any order, written in the units' order."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.token_vectors import CODES, STARTS, TokenVectors, TokenWriter

WIDTH = 3


def codes(first: int, count: int) -> np.ndarray:
    return (np.arange(first, first + count)[:, None] % 256 * np.ones(WIDTH)).astype(np.uint8)


def opened(folder: Path) -> TokenVectors:
    return TokenVectors.open(folder)


def firsts(of: TokenVectors) -> list[list[int]]:
    return [of.of(unit)[:, 0].tolist() for unit in range(len(of.starts) - 1)]


def test_units_taken_in_any_order_are_written_in_theirs(tmp_path: Path) -> None:
    with closing(TokenWriter(tmp_path, 4, WIDTH)) as writer:
        writer.put(2, codes(20, 2))
        writer.put(0, codes(1, 3))
        writer.repeat(np.array([3]), np.array([0]))
        assert writer.write(np.array([True, True, True, True])) == 8
    assert firsts(opened(tmp_path)) == [[1, 2, 3], [], [20, 21], [1, 2, 3]]
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([CODES, STARTS])


def test_a_unit_that_is_not_wanted_has_none(tmp_path: Path) -> None:
    with closing(TokenWriter(tmp_path, 3, WIDTH)) as writer:
        for unit in range(3):
            writer.put(unit, codes(10 * unit, 2))
        writer.write(np.array([True, False, True]))
    assert firsts(opened(tmp_path)) == [[0, 1], [], [20, 21]]


def test_what_an_older_index_has_is_copied(tmp_path: Path) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    for folder in (old, new):
        folder.mkdir()
    with closing(TokenWriter(old, 3, WIDTH)) as writer:
        for unit in range(3):
            writer.put(unit, codes(10 * unit, unit + 1))
        writer.write(np.ones(3, dtype=bool))
    with closing(TokenWriter(new, 4, WIDTH, opened(old))) as writer:
        writer.copy(np.array([0, 3]), np.array([2, 1]))
        writer.put(1, codes(99, 1))
        writer.write(np.ones(4, dtype=bool))
    assert firsts(opened(new)) == [[20, 21, 22], [99], [], [10, 11]]


@pytest.mark.parametrize("units", [0, 2])
def test_none_at_all_are_none(tmp_path: Path, units: int) -> None:
    with closing(TokenWriter(tmp_path, units, WIDTH)) as writer:
        assert writer.write(np.ones(units, dtype=bool)) == 0
    found = opened(tmp_path)
    assert firsts(found) == [[]] * units
    assert found.problem(units, WIDTH) == ""


@given(lengths=st.lists(st.integers(0, 5), max_size=12), random=st.randoms(use_true_random=False))
def test_every_unit_gets_its_own(lengths: list[int], random: object, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("tokens")
    order = list(range(len(lengths)))
    random.shuffle(order)  # type: ignore[attr-defined]
    with closing(TokenWriter(folder, len(lengths), WIDTH)) as writer:
        for unit in order:
            writer.put(unit, codes(unit, lengths[unit]))
        writer.write(np.ones(len(lengths), dtype=bool))
    assert firsts(opened(folder)) == [list(range(unit, unit + length)) for unit, length in enumerate(lengths)]


@pytest.mark.parametrize(
    ("of", "starts", "problem"),
    [
        (codes(0, 3), [0, 1, 3], ""),
        (codes(0, 3), [0, 3], "应为 3 个 int64"),
        (codes(0, 3), [0, 1, 2], "对不上"),
        (codes(0, 3), [1, 2, 3], "对不上"),
        (codes(0, 3), [0, 4, 3], "对不上"),
        (codes(0, 3)[:, :2], [0, 1, 3], "每个应为 3 字节"),
    ],
)
def test_what_does_not_fit_is_told(of: np.ndarray, starts: Sequence[int], problem: str) -> None:
    found = TokenVectors(of, np.array(starts, np.int64)).problem(2, WIDTH)
    assert problem in found
    assert bool(found) == bool(problem)
