"""What several doctors say: each point with who makes it, its sentences one click away."""

from __future__ import annotations

from collections.abc import Sequence

from index.agreement import AgreedPoint
from search_app.components.markup import escape


def agreement_box(points: Sequence[AgreedPoint]) -> str:
    """The box's HTML; empty without points."""
    if not points:
        return ""
    rows = "".join(f"<li>{_point(point)}</li>" for point in points)
    return (
        '<section class="agreement" aria-label="医生们怎么说"><h2>医生们怎么说</h2>'
        f'<ul>{rows}</ul><p class="note">以下几点由不止一条回答提到；点开可看原话，没有任何一句是程序写的。</p></section>'
    )


def _point(point: AgreedPoint) -> str:
    sentences = "".join(
        f"<li>{escape(evidence.text.strip())}<span class='by'>——{escape(evidence.record.doctor or '未写明医生')}</span></li>"
        for evidence in point.sentences
    )
    return f"<details><summary><strong>{escape(point.point)}</strong>　{escape(point.note)}</summary><ul>{sentences}</ul></details>"
