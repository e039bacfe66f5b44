"""Excel workbooks (.xlsx): every sheet that has a header with an answer column."""

from __future__ import annotations

import gzip
import io
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any

import openpyxl

from corpus.readers.columns import known_names
from corpus.readers.source import ReadError, Rejection, Source
from corpus.readers.table import records_from_rows
from corpus.record import DoctorAnswer

NAME = "xlsx"
DESCRIPTION = "Excel 工作簿（.xlsx），首行为表头"

MAX_UNPACKED_BYTES = 1 << 30


def sniff(source: Source) -> bool:
    """A zip archive with a workbook inside."""
    if not source.head.startswith(b"PK\x03\x04"):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(_content(source))) as archive:
            return "xl/workbook.xml" in archive.namelist()
    except (zipfile.BadZipFile, ReadError):
        return b"xl/" in source.head or any(ending == ".xlsx" for ending in source.path.suffixes)


def read(source: Source) -> Iterator[DoctorAnswer | Rejection]:
    """One record a row, sheet by sheet.

    Raises:
        ReadError: not a workbook, or one that unpacks to more than `MAX_UNPACKED_BYTES`.
    """
    content = _content(source)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            unpacked = sum(part.file_size for part in archive.infolist())
        if unpacked > MAX_UNPACKED_BYTES:
            raise ReadError(f"工作簿解压后超过 {MAX_UNPACKED_BYTES >> 20} MB，疑似压缩炸弹，未读取")
        workbook = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    except ReadError:
        raise
    except Exception as error:  # openpyxl raises whatever its parsers raise on a broken workbook
        raise ReadError(f"工作簿已损坏，打不开（{type(error).__name__}）；请重新另存为 .xlsx") from error
    failure: ReadError | None = None
    read_any = False
    for sheet in workbook.worksheets:
        try:
            for item in _sheet_records(source, sheet):
                read_any = True
                yield item
        except ReadError as error:
            failure = failure or ReadError(f"工作表“{sheet.title}”：{error}")
        except Exception as error:  # a sheet may break off in its middle
            yield Rejection(source.path, None, f"工作表“{sheet.title}”读到一半出错（{type(error).__name__}），之前的行已保留")
    if failure and not read_any:
        raise failure


def _sheet_records(source: Source, sheet: Any) -> Iterator[DoctorAnswer | Rejection]:
    rows = ((number, cells) for number, cells in enumerate(sheet.iter_rows(values_only=True), start=1))
    for number, cells in rows:
        if any(cell is not None and str(cell).strip() for cell in cells):
            if not known_names(cell for cell in cells if cell is not None) and not source.columns:
                raise ReadError(f"第 {number} 行不像表头（没有认识的列名）")
            yield from records_from_rows(source, (number, cells), rows)
            return


def _content(source: Source) -> bytes:
    try:
        with source.open() as file:
            content = file.read(source.size_limit + 1)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise ReadError("gzip 文件不完整或已损坏，请重新取得该文件") from error
    if len(content) > source.size_limit:
        raise ReadError(f"工作簿超过 {source.size_limit >> 20} MB；请分成几个文件或另存为 CSV")
    return content
