"""Write a file or a folder whole or not at all."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from corpus.regular import refuse_special


@contextlib.contextmanager
def atomic_writer(path: Path) -> Iterator[BinaryIO]:
    """A binary file that takes `path`'s place when the block ends, durably; if the block raises, `path` is untouched.

    A reader sees the old content or the new, also after a power cut.

    Raises:
        OSError: it cannot be written, or something else than an ordinary file has this name.
    """
    refuse_special(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(0o644)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    fsync(path.parent)


@contextlib.contextmanager
def atomic_folder(folder: Path, mark: str) -> Iterator[Path]:
    """A staging folder that becomes `folder` when the block ends; if the block raises, nothing is left.

    Where another process made `folder` meanwhile, known by the file `mark` in it, that one stays.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    staging = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        yield staging
        staging.chmod(0o755)
        try:
            staging.rename(folder)
        except OSError:
            if not (folder / mark).exists():
                raise
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def fsync(path: Path) -> None:
    """Make a file's or a folder's present state durable."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
