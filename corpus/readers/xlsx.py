"""Excel workbooks (.xlsx): every sheet that has a header with an answer column."""

from __future__ import annotations

import io
import itertools
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from corpus.readers.columns import known_names
from corpus.readers.source import ReadError, Rejection, Source
from corpus.readers.table import HEADER_SEARCH_ROWS, records_below_header
from corpus.readers.workbook import Row, Sheet, SheetReader
from corpus.record import DoctorAnswer

NAME = "xlsx"
DESCRIPTION = "Excel 工作簿（.xlsx），有一行表头"


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
        ReadError: not a workbook, or one that unpacks to more than its limits.
    """
    content = _content(source)
    try:
        _refuse_bombs(source, content)
        workbook = SheetReader(content)
    except ReadError:
        raise
    except Exception as error:  # openpyxl raises whatever its parsers raise on a broken workbook
        raise ReadError(f"工作簿已损坏，打不开（{type(error).__name__}）；请重新另存为 .xlsx") from error
    failure: ReadError | None = None
    read_any = False
    for sheet in workbook.sheets():
        if sheet.path is None:
            failure = failure or ReadError(f"工作表“{sheet.title}”：文件里没有它的内容，工作簿已损坏；请重新另存为 .xlsx")
            continue
        sheet_read_any = False
        try:
            for item in _sheet_records(source, workbook, sheet):
                read_any = sheet_read_any = True
                yield item
        except ReadError as error:
            if sheet_read_any:
                yield Rejection(source.path, None, f"工作表“{sheet.title}”读到一半：{error}；之前的行已保留")
            else:
                failure = failure or ReadError(f"工作表“{sheet.title}”：{error}")
        except Exception as error:  # a sheet may break off in its middle
            yield Rejection(source.path, None, f"工作表“{sheet.title}”读到一半出错（{type(error).__name__}），之前的行已保留")
    if not read_any:
        raise failure or ReadError("工作簿里没有数据：各工作表都是空的")
    if failure and failure.args and "没有它的内容" in failure.args[0]:
        yield Rejection(source.path, None, str(failure))


def _refuse_bombs(source: Source, content: bytes) -> None:
    """Raises ReadError for a workbook that would unpack to more than the limits (zipfile reads no more than a part declares)."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        sizes = {part.filename: part.file_size for part in archive.infolist()}
    in_memory = sum(size for name, size in sizes.items() if not name.startswith("xl/worksheets/"))
    for size, limit in ((sum(sizes.values()), source.limits.unpacked), (in_memory, source.limits.strings)):
        if size > limit << 20:
            raise ReadError(f"工作簿解压后超过 {limit} MB，疑似压缩炸弹，未读取；若确认无误，可用 --limits 放宽，或另存为 CSV")


def _sheet_records(source: Source, workbook: SheetReader, sheet: Sheet) -> Iterator[DoctorAnswer | Rejection]:
    rows = _filled(source, workbook.rows(sheet), workbook.merged_downwards(sheet))
    head: list[tuple[int, Sequence[Any]] | Rejection] = []
    failure: Exception | None = None
    try:
        for row in itertools.islice(rows, HEADER_SEARCH_ROWS):
            head.append(row)
    except Exception as error:  # told after the rows before it
        failure = error
    texts = [[cell for cell in row[1] if cell is not None and str(cell).strip()] for row in head if not isinstance(row, Rejection)]
    if not any(texts):
        yield from (row for row in head if isinstance(row, Rejection))
        if failure:
            raise failure
        return
    if not any(map(known_names, texts)) and not source.columns:
        raise ReadError(f"前 {len(head)} 行里没有表头（没有认识的列名）")
    yield from records_below_header(source, itertools.chain(head, rows))
    if failure:
        raise failure


def _filled(
    source: Source, rows: Iterator[Row], merged: Mapping[int, list[tuple[int, int]]]
) -> Iterator[tuple[int, Sequence[Any]] | Rejection]:
    """The rows; a cell merged downwards holds its value in each of them, and not in the first alone."""
    values: dict[int, tuple[int, Any]] = {}  # column -> last row of the merged cell, its value
    for row in rows:
        number, cells = row.number, row.cells
        for column, (last, value) in values.items() if cells else ():
            if number <= last and value is not None:
                cells += [None] * (column + 1 - len(cells))  # a row ends with the last cell that it has itself
                if cells[column] is None:
                    cells[column] = value
        for column, last in merged.get(number, ()):
            if column < len(cells):
                values[column] = last, cells[column]
        if row.broken:
            yield Rejection(source.path, number, f"有读不出的格（{'、'.join(row.broken[:5])}），这一行已略过；请在表格软件里改正后另存")
        else:
            yield number, cells


def _content(source: Source) -> bytes:
    content, is_broken = source.beginning(source.limits.page_bytes + 1)
    if is_broken:
        raise ReadError("gzip 文件不完整或已损坏，请重新取得该文件")
    if len(content) > source.limits.page_bytes:
        raise ReadError(f"工作簿超过 {source.limits.page} MB；请分成几个文件或另存为 CSV")
    return content
