"""JSON Lines: our own records, BEIR's `corpus.jsonl`, and other people's under the names of `columns.ALIASES`."""

from __future__ import annotations

import json
from collections.abc import Iterator

from corpus.readers.columns import field_map, raw_fields
from corpus.readers.source import Rejection, Source
from corpus.record import DoctorAnswer, RecordError, make_record

NAME = "jsonl"
DESCRIPTION = "JSON Lines（本项目的记录、BEIR 的 corpus.jsonl，可为 .gz）"


def sniff(source: Source) -> bool:
    """The first line that is not blank opens a JSON object."""
    first = source.head_text.lstrip()[:200]
    return first.startswith("{") and (first[1:].lstrip().startswith(('"', "}")) or first[1:].strip() == "")


def read(source: Source) -> Iterator[DoctorAnswer | Rejection]:
    """One record a line; blank lines are skipped."""
    mappings: dict[tuple[str, ...], dict[str, list[str]]] = {}
    for item in source.lines():
        if isinstance(item, Rejection):
            yield item
            continue
        number, line = item
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as error:  # ValueError: also a number of thousands of digits
            where = f"（第 {error.colno} 个字符附近）" if isinstance(error, json.JSONDecodeError) else ""
            yield Rejection(source.path, number, f"不是有效的 JSON{where}", line[:40])
            continue
        if not isinstance(row, dict):
            yield Rejection(source.path, number, "这一行不是 JSON 对象", line[:40])
            continue
        names = tuple(row)
        if names not in mappings:
            mappings[names] = field_map(names, source.columns)
        mapping = mappings[names]
        if "answer" not in mapping:
            yield Rejection(source.path, number, f"没有回答字段（answer、text、回答或答案），只有：{'、'.join(names)[:80] or '空对象'}")
            continue
        try:
            yield make_record(raw_fields(row, mapping), default_source=source.default_source)
        except RecursionError:
            yield Rejection(source.path, number, "嵌套太深")
        except RecordError as error:
            yield Rejection(source.path, number, str(error), str(row.get("id") or row.get("_id") or "")[:40])
