"""A reader's claim on a generation: while it is held, no builder deletes the generation.

A shared `flock` on the manifest, which a crash releases. A builder deletes only what it can lock alone. Where there is no
`flock` (Windows) an open file cannot be deleted anyway, and the builder leaves what it cannot rename.
"""

from __future__ import annotations

import contextlib
import os
import weakref
from collections.abc import Iterator
from pathlib import Path

from corpus.regular import open_regular
from index.manifest import ABSENT, MANIFEST

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]


class GoneError(Exception):
    """The generation was deleted while somebody wanted to open it."""


class Lease:
    """Held from its making until nobody refers to it any more."""

    def __init__(self, generation: Path) -> None:
        """Raises GoneError where a builder has taken the generation away; OSError where its manifest cannot be opened."""
        manifest = generation / MANIFEST
        self._descriptor = open_regular(manifest)
        weakref.finalize(self, os.close, self._descriptor)
        if fcntl is None:
            return
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise GoneError(str(generation)) from error
        except OSError:
            return  # a file system without locks: readers there had better not outlast several builds
        try:
            is_there = os.path.samestat(manifest.stat(), os.fstat(self._descriptor))
        except OSError:
            is_there = False
        if not is_there:
            raise GoneError(str(generation))


@contextlib.contextmanager
def sole_claim(generation: Path) -> Iterator[bool]:
    """Whether nobody reads the generation; while the block runs, nobody can begin to."""
    try:
        descriptor = open_regular(generation / MANIFEST)
    except OSError as error:
        # Without a manifest nobody can have opened it. One that we cannot open just now (no descriptors, no rights) others may read.
        yield error.errno in ABSENT
        return
    try:
        is_ours = True
        if fcntl is not None:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                is_ours = False
            except OSError:
                pass
        yield is_ours
    finally:
        os.close(descriptor)
