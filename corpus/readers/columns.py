"""What the world calls our fields: column names of tables and keys of JSON, Chinese and English."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

# A field's names, best first: where a source has several, the first wins; the question's are joined, since
# `title` and `ask` of the same consultation are its short and its long form.
ALIASES: dict[str, tuple[str, ...]] = {
    "id": ("id", "_id", "编号", "record_id", "doc_id", "docid"),
    "kind": ("kind", "类型"),
    "question": ("question", "问题", "标题", "title", "ask", "提问", "患者提问", "咨询问题", "问", "query", "问题描述", "q"),
    "answer": ("answer", "回答", "答案", "text", "医生回答", "回复", "医生回复", "答", "解答", "response", "reply", "content", "内容", "a"),
    "doctor": ("doctor", "医生", "医生姓名", "doctor_name", "医师", "姓名"),
    "doctor_title": ("doctor_title", "职称", "医生职称", "头衔"),
    "hospital": ("hospital", "医院", "医院名称", "hospital_name", "所属医院"),
    "hospital_tier": ("hospital_tier", "等级", "医院等级", "医院级别", "级别", "tier", "hospital_level"),
    "department": ("department", "科室", "科室名称", "dept"),
    "published": ("published", "日期", "发布日期", "发布时间", "时间", "date", "time", "publish_date", "published_at"),
    "views": ("views", "浏览", "浏览量", "浏览次数", "阅读量", "view_count"),
    "disease": ("disease", "疾病", "疾病名称"),
    "truncated": ("truncated", "截断", "是否截断"),
    "url": ("url", "链接", "网址", "link", "href"),
    "source": ("source", "来源"),
    "notice": ("notice", "提示", "声明"),
}
_FIELD_BY_ALIAS = {alias: field for field, aliases in ALIASES.items() for alias in aliases}


def plain_name(name: Any) -> str:
    """A column's name as we compare it: `Doctor Title ` and `doctor-title` are `doctor_title`."""
    return re.sub(r"[\s\-]+", "_", str(name).strip().strip("\ufeff\"'").lower())


def known_names(names: Iterable[Any]) -> list[str]:
    """Those of the names that we know."""
    return [str(name) for name in names if plain_name(name) in _FIELD_BY_ALIAS]


def field_map(names: Iterable[Any], columns: Mapping[str, str]) -> dict[str, list[str]]:
    """Which of the source's columns make each of our fields, in order of preference.

    A field named by hand in `columns` is read from that column alone, and the column serves no other field.
    """
    names = [str(name) for name in names]
    by_plain = {plain_name(name): name for name in names}
    mapping: dict[str, list[str]] = {}
    taken: set[str] = set()
    for field, column in columns.items():
        if plain_name(column) in by_plain:
            mapping[field] = [by_plain[plain_name(column)]]
            taken.add(by_plain[plain_name(column)])
    for field, aliases in ALIASES.items():
        if field in mapping:
            continue
        found = [by_plain[alias] for alias in aliases if alias in by_plain and by_plain[alias] not in taken]
        if found:
            mapping[field] = found
    return mapping


def raw_fields(row: Mapping[str, Any], mapping: Mapping[str, list[str]]) -> dict[str, Any]:
    """A row of the source as raw fields of a record."""
    raw: dict[str, Any] = {}
    for field, names in mapping.items():
        values = [row[name] for name in names if row.get(name) not in (None, "")]
        if values:
            raw[field] = _joined(values) if field == "question" else values[0]
    return raw


def _joined(values: list[Any]) -> Any:
    """A title and a longer question: the longer alone where it begins with the other, else both."""
    texts: list[str] = []
    for value in values:
        text = str(value).strip()
        if text and not any(text in other for other in texts):
            texts = [other for other in texts if other not in text] + [text]
    return " ".join(texts) if len(texts) > 1 else (texts[0] if texts else "")
