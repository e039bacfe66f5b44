"""A file that may be plain or gzip'd, in any of the encodings that Chinese exports come in, read without surprises.

Everything a reader needs from a file goes through `Source`: lines with their numbers, decoded one by one, so that one
bad line costs one line and not the file.
"""

from __future__ import annotations

import codecs
import gzip
import io
import re
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import IO, AnyStr, cast

from corpus.clean import clean_line, printable
from corpus.readers.limits import Limits

GZIP_MAGIC = b"\x1f\x8b"
HEAD_BYTES = 1 << 16

# What a remark quotes of a file is no longer than this, with the mark that says that it was cut: half a number has no shape to be
# masked by, and whoever masks must know of it (`corpus.importer`).
_EXCERPT = 40
CUT_MARK = "…"

_BOMS = ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_BROKEN_GZIP = (EOFError, zlib.error, gzip.BadGzipFile)
_COMMON_CHARACTER = re.compile("[\t\r\n -~\u00b7\u2010-\u2027\u3000-\u303f\u4e00-\u9fff\uff01-\uff5e]")
_ASCII_CHARACTER = re.compile("[\n -~]")
# White space in front, by the encoding: a line feed is half a character of UTF-16, and so is the first byte of 三 (U+4E09).
_BLANK = {
    None: re.compile(rb"\A[\t-\r ]++"),
    "utf-16-le": re.compile(rb"\A(?:[\t-\r ]\x00)++"),
    "utf-16-be": re.compile(rb"\A(?:\x00[\t-\r ])++"),
}


class ReadError(Exception):
    """A whole file cannot be read; the message (Chinese) says what to do."""


def shortened(text: str, most: int = _EXCERPT) -> str:
    """A text of at most so many characters, to be quoted; one that was cut ends in `CUT_MARK`."""
    return text if len(text) <= most else text[: most - len(CUT_MARK)] + CUT_MARK


@dataclass(frozen=True, slots=True)
class _Remark:
    """Something to tell whoever imports a file.

    Attributes:
        path: the file.
        line: 1-based line (or spreadsheet row); None when it concerns the whole file.
        reason: a sentence (Chinese).
        excerpt: what it is about, of which the beginning is kept.
    """

    path: Path
    line: int | None
    reason: str
    excerpt: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "excerpt", shortened(self.excerpt))

    def __str__(self) -> str:
        place = f"{self.path}" if self.line is None else f"{self.path} 第 {self.line} 行"
        # A file's name and its content may hold what a terminal obeys.
        return printable(f"{place}：{self.reason}" + (f"（{self.excerpt}）" if self.excerpt else ""))


class Rejection(_Remark):
    """A record, line or file that was left out, and why."""

    __slots__ = ()


class Doubt(_Remark):
    """Something in a record that was kept, which a person should look at."""

    __slots__ = ()


@dataclass(slots=True)
class Position:
    """The line or row that is being read; None before the first."""

    line: int | None = None


@dataclass(frozen=True)
class Source:
    """One input file with the options the operator gave.

    Attributes:
        path: the file as given.
        columns: canonical field name -> column name, for tables and JSON whose names we do not know.
        limits: how much is taken in at once.
        position: how far reading has come, for reports of what nobody expected.
    """

    path: Path
    columns: Mapping[str, str] = field(default_factory=dict)
    limits: Limits = field(default_factory=Limits)
    position: Position = field(default_factory=Position, init=False, compare=False)

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
        """The first `HEAD_BYTES` bytes, decompressed; fewer where the file ends or breaks off. Blank lines in front do not count."""
        return self.beginning(HEAD_BYTES, skip_blank=True)[0]

    @cached_property
    def encoding(self) -> str:
        """`utf-8`, `gb18030` or UTF-16: by the byte order mark, else what most of the non-ASCII lines are."""
        for mark, encoding in _BOMS:
            if self.head.startswith(mark):
                return encoding
        # A tool may put UTF-8's mark in front of GB18030.
        content = self.head.removeprefix(codecs.BOM_UTF8)
        return _utf_16_without_mark(content) or _vote(content, whole=len(self.head) < HEAD_BYTES) or "utf-8"

    @cached_property
    def head_text(self) -> str:
        """The head as text, for sniffing; undecodable bytes are replaced."""
        return _decode_whole(self.head, self.encoding)

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
                for number, raw in enumerate(_raw_lines(binary, encoding, _line_end(self.head), self.limits.line_bytes), start=1):
                    self.position.line = number
                    if raw is None:
                        yield Rejection(self.path, number, f"这一行超过 {self.limits.line} MB，已略过")
                        continue
                    line = raw.removeprefix(codecs.BOM_UTF8) if number == 1 else raw
                    if undecided and not line.isascii():
                        encoding, undecided = _vote(line, whole=True) or encoding, False
                    text = _decode(line, encoding)
                    if text is None:
                        # As text: spelled out, the byte before a number ends like a part of it, and nobody finds the number.
                        excerpt = _decode_whole(line, encoding)
                        yield Rejection(self.path, number, f"这一行不是有效的 {encoding.upper()} 文字", excerpt)
                        continue
                    yield number, (text.removeprefix("\ufeff") if number == 1 else text)
        except _BROKEN_GZIP:
            yield Rejection(self.path, number + 1, "gzip 文件不完整或已损坏，从这里起读不下去；之前的记录已保留，请重新取得该文件")

    def text(self) -> str:
        """The whole file as text (for pages); of a broken gzip file what can be read, and `damage` says so.

        Raises:
            ReadError: larger than `limits.page`, or a broken gzip file that gives nothing.
        """
        content, is_broken = self.beginning(self.limits.page_bytes + 1)
        if is_broken and not content:
            raise ReadError("gzip 文件不完整或已损坏，请重新取得该文件")
        if len(content) > self.limits.page_bytes:
            raise ReadError(f"文件超过 {self.limits.page} MB，不像一个网页")
        encoding = self.encoding
        if encoding == "utf-8":
            encoding = _vote(content.removeprefix(codecs.BOM_UTF8), whole=True) or encoding
        return _decode_whole(content, encoding)

    def damage(self) -> Iterator[Rejection]:
        """One `Rejection` where the file is a gzip file that breaks off, else nothing."""
        if self.is_gzip and self.beginning(self.limits.page_bytes + 1)[1]:
            yield Rejection(self.path, None, "gzip 文件不完整或已损坏，读到这里为止的记录已保留，请重新取得该文件")

    def beginning(self, size: int, *, skip_blank: bool = False) -> tuple[bytes, bool]:
        """At most `size` bytes, decompressed, and whether the gzip file broke off before them.

        Args:
            size: in bytes.
            skip_blank: leave out white space in front, of which a page's size at most is read.
        """
        parts: list[bytes] = []
        left = size
        blank = self.limits.page_bytes if skip_blank else 0
        with self.open() as file:
            try:
                # read1: what was decompressed before the break is given, not lost with the rest.
                while left and (part := file.read1(min(left, HEAD_BYTES))):  # type: ignore[attr-defined]
                    if blank > 0:
                        blank -= len(part)
                        if not (part := _without_blank(part)):
                            continue
                        blank = 0
                    parts.append(part)
                    left -= len(part)
            except _BROKEN_GZIP:
                return b"".join(parts), True
        return b"".join(parts), False


