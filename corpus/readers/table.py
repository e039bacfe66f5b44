"""CSV and TSV with a header, in UTF-8 or GB18030."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from corpus.readers.columns import field_map, known_names, raw_fields
from corpus.readers.source import ReadError, Rejection, Source
from corpus.record import DoctorAnswer, RecordError, make_record

NAME = "csv"
DESCRIPTION = "CSV / TSV，首行为表头（UTF-8 或 GB18030）"

_DELIMITERS = ",\t;|"
_MAX_FIELD = 8 << 20
# A quotation mark that is never closed would swallow the rest of the file as one answer.
_MAX_RECORD_LINES = 2_000


def sniff(source: Source) -> bool:
    """The first line holds a column name that we know; or the file calls itself a table and has delimiters."""
    line = _first_line(source.head_text)
    cells = _split(line, _delimiter(line))
    named_by_hand = set(source.columns.values())
    if known_names(cells) or named_by_hand & {cell.strip() for cell in cells}:
        return len(cells) > 1 or len(line) <= 20
    return len(cells) > 1 and any(ending in (".csv", ".tsv") for ending in source.path.suffixes)


def read(source: Source) -> Iterator[DoctorAnswer | Rejection]:
    """One record a row; a row with more cells than the header has is left out, since its fields have slipped."""
    rows = _rows(source)
    header: tuple[int, list[str]] | None = None
    for item in rows:
        if isinstance(item, Rejection):
            yield item
            continue
        if any(cell.strip() for cell in item[1]):
            header = item
            break
    if header is None:
        raise ReadError("没有表头：文件里没有可读的行")
    yield from records_from_rows(source, header, rows)


def records_from_rows(
    source: Source, header: tuple[int, Sequence[Any]], rows: Iterable[tuple[int, Sequence[Any]] | Rejection]
) -> Iterator[DoctorAnswer | Rejection]:
    """Records from numbered rows under a numbered header; shared by every kind of table.

    Raises:
        ReadError: the header has no column for the answer, or lacks one that was named by hand.
    """
    names = [str(name).strip() if name is not None else "" for name in header[1]]
    absent = [column for column in source.columns.values() if column.strip() not in names]
    if absent:
        raise ReadError(f"表头里没有你指定的列“{'、'.join(absent)}”；现有的列：{'、'.join(filter(None, names))[:200]}")
    mapping = field_map(names, source.columns)
    if "answer" not in mapping:
        raise ReadError(
            f"表头（第 {header[0]} 行）里没有回答列（回答、答案或 answer）；现有的列：{'、'.join(filter(None, names))[:200]}。"
            "可用 --columns answer=列名 指定"
        )
    for row in rows:
        if isinstance(row, Rejection):
            yield row
            continue
        number, cells = row
        if not any(str(cell).strip() for cell in cells if cell is not None):
            continue
        extra = [cell for cell in cells[len(names) :] if cell is not None and str(cell).strip()]
        if extra:
            yield Rejection(
                source.path,
                number,
                f"这一行有 {len(cells)} 格，表头只有 {len(names)} 列（文字里的分隔符要用引号括起来）",
                str(cells[0])[:40],
            )
            continue
        fields = raw_fields(dict(zip(names, cells, strict=False)), mapping)
        try:
            yield make_record(fields, default_source=source.default_source)
        except RecordError as error:
            yield Rejection(source.path, number, str(error), str(fields.get("question") or "")[:40])


def _first_line(text: str) -> str:
    return next((line for line in text.split("\n") if line.strip()), "")


def _delimiter(line: str) -> str:
    return max(_DELIMITERS, key=lambda mark: (len(known_names(_split(line, mark))), line.count(mark)))


def _split(line: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader(io.StringIO(line), delimiter=delimiter), [])
    except csv.Error:
        return line.split(delimiter)


class _Replay:
    """Lines that can be put back, so that a broken record costs its first line only."""

    def __init__(self, lines: Iterator[tuple[int, str] | Rejection]) -> None:
        self._lines = lines
        self._waiting: list[tuple[int, str]] = []
        self.taken: list[tuple[int, str]] = []
        self.rejections: list[Rejection] = []

    def __iter__(self) -> _Replay:
        return self

    def __next__(self) -> str:
        if len(self.taken) >= _MAX_RECORD_LINES:
            raise csv.Error("too many lines in one record")
        if self._waiting:
            line = self._waiting.pop()
        else:
            item = next(self._lines)
            while isinstance(item, Rejection):
                self.rejections.append(item)
                item = next(self._lines)
            line = item
        self.taken.append(line)
        return line[1] + "\n"

    def put_back(self, lines: list[tuple[int, str]]) -> None:
        self._waiting.extend(reversed(lines))


def _rows(source: Source) -> Iterator[tuple[int, list[str]] | Rejection]:
    csv.field_size_limit(_MAX_FIELD)
    delimiter = _delimiter(_first_line(source.head_text))
    lines = _Replay(source.lines())
    while True:
        lines.taken = []
        # A fresh reader a row: after an error a csv.reader keeps half a record.
        reader = csv.reader(lines, delimiter=delimiter, strict=True)
        try:
            row = next(reader, None)
        except csv.Error:
            first, *rest = lines.taken
            lines.put_back(rest)
            yield Rejection(source.path, first[0], "引号不成对或这一格过长", first[1][:40])
            continue
        yield from lines.rejections
        lines.rejections.clear()
        if row is None:
            return
        yield lines.taken[0][0], row
