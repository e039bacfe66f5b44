"""Arrays of a generation, left in their files."""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np

_ATTEMPTS = 20
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
            with _one_at_a_time:  # our own threads; others may still parse something
                return np.asarray(np.load(path, mmap_mode="r", allow_pickle=False))
        except SystemError:
            if attempt == _ATTEMPTS - 1:
                raise
    raise AssertionError("unreachable")