def _without_blank(content: bytes) -> bytes:
    """The beginning of a file without white space in front."""
    return _BLANK[_utf_16_without_mark(content)].sub(b"", content)


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


def _decode_whole(content: bytes, encoding: str) -> str:
    """A whole text; undecodable bytes are replaced, half a character at the end is left out."""
    content = content.removeprefix(codecs.BOM_UTF8)
    return codecs.getincrementaldecoder(encoding)("replace").decode(content, final=False).removeprefix("\ufeff")


def _utf_16_without_mark(content: bytes) -> str | None:
    """UTF-16 in the order in which nearly all characters are Chinese or ASCII; other text holds no zero bytes."""
    content = content[: len(content) // 2 * 2]
    if b"\x00" not in content or _is_utf_8_with_stray_zeros(content):
        return None
    for encoding in ("utf-16-le", "utf-16-be"):
        text = content.decode(encoding, "replace")
        if len(_COMMON_CHARACTER.findall(text)) >= 0.9 * len(text) and _ASCII_CHARACTER.search(text):
            return encoding
    return None


def _is_utf_8_with_stray_zeros(content: bytes) -> bool:
    """Read as UTF-16, pairs of ASCII letters look Chinese; but of UTF-16 either much is zeros or little is right in UTF-8."""
    try:
        codecs.getincrementaldecoder("utf-8")().decode(content, final=False)
    except UnicodeDecodeError:
        return False
    return content.count(0) < len(content) / 4


def _line_end(head: bytes) -> bytes:
    """A line feed, or a carriage return where that is all there is."""
    return b"\r" if b"\n" not in head and b"\r" in head else b"\n"


def _raw_lines(binary: IO[bytes], encoding: str, end: bytes, limit: int) -> Iterator[bytes | None]:
    """Lines as bytes without the line end; None for one of `limit` bytes or more."""
    if encoding.startswith("utf-16"):
        text = io.TextIOWrapper(binary, encoding=encoding, errors="replace", newline=None)
        # `replace` leaves no half of a pair, so that every character can be encoded again.
        yield from (None if line is None else line.encode(encoding) for line in _bounded_lines(text.readline, "\n", limit // 2))
    elif end == b"\r":
        yield from _lines_of_old_macs(binary, limit)
    else:
        yield from (None if line is None else line.rstrip(b"\r") for line in _bounded_lines(binary.readline, b"\n", limit))


def _bounded_lines(readline: Callable[[int], AnyStr], end: AnyStr, limit: int) -> Iterator[AnyStr | None]:
    """Lines without their end; of one that is too long no more than `limit` is held, and None is given."""
    while line := readline(limit):
        if line.endswith(end):
            yield line.rstrip(end)
        elif len(line) < limit:  # the last
            yield line
        else:
            while (rest := readline(limit)) and not rest.endswith(end):
                pass
            yield None


def _lines_of_old_macs(binary: IO[bytes], limit: int) -> Iterator[bytes | None]:
    """Lines that end in a lone carriage return."""
    parts: list[bytes] = []
    length = 0
    for piece in iter(lambda: binary.read(HEAD_BYTES), b""):
        first, *others = piece.split(b"\r")
        for part, ends in [(first, bool(others)), *((other, True) for other in others[:-1]), *((other, False) for other in others[-1:])]:
            length += len(part)
            if length < limit:
                parts.append(part)
            else:
                parts.clear()
            if ends:
                yield b"".join(parts).strip(b"\n") if length < limit else None
                parts.clear()
                length = 0
    if length >= limit:
        yield None
    elif rest := b"".join(parts).strip(b"\n"):
        yield rest
