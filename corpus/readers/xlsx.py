"""Excel workbooks (.xlsx): every sheet that has a header with an answer column."""

from __future__ import annotations

import io
import itertools
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import openpyxl
from lxml import etree
from openpyxl.utils import range_boundaries

from corpus.readers.columns import known_names
from corpus.readers.source import ReadError, Rejection, Source
from corpus.readers.table import HEADER_SEARCH_ROWS, records_below_header
from corpus.record import DoctorAnswer

NAME = "xlsx"
DESCRIPTION = "Excel 工作簿（.xlsx），有一行表头"

# A sheet of Excel has no more rows; a part that claims more would be counted through for hours.
_MAX_ROWS = 1 << 20
# Each row under a merged cell is filled up to its column.
_MAX_MERGED_COLUMN = 256


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
        workbook = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    except ReadError:
        raise
    except Exception as error:  # openpyxl raises whatever its parsers raise on a broken workbook
        raise ReadError(f"工作簿已损坏，打不开（{type(error).__name__}）；请重新另存为 .xlsx") from error
    failure: ReadError | None = None
    read_any = False
    for sheet in workbook.worksheets:
        sheet_read_any = False
        try:
            for item in _sheet_records(source, content, sheet):
                read_any = sheet_read_any = True
                yield item
        except ReadError as error:
            if sheet_read_any:
                yield Rejection(source.path, None, f"工作表“{sheet.title}”读到一半：{error}；之前的行已保留")
            else:
                failure = failure or ReadError(f"工作表“{sheet.title}”：{error}")
        except Exception as error:  # a sheet may break off in its middle
            yield Rejection(source.path, None, f"工作表“{sheet.title}”读到一半出错（{type(error).__name__}），之前的行已保留")
    if failure and not read_any:
        raise failure


def _refuse_bombs(source: Source, content: bytes) -> None:
    """Raises ReadError for a workbook that would unpack to more than the limits (zipfile reads no more than a part declares)."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        sizes = {part.filename: part.file_size for part in archive.infolist()}
    in_memory = sum(size for name, size in sizes.items() if not name.startswith("xl/worksheets/"))
    for size, limit in ((sum(sizes.values()), source.limits.unpacked), (in_memory, source.limits.strings)):
        if size > limit << 20:
            raise ReadError(f"工作簿解压后超过 {limit} MB，疑似压缩炸弹，未读取；若确认无误，可用 --limits 放宽，或另存为 CSV")


def _numbered_rows(sheet: Any) -> Iterator[tuple[int, Sequence[Any]]]:
    """The rows with their numbers.

    What a sheet says of its own size is not believed: openpyxl would fill each row up to the last column of 16,384.

    Raises:
        ReadError: more rows than a sheet can have.
    """
    sheet.reset_dimensions()
    for number, row in enumerate(sheet.iter_rows(values_only=True), start=1):
        if number > _MAX_ROWS:
            raise ReadError(f"行号超过 {_MAX_ROWS}，工作表已损坏")
        yield number, row


def _sheet_records(source: Source, content: bytes, sheet: Any) -> Iterator[DoctorAnswer | Rejection]:
    rows = _filled(_numbered_rows(sheet), _merged_downwards(content, sheet))
    head: list[tuple[int, list[Any]]] = []
    failure: Exception | None = None
    try:
        for row in itertools.islice(rows, HEADER_SEARCH_ROWS):
            head.append(row)
    except Exception as error:  # told after the rows before it
        failure = error
    texts = [cell for _, cells in head for cell in cells if cell is not None and str(cell).strip()]
    if not texts:
        return
    if not known_names(texts) and not source.columns:
        raise ReadError(f"前 {len(head)} 行里没有表头（没有认识的列名）")
    yield from records_below_header(source, itertools.chain(head, rows))
    if failure:
        raise failure


def _filled(rows: Iterator[tuple[int, Sequence[Any]]], merged: Mapping[int, list[tuple[int, int]]]) -> Iterator[tuple[int, list[Any]]]:
    """The rows; a cell merged downwards holds its value in each of them, and not in the first alone."""
    values: dict[int, tuple[int, Any]] = {}  # column -> last row of the merged cell, its value
    for number, row in rows:
        cells = list(row)
        for column, (last, value) in values.items() if cells else ():
            if number <= last and value is not None:
                cells += [None] * (column + 1 - len(cells))  # a row ends with the last cell that it has itself
                if cells[column] is None:
                    cells[column] = value
        for column, last in merged.get(number, ()):
            if column < len(cells):
                values[column] = last, cells[column]
        yield number, cells


def _merged_downwards(content: bytes, sheet: Any) -> dict[int, list[tuple[int, int]]]:
    """First row -> (column from 0, last row) of the sheet's cells that are merged over several rows of one column.

    openpyxl does not tell when it reads row by row, and would hold the whole workbook in memory otherwise.
    """
    merged: dict[int, list[tuple[int, int]]] = {}
    with zipfile.ZipFile(io.BytesIO(content)) as archive, archive.open(sheet._worksheet_path) as part:
        for _, element in etree.iterparse(part, events=("end",), resolve_entities=False, huge_tree=True, recover=True):
            if str(element.tag).endswith("}mergeCell"):
                first_column, first_row, last_column, last_row = range_boundaries(element.get("ref"))
                if last_row > first_row and first_column == last_column <= _MAX_MERGED_COLUMN:
                    merged.setdefault(first_row, []).append((first_column - 1, last_row))
            elif str(element.tag).endswith("}row"):
                element.clear()
    return merged


def _content(source: Source) -> bytes:
    content, is_broken = source.beginning(source.limits.page_bytes + 1)
    if is_broken:
        raise ReadError("gzip 文件不完整或已损坏，请重新取得该文件")
    if len(content) > source.limits.page_bytes:
        raise ReadError(f"工作簿超过 {source.limits.page} MB；请分成几个文件或另存为 CSV")
    return content
