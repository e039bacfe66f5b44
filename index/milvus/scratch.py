"""The folders in which builds for Milvus keep what they have read until it is in the server, and what killed builds leave of them.

    data/cache/milvus-builds/
      .lock          held while a folder is made, or while those of killed builds are removed
      build-…/       of one build; .lock in it is held while the build runs, and a kill frees it

A folder holds every record of the corpus as text. So they lie in a known place, not in the system's temporary folder, where nobody
would look for them when a record is to be forgotten.
"""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from pathlib import Path

import filelock

from corpus.paths import CACHE_FOLDER, private_folder
from index.manifest import IndexFolderError

SCRATCH_FOLDER = CACHE_FOLDER / "milvus-builds"

_LOCK = ".lock"
_PREFIX = "build-"


@contextlib.contextmanager
def scratch(folder: Path | None = None) -> Iterator[Path]:
    """An empty folder while the block runs. What killed builds left goes first.

    Args:
        folder: where it is made, if not in the usual place.

    Raises:
        IndexFolderError: it cannot be made or written; nothing is published.
    """
    folder = folder or SCRATCH_FOLDER
    try:
        with _made(folder) as ours:
            yield ours
    except (OSError, sqlite3.OperationalError) as error:
        raise IndexFolderError(f"写入临时文件时出错：{error}（{folder}）；已发布的索引没有改动，请看磁盘空间与权限，再试一次") from error


@contextlib.contextmanager
def _made(folder: Path) -> Iterator[Path]:
    private_folder(folder)
    with filelock.FileLock(folder / _LOCK):  # or the new folder could be taken for a killed build's before it is locked
        _remove_abandoned(folder)
        ours = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=folder))
        lock = filelock.FileLock(ours / _LOCK)
        lock.acquire()
    try:
        yield ours
    finally:
        lock.release()
        shutil.rmtree(ours, ignore_errors=True)


def sweep(folder: Path | None = None) -> list[Path]:
    """Remove what killed builds left; what stays: folders of builds that run on this machine, or that cannot be removed."""
    folder = folder or SCRATCH_FOLDER
    if not folder.is_dir():
        return []
    with contextlib.suppress(OSError), filelock.FileLock(folder / _LOCK):  # what could not be removed is told by what stays
        _remove_abandoned(folder)
    return _builds(folder)


def _builds(folder: Path) -> list[Path]:
    return sorted(folder.glob(f"{_PREFIX}*"))


def _remove_abandoned(folder: Path) -> None:
    for path in _builds(folder):
        with contextlib.suppress(OSError):  # its build runs, or it is another user's
            with filelock.FileLock(path / _LOCK, timeout=0):
                shutil.rmtree(path, ignore_errors=True)
            shutil.rmtree(path, ignore_errors=True)  # Windows: the lock's own file
