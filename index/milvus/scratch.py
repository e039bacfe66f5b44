"""The folders in which builds for Milvus keep what they have read until it is in the server, and what killed builds leave of them.

    data/cache/milvus-builds/
      .lock          held while a folder is made, or while those of killed builds are removed
      .remove        held while a record is removed: no build begins meanwhile; taken and looked at only under .lock
      build-…/       of one build; .lock in it is held while the build runs, and a kill frees it

A folder holds every record of the corpus as text. So they lie in a known place, not in the system's temporary folder, where nobody
would look for them when a record is to be forgotten.
"""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import filelock

from corpus.paths import CACHE_FOLDER, private_folder
from index.manifest import BusyError, IndexFolderError

SCRATCH_FOLDER = CACHE_FOLDER / "milvus-builds"

_LOCK = ".lock"
_REMOVAL = ".remove"
_PREFIX = "build-"


@contextlib.contextmanager
def scratch(folder: Path | None = None) -> Iterator[Path]:
    """An empty folder while the block runs. What killed builds left goes first.

    Args:
        folder: where it is made, if not in the usual place.

    Raises:
        BusyError: a record is being removed.
        IndexFolderError: it cannot be made or written; nothing is published.
    """
    with _told(folder or SCRATCH_FOLDER), _made(folder or SCRATCH_FOLDER) as ours:
        yield ours


@contextlib.contextmanager
def removing(folder: Path | None = None) -> Iterator[Callable[[], contextlib.AbstractContextManager[Path]]]:
    """Keep builds on this machine from beginning while the block runs; it is given what stands for `scratch` in it.

    Those that run already are not waited for: `sweep` names them.

    Raises:
        BusyError: another removal runs.
        IndexFolderError: the folder cannot be made or written.
    """
    folder = folder or SCRATCH_FOLDER

    @contextlib.contextmanager
    def ours() -> Iterator[Path]:
        with _told(folder), _made(folder, is_removal=True) as made:
            yield made

    with _told(folder):
        private_folder(folder)
        with filelock.FileLock(folder / _LOCK):
            lock = _no_removal(folder)
    try:
        yield ours
    finally:
        lock.release()


def _no_removal(folder: Path) -> filelock.BaseFileLock:
    """The lock of removals, taken."""
    lock = filelock.FileLock(folder / _REMOVAL)
    try:
        lock.acquire(timeout=0)
    except filelock.Timeout as error:
        raise BusyError(f"正在从 Milvus 的索引里删除一条记录（{folder}），请等它结束再试") from error
    return lock


@contextlib.contextmanager
def _told(folder: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, sqlite3.OperationalError) as error:
        raise IndexFolderError(f"写入临时文件时出错：{error}（{folder}）；已发布的索引没有改动，请看磁盘空间与权限，再试一次") from error


@contextlib.contextmanager
def _made(folder: Path, *, is_removal: bool = False) -> Iterator[Path]:
    private_folder(folder)
    with filelock.FileLock(folder / _LOCK):  # or the new folder could be taken for a killed build's before it is locked
        if not is_removal:
            _no_removal(folder).release()
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
