"""What several doctors say: each point with who makes it, its sentences one click away."""

from __future__ import annotations

from collections.abc import Sequence

from index.agreement import AgreedPoint, Evidence
from search_app.components.markup import escape

#: Voices of a full bar at least: two of two are few, and should look it.
_FULL = 4
#: Pieces that can still be told apart.
_COUNTABLE = 10


def agreement_box(points: Sequence[AgreedPoint]) -> str:
    """The box's HTML; empty without points. Each point has a bar with a piece for each voice: who looks sees the order.

    Where only example answers speak, the heading says so: no doctor said anything.
    """
    if not points:
        return ""
    examples = all(not point.sources.doctors and not point.sources.answers for point in points)
    doctors = any(point.sources.doctors for point in points)
    title = "医生们怎么说" if doctors else "示例回答里的共同点" if examples else "多条回答的共同点"
    note = "以下几点由不止一条回答提到；点开可看原话，没有任何一句是程序写的。"
    if examples:
        note += "这些都是示例内容，不是医生的意见。"
    most = max(_FULL, *(len(point.sources) for point in points))
    rows = "".join(f"<li>{_point(point, most)}</li>" for point in points)
    return f'<section class="agreement" aria-label="{title}"><h2>{title}</h2><ul>{rows}</ul><p class="note">{note}</p></section>'


def _point(point: AgreedPoint, most: int) -> str:
    quotes = "".join(
        f"<li>{escape(evidence.text.strip())}<span class='by'>——{escape(_speaker(evidence))}</span></li>" for evidence in point.sentences
    )
    kind = "" if point.sources.doctors or point.sources.answers else " examples"
    voices = len(point.sources)
    pieces = f";--pieces:{voices}" if voices <= _COUNTABLE else ""
    bar = f'<span class="voices{kind}" aria-hidden="true"><span style="width:{round(100 * voices / most)}%{pieces}"></span></span>'
    name = f"<strong>{escape(point.point)}</strong>"
    return f'<details><summary>{name}{bar}<span class="by">{escape(point.sources.phrase())}<span class="said">提到</span></span></summary><ul>{quotes}</ul></details>'


def _speaker(evidence: Evidence) -> str:
    record = evidence.record
    return " ".join(part for part in (record.doctor, record.hospital) if part and record.doctor) or "未写明医生"
