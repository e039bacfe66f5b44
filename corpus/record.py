"""`DoctorAnswer`: the one record that every floor of the product passes around.

On disk a record is one line of JSON (UTF-8). Readers hand raw fields to `make_record`, which cleans them,
normalises the credentials and gives the record a stable id.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit

from corpus.clean import clean_line, clean_text

#: What kinds of records there are, and what people call them.
KIND_NAMES = {"answer": "回答", "article": "文章", "disease": "疾病介绍"}
STARTER_SOURCE = "starter"

_TIER_ALIASES = {f"{level}级{grade}等": f"{level}{grade}" for level in "一二三" for grade in "甲乙丙特"} | {
    "三级特等": "三特",
    "3甲": "三甲",
    "2甲": "二甲",
    "三级": "三级",
    "二级": "二级",
    "一级": "一级",
}
# A name, a title, a department; an address. What is longer is none, and goes into every list that shows the record.
_LONGEST_SHORT = 500
# Wide enough for any archive; what lies outside is a placeholder (0001-01-01, 9999-12-31) or a slip.
_YEARS = range(1900, 2101)
_LONGEST_ADDRESS = 4_000
MAX_TEXT = 1 << 20
_COUNT = re.compile(r"(\d[\d,]*(?:\.\d+)?)\s*([千万亿kw])?", re.IGNORECASE)
_COUNT_UNITS = {"千": 1_000, "k": 1_000, "万": 10_000, "w": 10_000, "亿": 100_000_000}
_LONGEST_COUNT = 20
_LARGEST_COUNT = 2**53
_MISSING = {"", "-", "--", "无", "暂无", "未知", "null", "none", "nan", "n/a"}


class RecordError(ValueError):
    """A record cannot be kept; the message (Chinese) is shown to whoever imports it."""


@dataclass(frozen=True, slots=True)
class DoctorAnswer:
    """A question with the answer a doctor gave, or a page's article or disease definition.

    Attributes:
        id: stable over re-imports: the source's own id, else a hash of the content.
        kind: `answer`; `article`, a page's own text; `disease`, a name (in `question`) and its definition.
        question: may be empty (answer-only data).
        answer: never empty.
        source: where it comes from; `starter` marks example data.
        doctor, doctor_title, hospital, hospital_tier, department, disease, url: None when not given.
        published: None when not given; a month without a day is stored as its first day.
        views: how often the source says the page was read.
        truncated: the source cut the answer off.
        notice: a sentence that must be shown with the record (example data carries one).
    """

    id: str
    question: str
    answer: str
    source: str
    kind: str = "answer"
    doctor: str | None = None
    doctor_title: str | None = None
    hospital: str | None = None
    hospital_tier: str | None = None
    department: str | None = None
    published: date | None = None
    views: int | None = None
    disease: str | None = None
    truncated: bool = False
    url: str | None = None
    notice: str | None = None

    @property
    def is_example(self) -> bool:
        """Whether this is example data, whose doctors are never counted as doctors."""
        return self.source == STARTER_SOURCE

    def to_dict(self) -> dict[str, Any]:
        """All fields in declaration order; `published` as ISO 8601 text or None."""
        fields = dataclasses.asdict(self)
        fields["published"] = self.published.isoformat() if self.published else None
        return fields

    def to_json(self) -> str:
        """One line of JSON, without the fields that are missing."""
        # Not `in (None, False)`: 0 views are a count, and 0 == False.
        fields = {name: value for name, value in self.to_dict().items() if value is not None and value is not False}
        return json.dumps(fields, ensure_ascii=False)


FIELDS = tuple(field.name for field in dataclasses.fields(DoctorAnswer))


def from_json(line: bytes | str) -> DoctorAnswer:
    """The record that `DoctorAnswer.to_json` wrote, as it was (`make_record` is for what others wrote)."""
    fields = json.loads(line)
    if fields.get("published"):
        fields["published"] = date.fromisoformat(fields["published"])
    return DoctorAnswer(**fields)


def content_id(kind: str, question: str, answer: str, doctor: str | None, hospital: str | None) -> str:
    """Sixteen hex digits that depend on the cleaned content alone."""
    content = "\x1f".join([kind, question, answer, doctor or "", hospital or ""])
    return hashlib.sha256(content.encode()).hexdigest()[:16]


def make_record(raw: Mapping[str, Any], *, default_source: str, max_text: int = MAX_TEXT) -> DoctorAnswer:
    """Clean raw fields (names as in `DoctorAnswer`) into a record.

    Args:
        raw: as a source has them.
        default_source: the record's source where it names none.
        max_text: characters of a question or an answer.

    Raises:
        RecordError: without an answer, with a longer text, or with an unknown kind. A bad optional field is dropped instead,
            since the answer is worth more than its date.
    """
    kind = _short(raw.get("kind")) or "answer"
    if kind not in KIND_NAMES:
        # A number that is cut in half could not be masked; the mark says that it was cut.
        named = kind if len(kind) <= 20 else f"{kind[:19]}…"
        raise RecordError(f"不认识的 kind“{named}”，应为 {'、'.join(KIND_NAMES)} 之一")
    texts = {name: _text(raw.get(name)) for name in ("question", "answer")}
    for name, text in texts.items():
        if len(text) > max_text:  # before it is cleaned, which costs time with the length
            raise RecordError(f"{'问题' if name == 'question' else '回答'}有 {len(text)} 字，超过 {max_text} 字的上限，不像一条问答")
    question = clean_line(texts["question"])
    answer = clean_text(texts["answer"])
    if not re.search(r"\w", answer):
        raise RecordError("回答为空")
    doctor = _short(raw.get("doctor"))
    hospital = _short(raw.get("hospital"))
    return DoctorAnswer(
        id=_short(raw.get("id")) or content_id(kind, question, answer, doctor, hospital),
        kind=kind,
        question=question,
        answer=answer,
        doctor=doctor,
        doctor_title=_short(raw.get("doctor_title")),
        hospital=hospital,
        hospital_tier=normalise_tier(_short(raw.get("hospital_tier"))),
        department=_short(raw.get("department")),
        published=parse_date(raw.get("published")),
        views=parse_views(raw.get("views")),
        disease=_short(raw.get("disease")),
        truncated=_flag(raw.get("truncated")),
        url=_web_address(_short(raw.get("url"), _LONGEST_ADDRESS)),
        source=_short(raw.get("source")) or default_source,
        notice=_short(raw.get("notice")),
    )


def normalise_tier(tier: str | None) -> str | None:
    """`三级甲等医院` and `三级甲等` are `三甲`; what is not known stays as it is."""
    if tier is None:
        return None
    return _TIER_ALIASES.get(tier.removesuffix("医院"), tier)


def parse_date(value: Any) -> date | None:
    """A date from `2026-02-28`, `2026/2/28`, `2026年2月28日`, `20260228`, `2026-02` or a date object.

    None also for a year in which no doctor has answered on a page, such as the 9999-12-31 of a field that was never filled.
    """
    if isinstance(value, datetime):
        value = value.date()
    if isinstance(value, date):
        return value if value.year in _YEARS else None
    if value is None or isinstance(value, bool):
        return None
    found = re.search(r"(?<!\d)(\d{4})\s*[-/.年]\s*(\d{1,2})(?:\s*[-/.月]\s*(\d{1,2}))?(?!\d)", str(value)) or re.fullmatch(
        r"\s*(\d{4})(\d{2})(\d{2})\s*", str(value)
    )
    if not found:
        return None
    year, month, day = (int(part) if part else 1 for part in found.groups())
    if year not in _YEARS:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def parse_views(value: Any) -> int | None:
    """The first count in a text, as `9039`, `9,039次浏览`, `1.2万`, `10万+`, `3w` or `1亿`; None where there is none that a page can have."""
    if value is None or isinstance(value, bool):
        return None
    found = _COUNT.search(str(value))
    if not found or len(found[1]) > _LONGEST_COUNT:
        return None
    count = float(found[1].replace(",", "")) * _COUNT_UNITS.get((found[2] or "").lower(), 1)
    return round(count) if count < _LARGEST_COUNT else None


def is_no_text(value: Any) -> bool:
    """Whether a value of JSON or of a cell says nothing: none, a truth value, NaN, or a number too large for one (1e999)."""
    return value is None or isinstance(value, bool) or (isinstance(value, float) and not math.isfinite(value))


def _text(value: Any) -> str:
    if is_no_text(value):
        return ""
    if isinstance(value, list | tuple):
        return "\n".join(_text(part) for part in value)
    if isinstance(value, dict):
        raise RecordError("文字字段里是嵌套的对象，应为一段文字")
    return str(value)


def _short(value: Any, longest: int = _LONGEST_SHORT) -> str | None:
    if isinstance(value, dict | list | tuple):
        return None
    text = _text(value)
    if len(text) > longest:
        return None
    text = clean_line(text)
    return None if text.lower() in _MISSING else text


def _flag(value: Any) -> bool:
    return str(value).strip().lower() in {"true", "1", "yes", "是"}


def _web_address(url: str | None) -> str | None:
    """Only http(s) addresses are kept: a `javascript:` link from a scraped page must never reach the page."""
    if url is None:
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and parts.netloc else None
