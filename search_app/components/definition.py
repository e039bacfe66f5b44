"""了解疾病: what the corpus says the disease is that the question is about."""

from __future__ import annotations

from corpus.record import DoctorAnswer
from corpus.segment import sentences
from search_app.components.markup import escape

_SHORT = 110
_LONGEST_SHOWN = 5_000


def definition_card(record: DoctorAnswer) -> str:
    """The card's HTML: the first sentences, the rest one click away, whose words they are."""
    short = _first_sentences(record.answer)
    parts = [
        f'<section class="definition" aria-label="了解疾病"><h2>了解疾病：{escape(record.question or record.disease or "")}</h2>',
        f"<p>{escape(short)}</p>",
    ]
    if rest := record.answer[len(short) : _LONGEST_SHOWN].strip():
        parts.append(f"<details><summary>展开全文</summary><p>{escape(rest)}</p></details>")
    by = " ".join(part for part in (record.doctor, record.doctor_title, record.hospital) if part)
    notes = [escape(by)] if by else []
    notes += [escape(record.notice)] if record.notice else []
    if record.truncated:
        notes.append("来源只给出了一部分")
    if record.url:
        notes.append(f'<a href="{escape(record.url)}" target="_blank" rel="noopener noreferrer nofollow">查看原文</a>')
    return "".join(parts) + (f'<p class="note">{" · ".join(notes)}</p>' if notes else "") + "</section>"


def _first_sentences(text: str) -> str:
    """Whole sentences from the start, about `_SHORT` characters; one at least."""
    end = 0
    for sentence in sentences(text):
        if end and sentence.end > _SHORT:
            break
        end = sentence.end
    return text[: min(end, _LONGEST_SHOWN)] or text[:_SHORT]
