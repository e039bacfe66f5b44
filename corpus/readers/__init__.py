"""Readers: one module a source format, found by what is in the file and not by what it is called.

A reader is a module with `NAME`, `DESCRIPTION`, `sniff(source) -> bool` and
`read(source) -> Iterator[DoctorAnswer | Rejection | Doubt]`. To add a format, write one and list it in `READERS`.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from types import ModuleType

from corpus.readers import html, jsonl, page, table, xlsx
from corpus.readers.foreign import ZIP, foreign_format
from corpus.readers.source import Doubt, ReadError, Rejection, Source, shortened
from corpus.record import DoctorAnswer

__all__ = ["READERS", "Doubt", "ReadError", "Rejection", "Source", "detect", "read"]

# The order matters: what is certain comes first (magic bytes), what is only likely comes last.
READERS: tuple[ModuleType, ...] = (xlsx, jsonl, html, table, page)


def detect(source: Source) -> ModuleType:
    """The reader for a file.

    Raises:
        ReadError: empty, binary, or in no format that we know.
    """
    if not source.head.removeprefix(codecs.BOM_UTF8).strip() or source.head in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        raise ReadError("文件是空的" if not source.is_gzip else "文件是空的，或 gzip 已损坏")
    if reason := foreign_format(source.head):
        raise ReadError(reason)
    for reader in READERS:
        if reader.sniff(source):
            return reader
    if reason := foreign_format(source.head, (ZIP,)):
        raise ReadError(reason)
    known = "；".join(f"{reader.NAME}：{reader.DESCRIPTION}" for reader in READERS)
    if b"\x00" in source.head and not source.encoding.startswith("utf-16"):
        raise ReadError(f"是二进制文件，不是能读的格式。能读的有：{known}")
    raise ReadError(f"看不出是什么格式。能读的有：{known}。若确知格式，用 --format 指定")


def read(source: Source, *, format_name: str | None = None) -> Iterator[DoctorAnswer | Rejection | Doubt]:
    """The records of a file, what had to be left out, and what to look at; a file that cannot be read at all is one `Rejection`."""
    try:
        # A pipe or a device would be waited for, perhaps for ever.
        if not source.path.is_file():
            what = "没有这个文件" if not source.path.exists() else "是文件夹" if source.path.is_dir() else "是管道或设备，不是普通文件"
            raise ReadError(f"{what}；请先把内容存成文件再导入")
        reader = _by_name(format_name) if format_name else detect(source)
        yield from reader.read(source)
    except ReadError as error:
        yield Rejection(source.path, None, str(error))
    except OSError as error:
        yield Rejection(source.path, source.position.line, f"打不开或读不下去：{error.strerror or error}")
    except Exception as error:  # the last net: a fault of a reader must not end the import of the other files
        reason = shortened(f"读取时出了意外的错误（{type(error).__name__}: {error}）", 160)
        yield Rejection(source.path, source.position.line, f"{reason}；之前的记录已保留，请把该文件报告给维护者")


def _by_name(name: str) -> ModuleType:
    for reader in READERS:
        if name == reader.NAME or (name == "tsv" and reader is table):
            return reader
    raise ReadError(f"没有名为“{name}”的格式，可选：{'、'.join(reader.NAME for reader in READERS)}")
