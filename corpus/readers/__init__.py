"""Readers: one module a source format, found by what is in the file and not by what it is called.

A reader is a module with `NAME`, `DESCRIPTION`, `sniff(source) -> bool` and
`read(source) -> Iterator[DoctorAnswer | Rejection]`. To add a format, write one and list it in `READERS`.
"""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType

from corpus.readers import html, jsonl, page, table, xlsx
from corpus.readers.source import ReadError, Rejection, Source
from corpus.record import DoctorAnswer

__all__ = ["READERS", "ReadError", "Rejection", "Source", "detect", "read"]

# The order matters: what is certain comes first (magic bytes), what is only likely comes last.
READERS: tuple[ModuleType, ...] = (xlsx, jsonl, html, table, page)


def detect(source: Source) -> ModuleType:
    """The reader for a file.

    Raises:
        ReadError: empty, binary, or in no format that we know.
    """
    if not source.head.strip():
        raise ReadError("文件是空的" if not source.is_gzip else "文件是空的，或 gzip 已损坏")
    for reader in READERS:
        if reader.sniff(source):
            return reader
    known = "；".join(f"{reader.NAME}：{reader.DESCRIPTION}" for reader in READERS)
    if b"\x00" in source.head and not source.encoding.startswith("utf-16"):
        raise ReadError(f"是二进制文件，不是能读的格式。能读的有：{known}")
    raise ReadError(f"看不出是什么格式。能读的有：{known}。若确知格式，用 --format 指定")


def read(source: Source, *, format_name: str | None = None) -> Iterator[DoctorAnswer | Rejection]:
    """The records of a file and what had to be left out; a file that cannot be read at all is one `Rejection`."""
    try:
        reader = _by_name(format_name) if format_name else detect(source)
        yield from reader.read(source)
    except ReadError as error:
        yield Rejection(source.path, None, str(error))
    except OSError as error:
        yield Rejection(source.path, None, f"打不开：{error.strerror or error}")


def _by_name(name: str) -> ModuleType:
    for reader in READERS:
        if name == reader.NAME or (name == "tsv" and reader is table):
            return reader
    raise ReadError(f"没有名为“{name}”的格式，可选：{'、'.join(reader.NAME for reader in READERS)}")
