"""The codes of units' tokens in a generation: `tokens.npy`, uint8 [tokens, width], and `token_starts.npy`, int64 [units + 1].

The tokens of unit i are those from `starts[i]` to `starts[i + 1]`; a unit whose tokens are not kept has none. An index has both files or
neither: an encoder may give no vectors of tokens, and who builds may want none.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np

from index.arrays import map_array
from index.manifest import Generation

CODES, STARTS = "tokens.npy", "token_starts.npy"

_SCRATCH = ".tokens"
_COPIED = 1 << 20  # bytes written at once, about


class TokenVectors:
    """The codes of one generation's tokens, left in their file."""

    def __init__(self, codes: np.ndarray, starts: np.ndarray) -> None:
        """Over codes, uint8 [tokens, width], and where those of each unit start, int64 [units + 1]."""
        self.codes = codes
        self.starts = starts

    @staticmethod
    def open(folder: Path) -> TokenVectors:
        """Those that lie in a folder."""
        return TokenVectors(map_array(folder / CODES), map_array(folder / STARTS))

    @staticmethod
    def of_generation(generation: Generation) -> TokenVectors | None:
        """Those that were published with a generation; None where there are none."""
        return TokenVectors.open(generation.path) if CODES in generation.manifest.files else None

    def of(self, unit: int) -> np.ndarray:
        """The codes of a unit's tokens, uint8 [tokens, width]."""
        return self.codes[self.starts[unit] : self.starts[unit + 1]]

    def problem(self, units: int, width: int) -> str:
        """What is wrong with them for so many units and codes so wide (Chinese); empty for nothing."""
        if self.codes.ndim != 2 or self.codes.dtype != np.uint8 or self.codes.shape[1] != width:
            return f"词向量是 {self.codes.dtype} {self.codes.shape}，每个应为 {width} 字节"
        if self.starts.shape != (units + 1,) or self.starts.dtype != np.int64:
            return f"词向量的起点是 {self.starts.dtype} {self.starts.shape}，应为 {units + 1} 个 int64"
        if self.starts[0] != 0 or self.starts[-1] != len(self.codes) or (np.diff(self.starts) < 0).any():
            return f"词向量的起点与 {len(self.codes)} 个词向量对不上"
        return ""


class TokenWriter:
    """Takes the codes of units in any order and writes them in the units' order. What it took lies in a file meanwhile, not in memory."""

    def __init__(self, folder: Path, units: int, width: int, old: TokenVectors | None = None) -> None:
        """For a folder, a number of units and codes so wide; `old` are those that `copy` takes from."""
        self._folder = folder
        self._width = width
        self._old = old
        self._file = (folder / _SCRATCH).open("wb+")
        self._at = np.zeros(units, dtype=np.int64)
        self._length = np.zeros(units, dtype=np.int64)
        self._is_old = np.zeros(units, dtype=bool)

    def put(self, unit: int, codes: np.ndarray) -> None:
        """Take the codes of a unit, uint8 [tokens, width].

        Raises:
            ValueError: they are of another width.
        """
        if codes.ndim != 2 or codes.shape[1] != self._width:
            raise ValueError(f"codes {codes.shape} should be {self._width} bytes wide")
        self._at[unit] = self._file.tell() // self._width
        self._length[unit] = len(codes)
        self._file.write(np.ascontiguousarray(codes).data)

    def copy(self, units: np.ndarray, old_units: np.ndarray) -> None:
        """Some units have the codes that others have in the old file; int64 [units] both."""
        if self._old is None:
            return
        self._is_old[units] = True
        self._at[units] = self._old.starts[old_units]
        self._length[units] = self._old.starts[old_units + 1] - self._old.starts[old_units]

    def repeat(self, units: np.ndarray, firsts: np.ndarray) -> None:
        """Some units have the same codes as others, int64 [units] both."""
        for of_units in (self._at, self._length, self._is_old):
            of_units[units] = of_units[firsts]

    def write(self, wanted: np.ndarray) -> int:
        """Write both files with the codes of the wanted units, bool [units]; how many tokens that are."""
        length = np.where(wanted, self._length, 0)
        starts = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(length)])
        _write_array(self._folder / STARTS, starts.dtype, starts.shape, [starts])
        self._file.flush()
        # An empty file cannot be mapped.
        taken = np.memmap(self._file, dtype=np.uint8, mode="r") if self._file.tell() else np.zeros(0, dtype=np.uint8)
        new = taken.reshape(-1, self._width)
        shape = int(starts[-1]), self._width
        _write_array(self._folder / CODES, np.dtype(np.uint8), shape, self._in_order(np.flatnonzero(length), new))
        return shape[0]

    def _in_order(self, units: np.ndarray, new: np.ndarray) -> Iterable[np.ndarray]:
        """The codes of these units one after another; what lies one behind the other in one file is taken together."""
        if not len(units):
            return
        old = self._old.codes if self._old is not None else new
        at, end, is_old = self._at[units], self._at[units] + self._length[units], self._is_old[units]
        breaks = np.flatnonzero((at[1:] != end[:-1]) | (is_old[1:] != is_old[:-1])) + 1
        for first, last in zip([0, *breaks.tolist()], [*(breaks - 1).tolist(), len(units) - 1], strict=True):
            source = old if is_old[first] else new
            rows = max(_COPIED // self._width, 1)
            for start in range(int(at[first]), int(end[last]), rows):
                yield source[start : min(start + rows, int(end[last]))]

    def close(self) -> None:
        """Remove what was taken."""
        try:
            self._file.close()
        finally:
            (self._folder / _SCRATCH).unlink()


def _write_array(path: Path, dtype: np.dtype, shape: tuple[int, ...], pieces: Iterable[np.ndarray]) -> None:
    """An array's file from its pieces. `np.save` says of a full disk only how much it wrote."""
    with path.open("wb") as file:
        header = {"descr": np.lib.format.dtype_to_descr(dtype), "fortran_order": False, "shape": shape}
        np.lib.format.write_array_header_1_0(file, header)
        for piece in pieces:
            file.write(np.ascontiguousarray(piece).data)
