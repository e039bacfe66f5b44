"""CSV and TSV with a header, in UTF-8 or GB18030."""

from __future__ import annotations

import csv
import io
import itertools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from corpus.readers import page
from corpus.readers.columns import field_map, is_header, known_names, names_an_answer, plain_name, raw_fields
from corpus.readers.outcome import record_or_rejection
from corpus.readers.source import ReadError, Rejection, Source, shortened
from corpus.record import DoctorAnswer, RecordError

NAME = "csv"
DESCRIPTION = "CSV / TSV，有一行表头（UTF-8 或 GB18030）"

_DELIMITERS = ",\t;|"
_MAX_FIELD = 8 << 20
# A quotation mark that is never closed would swallow the rest of the file as one answer.
_MAX_RECORD_LINES = 2_000


# Above the header an export may have a title, a date, an instruction.
HEADER_SEARCH_ROWS = 20


def sniff(source: Source) -> bool:
    """One of the first lines names columns that we know; or the file calls itself a table and has delimiters.

    A page may begin with a line `问题` or `标题，副题`; without a column for the answer it stays a page.
    """
    line = _header_line(source)
    cells = _split(line, _delimiter(line))
    named_by_hand = set(source.columns.values())
    if names_an_answer(cells) or named_by_hand & {cell.strip() for cell in cells}:
        return (len(cells) > 1 or len(line) <= 20) and not (len(cells) == 1 and page.sniff(source))
    if page.sniff(source):
        return False
    if known_names(cells):
        return len(cells) > 1 or len(line) <= 20
    return len(cells) > 1 and any(ending in (".csv", ".tsv") for ending in source.path.suffixes)


def read(source: Source) -> Iterator[DoctorAnswer | Rejection]:
    """One record a row; a row with more cells than the header has is left out, since its fields have slipped."""
    yield from records_below_header(source, _rows(source))


def records_below_header(source: Source, rows: Iterator[tuple[int, Sequence[Any]] | Rejection]) -> Iterator[DoctorAnswer | Rejection]:
    """Records of the rows under the first of the first `HEADER_SEARCH_ROWS` not empty ones that is a header, else under the first.

    Raises:
        ReadError: no row, or a header that does not serve.
    """
    first: tuple[int, Sequence[Any]] | None = None
    filled = (item for item in rows if isinstance(item, Rejection) or any(cell is not None and str(cell).strip() for cell in item[1]))
    for item in itertools.islice(filled, HEADER_SEARCH_ROWS):
        if isinstance(item, Rejection):
            yield item
            continue
        first = first or item
        if is_header(item[1], source.columns):
            yield from records_from_rows(source, item, rows)
            return
    if first is None:
        raise ReadError("没有表头：文件里没有可读的行")
    yield from records_from_rows(source, first, rows)


def records_from_rows(
    source: Source, header: tuple[int, Sequence[Any]], rows: Iterable[tuple[int, Sequence[Any]] | Rejection]
) -> Iterator[DoctorAnswer | Rejection]:
    """Records from numbered rows under a numbered header; shared by every kind of table.

    Raises:
        ReadError: the header has no column for the answer, or lacks one that was named by hand.
    """
    names = [str(name).strip() if name is not None else "" for name in header[1]]
    plain_names = set(map(plain_name, names))
    there = shortened("、".join(filter(None, names)), 200)
    absent = [column for column in source.columns.values() if plain_name(column) not in plain_names]
    if absent:
        raise ReadError(f"表头里没有你指定的列“{'、'.join(absent)}”；现有的列：{there}")
    mapping = field_map(names, source.columns)
    if "answer" not in mapping:
        raise ReadError(f"表头（第 {header[0]} 行）里没有回答列（回答、答案或 answer）；现有的列：{there}。可用 --columns answer=列名 指定")
    is_empty = True
    for row in rows:
        if isinstance(row, Rejection):
            is_empty = False
            yield row
            continue
        number, cells = row
        source.position.line = number
        if not any(str(cell).strip() for cell in cells if cell is not None):
            continue
        is_empty = False
        extra = [cell for cell in cells[len(names) :] if cell is not None and str(cell).strip()]
        if extra:
            yield Rejection(
                source.path,
                number,
                f"这一行有 {len(cells)} 格，表头只有 {len(names)} 列（文字里的分隔符要用引号括起来）",
                str(cells[0]),
            )
            continue
        try:
            fields = raw_fields(_row(names, cells, mapping), mapping)
        except RecordError as error:
            yield Rejection(source.path, number, str(error), str(cells[0]))
            continue
        yield record_or_rejection(source, number, fields, excerpt=str(fields.get("question") or ""))
    if is_empty:
        yield Rejection(source.path, None, f"只有表头（第 {header[0]} 行），下面没有数据")


