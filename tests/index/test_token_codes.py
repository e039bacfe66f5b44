"""Two bits a dimension: which level a component falls on, and what is left of a cosine."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.token_codes import decode, encode, width_of


def test_levels_worked_out_by_hand() -> None:
    """Times the root of 5 the components are -2, -.5, .1, 1 and 1.5: codes 0, 1, 2, 3, 3, the lowest bits first, and a rest of one code."""
    vector = np.array([[-2.0, -0.5, 0.1, 1.0, 1.5]], np.float32) / np.sqrt(5, dtype=np.float32)
    codes = encode(vector)
    assert codes.tolist() == [[0b11_10_01_00, 0b11]]
    assert (decode(codes, 5) * np.sqrt(5)).round(4).tolist() == [[-1.51, -0.4528, 0.4528, 1.51, 1.51]]


@given(st.integers(0, 9), st.integers(1, 40), st.integers(0, 2**32 - 1))
def test_what_codes_stand_for_has_the_same_codes(tokens: int, dimension: int, seed: int) -> None:
    codes = encode(np.random.default_rng(seed).standard_normal((tokens, dimension)).astype(np.float32) / np.sqrt(dimension))
    assert codes.shape == (tokens, width_of(dimension))
    meant = decode(codes, dimension)
    assert meant.shape == (tokens, dimension)
    assert np.array_equal(encode(meant), codes)


def test_a_direction_is_kept() -> None:
    """Four levels keep .88 of a normal distribution's variance (Max 1960, table 1: an error of .1175), so a cosine of the root of that."""
    vectors = np.random.default_rng(1).standard_normal((200, 384)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    meant = decode(encode(vectors), 384)
    cosines = (vectors * meant).sum(axis=1) / np.linalg.norm(meant, axis=1)
    assert cosines.mean() == pytest.approx(np.sqrt(1 - 0.1175), abs=0.003)


def test_codes_of_another_width_are_refused() -> None:
    with pytest.raises(ValueError, match="3 bytes wide"):
        decode(np.zeros((2, 4), np.uint8), 12)
