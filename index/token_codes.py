"""Vectors of tokens in two bits a dimension, so that an index can keep one for every token of a text.

The components of a token's vector are spread nearly as a normal distribution's are, so each is rounded to the four levels that lose least
of one (J. Max, "Quantizing for minimum distortion", IRE Transactions on Information Theory 6, 1960; S. Lloyd, "Least squares quantization in
PCM", IEEE Transactions on Information Theory 28, 1982). Levels and bounds are the same for every encoder: nothing is fitted, so codes can be
told from each other by the encoder alone. What this loses of the second look is in `docs/RANKING.md`: nothing that could be measured.
"""

from __future__ import annotations

import numpy as np

#: Where the levels of a standard normal distribution lie, and what parts the outer from the inner ones.
_INNER, _OUTER, _BOUND = 0.4528, 1.510, 0.9816
#: Level of each code 0 to 3, ascending.
_LEVELS = np.array([-_OUTER, -_INNER, _INNER, _OUTER], dtype=np.float32)
_IN_A_BYTE = 4
_SHIFTS = np.arange(0, 8, 2, dtype=np.uint8)
#: What the four codes of each byte stand for, the lowest bits first, float32 [256, 4].
_OF_BYTE = _LEVELS[(np.arange(256, dtype=np.uint8)[:, None] >> _SHIFTS) & 3]


def width_of(dimension: int) -> int:
    """Bytes of a token's code."""
    return -(-dimension // _IN_A_BYTE)


def encode(vectors: np.ndarray) -> np.ndarray:
    """The codes of some tokens, uint8 [tokens, width].

    Args:
        vectors: float32 [tokens, dimension], rows of length 1; or what `decode` gave, which has the same codes again.
    """
    count, dimension = vectors.shape
    spread = np.asarray(vectors, dtype=np.float32) * np.float32(np.sqrt(dimension))
    codes = np.zeros((count, width_of(dimension) * _IN_A_BYTE), dtype=np.uint8)
    # Comparing three times is ten times faster than numpy's search among the bounds.
    codes[:, :dimension] = sum((spread >= bound).view(np.uint8) for bound in (-_BOUND, 0.0, _BOUND))
    return np.bitwise_or.reduce(codes.reshape(count, width_of(dimension), _IN_A_BYTE) << _SHIFTS, axis=2)


def decode(codes: np.ndarray, dimension: int) -> np.ndarray:
    """What the codes [tokens, width] stand for, float32 [tokens, dimension]; rows have about length 1.

    Raises:
        ValueError: the codes are not as wide as those of this dimension.
    """
    if codes.ndim != 2 or codes.shape[1] != width_of(dimension):
        raise ValueError(f"codes {codes.shape} of {dimension} dimensions should be {width_of(dimension)} bytes wide")
    of_byte = _OF_BYTE / np.float32(np.sqrt(dimension))
    return np.take(of_byte, codes, axis=0).reshape(len(codes), width_of(dimension) * _IN_A_BYTE)[:, :dimension]
