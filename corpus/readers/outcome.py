"""From raw fields to a record, or to the reason why there is none: the one place where every reader makes its records."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from corpus.readers.source import Rejection, Source, shortened
from corpus.record import DoctorAnswer, RecordError, make_record


def record_or_rejection(
    source: Source, line: int | None, raw: Mapping[str, Any], *, excerpt: str = "", what: str = ""
) -> DoctorAnswer | Rejection:
    """The record made of the raw fields of `line`; whatever is wrong with them costs this record and no other.

    Args:
        source: the file.
        line: 1-based line or row.
        raw: fields named as in `DoctorAnswer`.
        excerpt: what of the source to show with a rejection.
        what: put in front of the reason.
    """
    try:
        return make_record(raw, default_source=source.default_source, max_text=source.limits.text)
    except RecordError as error:
        reason = str(error)
    except RecursionError:
        reason = "嵌套太深"
    except Exception as error:  # a value that nobody thought of must not end the import
        reason = shortened(f"无法处理这一条（{type(error).__name__}: {error}）", 120)
    return Rejection(source.path, line, f"{what}：{reason}" if what else reason, excerpt)
