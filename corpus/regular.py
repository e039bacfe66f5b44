"""Reading small files that ought to be ordinary ones. A pipe in a file's place would be waited for, a device read without end."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path


def open_regular(path: Path) -> int:
    """A descriptor of an ordinary file, open for reading; the caller closes it.

    Raises:
        OSError: it cannot be opened, or is a folder, a pipe or a device.
    """
    # Without O_NONBLOCK the opening itself waits until somebody writes to the pipe.
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0))
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OSError(errno.EINVAL, "不是普通文件", str(path))
    return descriptor


def read_regular(path: Path, limit: int) -> bytes:
    """An ordinary file's content, of which no more than `limit` bytes.

    Raises:
        OSError: as `open_regular`.
    """
    with os.fdopen(open_regular(path), "rb") as file:
        return file.read(limit)


def refuse_special(path: Path) -> None:
    """Raises OSError where something lies at `path` that is neither an ordinary file nor a link to one; nothing there is fine.

    Who writes a file by replacing it would do away with a folder's, a pipe's or a device's name: as root even /dev/null's.
    """
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        return
    if not stat.S_ISREG(mode):
        kind = "文件夹" if stat.S_ISDIR(mode) else "管道或设备"
        raise OSError(errno.EINVAL, f"那里是{kind}，不是普通文件", str(path))
