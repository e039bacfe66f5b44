"""JSON: lines of our own records, BEIR's `corpus.jsonl`, other people's under the names of `columns.ALIASES`; or one array of them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from corpus.readers.columns import field_map, raw_fields
from corpus.readers.outcome import record_or_rejection
from corpus.readers.source import ReadError, Rejection, Source, shortened
from corpus.record import DoctorAnswer, RecordError

NAME = "jsonl"
DESCRIPTION = "JSON Lines 或 JSON 数组（本项目的记录、BEIR 的 corpus.jsonl，可为 .gz）"

_ARRAY = re.compile(r"\s*\[\s*\{")
_DECODER = json.JSONDecoder()
_WHITE = re.compile(r"[ \t\r\n]*")
_BLANK = re.compile(r"[\s,]*")
_OBJECT = re.compile(r"\s*\{\s*(?:[\"}]|$)")
# A whole string, or a bracket outside of strings.
_TOKEN = re.compile(r'"(?:[^"\\]++|\\.)*+"|[\[\]{}]', re.DOTALL)
_ARRAY_GOES_ON = re.compile(r"\s*(?:,\s*\{|\])")
# A first line that is broken does not hide what the next ones are.
_SNIFFED_LINES = 20
_REMEMBERED_SHAPES = 1_000


def sniff(source: Source) -> bool:
    """The first line that is not blank opens a JSON object or an array of them, or one of the next lines is an object."""
    text = source.head_text
    if _OBJECT.match(text) or _ARRAY.match(text):
        return True
    lines = [line for line in text.split("\n") if line.strip()][:_SNIFFED_LINES]
    objects = sum(_OBJECT.match(line) is not None and isinstance(_parsed(line), dict) for line in lines)
    return objects > 0 and objects * 2 >= len(lines) - 1


def read(source: Source) -> Iterator[DoctorAnswer | Rejection]:
    """One record a line or an object of the array; blank lines are skipped.

    Raises:
        ReadError: a JSON document that holds no records.
    """
    records = _Records(source)
    if _ARRAY.match(source.head_text):
        yield from _read_array(source, records)
    elif _is_one_document(source.head_text):
        yield from _read_document(source, records)
    else:
        yield from _read_lines(source, records)


class _Records:
    """Makes records of JSON values."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._mappings: dict[tuple[str, ...], dict[str, list[str]]] = {}

    def make(self, row: Any, number: int, text: str) -> DoctorAnswer | Rejection:
        """The record of a value that begins in line `number`; `text` is how it is written."""
        path = self._source.path
        if not isinstance(row, dict):
            return Rejection(path, number, "这一行不是 JSON 对象", text)
        names = tuple(row)
        if names not in self._mappings:
            if len(self._mappings) >= _REMEMBERED_SHAPES:  # a file may name its fields anew in every line
                self._mappings.clear()
            self._mappings[names] = field_map(names, self._source.columns)
        mapping = self._mappings[names]
        if "answer" not in mapping:
            return Rejection(path, number, f"没有回答字段（answer、text、回答或答案），只有：{shortened('、'.join(names), 80) or '空对象'}")
        own_id = row.get("id") or row.get("_id") or ""
        excerpt = str(own_id) if isinstance(own_id, str | int) else ""
        try:
            fields = raw_fields(row, mapping)
        except RecordError as error:
            return Rejection(path, number, str(error), excerpt)
        except RecursionError:
            return Rejection(path, number, "嵌套太深", excerpt)
        return record_or_rejection(self._source, number, fields, excerpt=excerpt)


def _read_lines(source: Source, records: _Records) -> Iterator[DoctorAnswer | Rejection]:
    for item in source.lines():
        if isinstance(item, Rejection):
            yield item
            continue
        number, line = item
        if not line.strip():
            continue
        try:
            rows = _values(line)
        except (ValueError, RecursionError) as error:  # ValueError: also a number of thousands of digits
            where = f"（第 {error.colno} 个字符附近）" if isinstance(error, json.JSONDecodeError) else ""
            yield Rejection(source.path, number, f"不是有效的 JSON{where}", line)
            continue
        for row in rows:
            yield records.make(row, number, line)


def _values(line: str) -> list[Any]:
    """The JSON values of a line: one, or several where their writer forgot a line feed or ended lines with a carriage return.

    Raises:
        ValueError, RecursionError: something in it is not JSON.
    """
    try:
        return [json.loads(line)]
    except json.JSONDecodeError as error:
        if not error.msg.startswith("Extra data"):
            raise
        whole = error
    values: list[Any] = []
    at = 0
    while at < len(line):
        try:
            value, end = _DECODER.raw_decode(line, at)
        except ValueError:
            raise whole from None
        values.append(value)
        at = _WHITE.match(line, end).end()  # type: ignore[union-attr]
    if not all(isinstance(value, dict) for value in values):
        raise whole
    return values


def _read_array(source: Source, records: _Records) -> Iterator[DoctorAnswer | Rejection]:
    """Object by object, so that an array that breaks off keeps what came before."""
    text = source.text()
    at, number = text.index("[") + 1, 1
    counted = 0
    while True:
        at = _BLANK.match(text, at).end()  # type: ignore[union-attr]
        number += text.count("\n", counted, at)
        counted, source.position.line = at, number
        if at >= len(text):
            yield Rejection(source.path, number, "JSON 数组没有结束，文件不完整；之前的记录已保留")
            break
        if text[at] == "]":
            break
        try:
            row, end = _DECODER.raw_decode(text, at)
        except (ValueError, RecursionError):
            after = _end_of_value(text, at)
            if after is None:
                yield Rejection(source.path, number, "JSON 数组从这里起不是有效的 JSON，后面的读不下去；之前的记录已保留", text[at:])
                break
            yield Rejection(source.path, number, "数组里的这一项不是有效的 JSON，或嵌套太深", text[at:after])
            at = after
            continue
        yield records.make(row, number, text[at:end])
        at = end
    yield from source.damage()


def _end_of_value(text: str, at: int) -> int | None:
    """Behind the object that begins at `at`, by its brackets alone; None where they never close or the array does not go on there."""
    depth = 0
    for token in _TOKEN.finditer(text, at):
        if token[0] in "[{":
            depth += 1
        elif token[0] in "]}":
            depth -= 1
            if depth <= 0:
                return token.end() if depth == 0 and _ARRAY_GOES_ON.match(text, token.end()) else None
    return None


def _is_one_document(head: str) -> bool:
    """A first line that is not JSON by itself, and whose next lines go on with the same object."""
    lines = [line for line in head.split("\n", 3)[:3] if line.strip()]
    return (
        len(lines) > 1
        and _OBJECT.match(lines[0]) is not None
        and _parsed(lines[0]) is None
        and not lines[1].lstrip().startswith("{")
        and (lines[0].strip() == "{" or lines[0].rstrip().endswith((",", "[", "{")))
    )


def _read_document(source: Source, records: _Records) -> Iterator[DoctorAnswer | Rejection]:
    """One object over many lines: a record, or a wrapper around an array of them."""
    row = _parsed(source.text())
    if not isinstance(row, dict):
        raise ReadError("像是 JSON，但整个文件不是有效的 JSON；请改成每行一个对象（JSON Lines）")
    lists = [value for value in row.values() if isinstance(value, list) and value and all(isinstance(part, dict) for part in value)]
    if "answer" in field_map(row, source.columns) or len(lists) != 1:
        yield records.make(row, 1, "{")
        return
    for value in lists[0]:
        yield records.make(value, 1, "{")


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None
