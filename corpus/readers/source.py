"""A file that may be plain or gzip'd, in any of the encodings that Chinese exports come in, read without surprises.

Everything a reader needs from a file goes through `Source`: lines with their numbers, decoded one by one, so that one
bad line costs one line and not the file.
"""

from __future__ import annotations

import codecs
import contextlib
import gzip
import io
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import IO, cast

from corpus.clean import clean_line

GZIP_MAGIC = b"\x1f\x8b"
HEAD_BYTES = 1 << 16
MAX_LINE_BYTES = 64 << 20
MAX_PAGE_BYTES = 64 << 20

_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))


class ReadError(Exception):
    """A whole file cannot be read; the message (Chinese) says what to do."""


@dataclass(frozen=True, slots=True)
class Rejection:
    """A record, line or file that was left out, and why.

    Attributes:
        path: the file.
        line: 1-based line (or spreadsheet row); None when it concerns the whole file.
        reason: a sentence for the importer (Chinese).
        excerpt: the beginning of what was left out.
    """

    path: Path
    line: int | None
    reason: str
    excerpt: str = ""

    def __str__(self) -> str:
        place = f"{self.path}" if self.line is None else f"{self.path} 第 {self.line} 行"
        return f"{place}：{self.reason}" + (f"（{self.excerpt}）" if self.excerpt else "")


@dataclass(frozen=True)
class Source:
    """One input file with the options the operator gave.

    Attributes:
        path: the file as given.
        columns: canonical field name -> column name, for tables and JSON whose names we do not know.
        size_limit: bytes after which a file that must be read whole (a page, a workbook) is refused.
    """

    path: Path
    columns: Mapping[str, str] = field(default_factory=dict)
    size_limit: int = MAX_PAGE_BYTES

    @property
    def default_source(self) -> str:
        """The `source` of records that name none: the file's name without endings."""
        name = clean_line(self.path.name)  # a name may hold bytes that are no text
        return name.split(".")[0] or name or "file"

    @cached_property
    def is_gzip(self) -> bool:
        """By the magic bytes."""
        with self.path.open("rb") as file:
            return file.read(2) == GZIP_MAGIC

    def open(self) -> IO[bytes]:
        """The file's bytes, decompressed."""
        return cast("IO[bytes]", gzip.open(self.path, "rb")) if self.is_gzip else self.path.open("rb")

    @cached_property
    def head(self) -> bytes:
        """The first `HEAD_BYTES` bytes, decompressed; fewer where the file ends or breaks off."""
        parts: list[bytes] = []
        with self.open() as file, contextlib.suppress(EOFError, zlib.error, gzip.BadGzipFile):
            for _ in range(16):
                part = file.read(HEAD_BYTES // 16)
                if not part:
                    break
                parts.append(part)
        return b"".join(parts)

    @cached_property
    def encoding(self) -> str:
        """`utf-8`, `gb18030` or UTF-16: by the byte order mark, else what most of the non-ASCII lines are."""
        for mark, encoding in _BOMS:
            if self.head.startswith(mark):
                return encoding
        return _vote(self.head, whole=len(self.head) < HEAD_BYTES) or "utf-8"

    @cached_property
    def head_text(self) -> str:
        """The head as text, for sniffing; undecodable bytes are replaced."""
        return self.head.decode(self.encoding, "replace").removeprefix("\ufeff")

    def lines(self) -> Iterator[tuple[int, str] | Rejection]:
        """Numbered lines without their line end; a line that is too long or not text comes as a `Rejection`.

        A gzip file that breaks off ends the iteration with a `Rejection`; the lines before it are given.
        """
        number = 0
        # An ASCII head says nothing of the encoding; then the first line that does decides.
        encoding = self.encoding
        undecided = _vote(self.head, whole=False) is None and encoding == "utf-8"
        try:
            with self.open() as binary:
                for number, line in enumerate(_raw_lines(binary, encoding), start=1):
                    if line is None:
                        yield Rejection(self.path, number, f"这一行超过 {MAX_LINE_BYTES >> 20} MB，已略过")
                        continue
                    if undecided and not line.isascii():
                        encoding, undecided = _vote(line, whole=True) or encoding, False
                    text = _decode(line, encoding)
                    if text is None:
                        yield Rejection(self.path, number, f"这一行不是有效的 {encoding.upper()} 文字", repr(line[:24])[2:-1])
                        continue
                    yield number, (text.removeprefix("\ufeff") if number == 1 else text)
        except (EOFError, zlib.error, gzip.BadGzipFile):
            yield Rejection(self.path, number + 1, "gzip 文件不完整或已损坏，从这里起读不下去；之前的记录已保留，请重新取得该文件")

    def text(self) -> str:
        """The whole file as text (for pages).

        Raises:
            ReadError: larger than `size_limit`, or a gzip file that is broken.
        """
        try:
            with self.open() as file:
                content = file.read(self.size_limit + 1)
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise ReadError("gzip 文件不完整或已损坏，请重新取得该文件") from error
        if len(content) > self.size_limit:
            raise ReadError(f"文件超过 {self.size_limit >> 20} MB，不像一个网页")
        encoding = self.encoding if self.encoding != "utf-8" else _vote(content, whole=True) or "utf-8"
        return content.decode(encoding, "replace").removeprefix("\ufeff")


def _vote(content: bytes, *, whole: bool) -> str | None:
    """UTF-8 or GB18030, whichever more of the non-ASCII lines are; None where all are ASCII.

    Args:
        content: the beginning of a file.
        whole: the content does not break off, perhaps inside a character.
    """
    votes = {"utf-8": 0, "gb18030": 0}
    *lines, last = content.split(b"\n")
    for line, is_whole in [*((line, True) for line in lines), (last, whole)]:
        if line.isascii():
            continue
        for encoding in votes:
            if _decode(line, encoding, final=is_whole) is not None:
                votes[encoding] += 1
                break  # valid UTF-8 is hardly ever meant as GB18030
    if not any(votes.values()):
        return None
    return "gb18030" if votes["gb18030"] > votes["utf-8"] else "utf-8"


def _decode(line: bytes, encoding: str, *, final: bool = True) -> str | None:
    try:
        return codecs.getincrementaldecoder(encoding)().decode(line, final=final)
    except UnicodeDecodeError:
        return None


def _raw_lines(binary: IO[bytes], encoding: str) -> Iterator[bytes | None]:
    """Lines as bytes without the line end; None for one longer than `MAX_LINE_BYTES`."""
    if encoding.startswith("utf-16"):
        text = io.TextIOWrapper(binary, encoding=encoding, errors="surrogatepass", newline=None)
        for decoded in text:
            yield decoded.rstrip("\n").encode(encoding, "surrogatepass")
        return
    for line in iter(lambda: binary.readline(MAX_LINE_BYTES), b""):
        if len(line) >= MAX_LINE_BYTES and not line.endswith(b"\n"):
            for rest in iter(lambda: binary.readline(MAX_LINE_BYTES), b""):
                if rest.endswith(b"\n"):
                    break
            yield None
        else:
            yield line.rstrip(b"\r\n")
