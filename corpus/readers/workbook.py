"""A workbook's sheets and their rows, read past what is broken in them.

openpyxl's own reading by rows believes what a sheet says of its size, gives up the whole workbook for a broken style or
`<dimension>`, the rest of a sheet for one broken cell, and drops rows that stand out of order. Here its parsers are asked
row by row, so that a broken cell costs its row.
"""

from __future__ import annotations

import contextlib
import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from lxml import etree
from openpyxl.reader.excel import ExcelReader
from openpyxl.styles.stylesheet import apply_stylesheet
from openpyxl.utils import range_boundaries
from openpyxl.worksheet._reader import DATA_TAG, ROW_TAG, WorkSheetParser, iterparse

from corpus.readers.source import ReadError

#: A sheet of Excel has no more rows.
MAX_ROWS = 1 << 20
# Each row under a merged cell is filled up to its column.
_MAX_MERGED_COLUMN = 256
# How Excel writes the carriage return of a text that came from elsewhere.
_CARRIAGE_RETURN = re.compile(r"_x000D_\n?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a sheet.

    Attributes:
        number: as the sheet counts, from 1.
        cells: values from the first column on; None where a cell is empty or holds one of Excel's errors (#N/A).
        broken: the places of cells that cannot be read.
    """

    number: int
    cells: list[Any]
    broken: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """A worksheet.

    Attributes:
        title: its name.
        path: its part of the archive; None where the archive lacks it.
    """

    title: str
    path: str | None


class SheetReader:
    """An opened workbook."""

    def __init__(self, content: bytes) -> None:
        """Open a workbook; raises whatever openpyxl raises for one without its lists of parts and sheets."""
        self._content = content
        reader = ExcelReader(io.BytesIO(content), read_only=True, data_only=True)
        reader.read_manifest()
        with contextlib.suppress(Exception):  # then the cells that point there are broken
            reader.read_strings()
        reader.read_workbook()
        with contextlib.suppress(Exception):  # then dates are numbers
            apply_stylesheet(reader.archive, reader.wb)
        self._reader = reader

    def sheets(self) -> Iterator[Sheet]:
        """The worksheets in their order; charts are no sheets."""
        parser = self._reader.parser
        for sheet in parser.sheets:
            try:
                part = parser.rels[sheet.id]
            except KeyError:
                yield Sheet(sheet.name, None)
                continue
            if "chartsheet" not in part.Type:
                yield Sheet(sheet.name, part.target if part.target in self._reader.valid_files else None)

    def rows(self, sheet: Sheet) -> Iterator[Row]:
        """The rows that the sheet holds, in the order in which they stand in it, empty ones between them not counted.

        Raises:
            ReadError: more rows than a sheet can have, or a number beyond them.
            Exception: whatever the XML parser raises where the sheet breaks off.
        """
        book = self._reader.wb
        with self._reader.archive.open(str(sheet.path)) as source:
            parser = _RowParser(
                source,
                self._reader.shared_strings,
                data_only=True,
                epoch=book.epoch,
                date_formats=book._date_formats,
                timedelta_formats=book._timedelta_formats,
            )
            for count, row in enumerate(parser.rows(), start=1):
                if max(count, row.number) > MAX_ROWS:
                    raise ReadError(f"行号超过 {MAX_ROWS}，工作表已损坏")
                yield row

    def merged_downwards(self, sheet: Sheet) -> dict[int, list[tuple[int, int]]]:
        """First row -> (column from 0, last row) of the sheet's cells that are merged over several rows of one column.

        They stand behind the rows, so the sheet is read through once for them; it would have to be held in memory otherwise.
        """
        merged: dict[int, list[tuple[int, int]]] = {}
        with zipfile.ZipFile(io.BytesIO(self._content)) as archive, archive.open(str(sheet.path)) as part:
            for _, element in etree.iterparse(part, events=("end",), resolve_entities=False, huge_tree=True, recover=True):
                if str(element.tag).endswith("}mergeCell"):
                    with contextlib.suppress(ValueError, TypeError):  # a range that is none
                        first_column, first_row, last_column, last_row = range_boundaries(element.get("ref"))
                        if last_row > first_row and first_column == last_column <= _MAX_MERGED_COLUMN:
                            merged.setdefault(first_row, []).append((first_column - 1, last_row))
                elif str(element.tag).endswith("}row"):
                    element.clear()
        return merged


class _RowParser(WorkSheetParser):
    """openpyxl's parser of a sheet, of which only the rows are wanted, and those whole or not."""

    row_counter: int
    col_counter: int

    def rows(self) -> Iterator[Row]:
        data = None
        for event, element in iterparse(self.source, events=("start", "end")):
            if event == "start":
                data = element if element.tag == DATA_TAG else data
            elif element.tag == ROW_TAG:
                yield self._row(element)
                (element if data is None else data).clear()  # or a million empty elements would pile up

    def _row(self, element: Any) -> Row:
        number = element.get("r", "")
        self.row_counter = int(number) if number.isascii() and number.isdigit() and int(number) else self.row_counter + 1
        self.col_counter = 0
        values: dict[int, Any] = {}
        broken: list[str] = []
        for cell in element:
            place = cell.get("r") or f"第 {self.col_counter + 1} 格"
            try:
                found = self.parse_cell(cell)
            except Exception:  # whatever openpyxl raises for a place, a number or a text that is none
                if cell.get("t") != "d":  # a date that is none is like no date
                    broken.append(place)
                continue
            value = None if found["data_type"] == "e" else found["value"]
            values[found["column"]] = _CARRIAGE_RETURN.sub("\n", value) if isinstance(value, str) else value
        cells = [values.get(column) for column in range(1, max(values, default=0) + 1)]
        return Row(self.row_counter, cells, tuple(broken))
