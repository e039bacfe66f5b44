"""Arrays of a generation, left in their files, and what makes a row of them an embedding."""

from __future__ import annotations

import errno
import os
import threading
from pathlib import Path

import numpy as np

from index.manifest import IndexFolderError

_ATTEMPTS = 20
_LENGTH_ERROR = 0.01
_one_at_a_time = threading.Lock()


def map_array(path: Path) -> np.ndarray:
    """A memory-mapped, read-only view of an array's file.

    It is a plain array: numpy takes ten times as long to slice its own kind of map.

    numpy parses the file's header as Python, and CPython 3.11 counts how deep it parses for all threads together: at times one of
    them fails with a `SystemError` (github.com/python/cpython/issues/106905). A whole file must not be taken for a damaged one.

    Raises:
        OSError, ValueError: there is no such file, or none of an array.
    """
    for attempt in range(_ATTEMPTS):
        try:
            # Our own threads; others may still parse something (on the page those wait as well: search_app/python_parser.py).
            with _one_at_a_time:
                return np.asarray(np.load(path, mmap_mode="r", allow_pickle=False))
        except SystemError:
            if attempt == _ATTEMPTS - 1:
                raise
    raise AssertionError("unreachable")


def make_array(path: Path, shape: tuple[int, int]) -> np.memmap:
    """A new float32 array on the disk, with the disk's room taken: a map into a file with holes kills the process when the disk is full.

    Raises:
        OSError: there is no room.
    """
    array = np.lib.format.open_memmap(path, mode="w+", dtype=np.float32, shape=shape)
    if hasattr(os, "posix_fallocate"):
        with path.open("r+b") as file:
            try:
                os.posix_fallocate(file.fileno(), 0, path.stat().st_size)
            except OSError as error:
                if error.errno not in (errno.EOPNOTSUPP, errno.EINVAL, errno.ENOSYS):  # a file system that cannot
                    raise
    return array


def unit_rows(vectors: np.ndarray) -> np.ndarray:
    """The same rows with length 1; a row of zeros stays."""
    return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)


def no_directions(vectors: np.ndarray) -> np.ndarray:
    """Numbers of the rows that are no embeddings: longer or shorter than 1, or no numbers.

    Args:
        vectors: float32 [rows, dimension].
    """
    # Written so that a row that is no number is among them.
    return np.flatnonzero(~(np.abs(np.linalg.norm(vectors, axis=1) - 1) < _LENGTH_ERROR))


def refuse_no_directions(vectors: np.ndarray, first: int = 0) -> None:
    """Raises IndexFolderError for embeddings that are none: one such row, sealed as right, can stand before every other for good.

    Args:
        vectors: float32 [rows, dimension].
        first: the number of the first row, for the message.
    """
    wrong = no_directions(vectors)
    if len(wrong):
        raise IndexFolderError(
            f"编码器给出了长度不是 1 的向量（{len(wrong)} 条，第一条在第 {first + wrong[0]} 个单元），索引没有发布；请检查编码器和内存后再建"
        )