def _row(names: Sequence[str], cells: Sequence[Any], mapping: Mapping[str, list[str]]) -> dict[str, Any]:
    """Column name -> cell; of columns with one name the first that is filled.

    Raises:
        RecordError: two answers under one name, of which we cannot tell which is meant.
    """
    row: dict[str, Any] = {}
    for name, cell in zip(names, cells, strict=False):
        if cell is None or not str(cell).strip():
            row.setdefault(name, cell)
        elif row.get(name) in (None, "") or not str(row[name]).strip():
            row[name] = cell
        elif name in mapping["answer"] and str(row[name]).strip() != str(cell).strip():
            raise RecordError(f"表头里有几列都叫“{name}”，这一行里它们的内容不同，分不清是哪一个；请给列改名")
    return row


def _header_line(source: Source) -> str:
    """The first of the first lines that is a header, else the first that is not blank."""
    lines = [line for line in re.split(r"\r\n|\r|\n", source.head_text)[: HEADER_SEARCH_ROWS * 2] if line.strip()][:HEADER_SEARCH_ROWS]
    headers = (line for line in lines if len(cells := _split(line, _delimiter(line))) > 1 and is_header(cells, source.columns))
    return next(headers, lines[0] if lines else "")


def _delimiter(line: str) -> str:
    return max(_DELIMITERS, key=lambda mark: (len(known_names(_split(line, mark))), line.count(mark)))


def _split(line: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader(io.StringIO(line), delimiter=delimiter), [])
    except csv.Error:
        return line.split(delimiter)


class _Replay:
    """Lines that can be put back, so that a broken record costs its first line only."""

    def __init__(self, lines: Iterator[tuple[int, str] | Rejection], limit: int) -> None:
        self._lines = lines
        self._limit = limit  # characters of one record
        self._waiting: list[tuple[int, str]] = []
        self.taken: list[tuple[int, str]] = []
        self._size = 0
        self.rejections: list[Rejection] = []

    def __iter__(self) -> _Replay:
        return self

    def __next__(self) -> str:
        if len(self.taken) >= _MAX_RECORD_LINES or self._size > self._limit:
            raise csv.Error("too much in one record")
        if self._waiting:
            line = self._waiting.pop()
        else:
            item = next(self._lines)
            while isinstance(item, Rejection):
                self.rejections.append(item)
                item = next(self._lines)
            line = item
        self.taken.append(line)
        self._size += len(line[1])
        return line[1] + "\n"

    def begin(self) -> None:
        """A new record begins."""
        self.taken = []
        self._size = 0

    def put_back(self, lines: list[tuple[int, str]]) -> None:
        self._waiting.extend(reversed(lines))


def _rows(source: Source) -> Iterator[tuple[int, list[str]] | Rejection]:
    csv.field_size_limit(_MAX_FIELD)
    delimiter = _delimiter(_header_line(source))
    lines = _Replay(source.lines(), source.limits.line_bytes)
    while True:
        lines.begin()
        # A fresh reader a row: after an error a csv.reader keeps half a record.
        reader = csv.reader(lines, delimiter=delimiter, strict=True)
        try:
            row = next(reader, None)
        except csv.Error:
            first, *rest = lines.taken
            if "\r" in first[1]:  # the line end of old Macs, among others: csv takes it for a fault
                lines.put_back([*((first[0], part) for part in first[1].split("\r")), *rest])
                continue
            lines.put_back(rest)
            yield Rejection(source.path, first[0], "引号不成对或这一格过长", first[1])
            continue
        yield from lines.rejections
        lines.rejections.clear()
        if row is None:
            return
        yield lines.taken[0][0], row
