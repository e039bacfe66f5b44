"""What the commands share: imports from the repository's root, progress and messages on stderr, exit codes.

stdout carries results only. Exit codes: 0 done, 2 not done with a sentence that says why, 130 interrupted.
"""

from __future__ import annotations

import argparse
import contextlib
import logging
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))  # the commands run without an install

from tqdm import tqdm  # noqa: E402

from corpus.clean import printable  # noqa: E402
from index.encoder import EncoderError  # noqa: E402
from index.generation import IndexFolderError  # noqa: E402
from index.milvus.address import is_milvus  # noqa: E402


def say(message: str) -> None:
    """A line for the person at the terminal; what a file's name or content says cannot steer it."""
    print(printable(message), file=sys.stderr, flush=True)


def fail(message: str) -> NoReturn:
    """End with exit code 2 and a sentence."""
    say(f"错误：{message}")
    raise SystemExit(2)


def run(main: Callable[[], None]) -> NoReturn:
    """Run a command: known failures end in a sentence, not in a traceback."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]
    logging.basicConfig(level=logging.WARNING, format="%(message)s", stream=sys.stderr)
    try:
        main()
        sys.stdout.flush()
    except (IndexFolderError, EncoderError) as error:
        fail(str(error))
    except BrokenPipeError:  # `| head` went away
        _discard_output()
    except OSError as error:  # what no command foresaw: a full disk behind stdout, a name that is too long
        _discard_output()
        fail(f"{error.filename or '读写'}：{error.strerror or error}。请检查路径、权限和磁盘空间")
    except KeyboardInterrupt:
        say("已中断")
        raise SystemExit(130) from None
    raise SystemExit(0)


def _discard_output() -> None:
    """What is still to be printed goes nowhere: or the interpreter would try once more as it ends, and fail."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def path_argument(text: str) -> Path:
    """A path given by hand. An empty one (a variable of the shell that is not set) would mean the present folder with all that is in it.

    Raises:
        argparse.ArgumentTypeError: it is empty, or no path.
    """
    if not text.strip() or "\0" in text:
        raise argparse.ArgumentTypeError("路径是空的（当前文件夹请写成 .）")
    return Path(text)


def index_argument(text: str) -> Path | str:
    """The place of an index given by hand: a folder, or `milvus:URI`.

    Raises:
        argparse.ArgumentTypeError: it is empty, or no path.
    """
    return text if is_milvus(text) else path_argument(text)


def positive_argument(text: str) -> int:
    """A whole number from 1 given by hand.

    Raises:
        argparse.ArgumentTypeError: it is none.
    """
    number = int(text) if text.isascii() and text.isdigit() else 0
    if not number:
        raise argparse.ArgumentTypeError(f"“{text}”应为 1 或更大的整数")
    return number


class ConsoleProgress:
    """A bar a stage on stderr."""

    def __init__(self) -> None:
        self._bar: tqdm | None = None

    def start(self, stage: str, total: int | None) -> None:
        """Close the last stage's bar and open one for this."""
        self.close()
        self._bar = tqdm(desc=stage, total=total, unit="", file=sys.stderr, dynamic_ncols=True, mininterval=0.5)

    def advance(self, count: int) -> None:
        """Move the bar."""
        if self._bar is not None:
            self._bar.update(count)

    def close(self) -> None:
        """Leave the last bar as it stands."""
        if self._bar is not None:
            self._bar.close()
            self._bar = None


@contextlib.contextmanager
def console_progress() -> Iterator[ConsoleProgress]:
    """Progress that is closed whatever happens."""
    progress = ConsoleProgress()
    try:
        yield progress
    finally:
        progress.close()
