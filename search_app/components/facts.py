"""Plain pieces of HTML for pages that tell about the index: facts, bars, lists. Text is escaped here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from urllib.parse import quote

from corpus.record import DoctorAnswer
from index.history import PastGeneration
from search_app.components.markup import escape

_LONGEST_SHOWN = 2_000
_LONGEST_TITLE = 200
_UNITS = ("字节", "KB", "MB", "GB", "TB")


def facts(rows: Iterable[tuple[str, str]]) -> str:
    """A list of names with what they are; rows that say nothing are left out."""
    return '<dl class="facts">' + "".join(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in rows if value) + "</dl>"


def token_vectors_told(encoder: Mapping[str, object]) -> str:
    """Whether the index keeps the vectors of tokens for a second look, by what its manifest says of the encoder."""
    if encoder.get("tokens"):
        return "存着：搜索时可以把带题目的最前面几条逐词再看一遍"
    return "没有存：最前面几条不逐词再看（重建时加 --token-vectors 就有）"


def size(count: int) -> str:
    """Bytes as people say them: `12.3 MB`."""
    value = float(count)
    for unit in _UNITS:
        if value < 1024 or unit == _UNITS[-1]:
            break
        value /= 1024
    return f"{count} {unit}" if unit == _UNITS[0] else f"{value:.1f} {unit}"


def bars(title: str, counts: Mapping[str, int], *, missing: int = 0, most: int = 12) -> str:
    """Counts as horizontal bars beside their numbers, in a table that a screen reader reads row by row.

    Args:
        title: over it.
        counts: in the order to show.
        missing: records that say nothing of it; told under the bars.
        most: bars shown; what the others come to is told too.
    """
    shown = list(counts.items())[:most]
    highest = max((count for _, count in shown), default=1)
    total = sum(counts.values()) + missing
    rows = "".join(
        f'<tr><th scope="row">{escape(name)}</th><td><span class="bar" style="width:{100 * count / highest:.1f}%"></span></td>'
        f'<td class="count">{count}（{share(count, total)}）</td></tr>'
        for name, count in shown
    )
    notes = [f"另有 {len(counts) - most} 个，共 {sum(list(counts.values())[most:])} 条"] if len(counts) > most else []
    notes += [f"{missing} 条没有写明"] if missing else []
    note = f'<p class="note">{"；".join(notes)}。</p>' if notes else ""
    body = f"<table><tbody>{rows}</tbody></table>" if rows else ""
    return f'<section class="bars" aria-label="{escape(title)}"><h3>{escape(title)}</h3>{body}{note}</section>'


def share(part: int, whole: int) -> str:
    """A percentage; never 0 % for something nor 100 % for less than all."""
    if part == 0 or part == whole:
        return "100%" if part else "0%"
    return "<1%" if part / whole < 0.01 else f"{min(round(100 * part / whole), 99)}%"


def record_list(records: Sequence[DoctorAnswer]) -> str:
    """Records, each with its answer one click away and a link that searches its question."""
    return f'<ul class="records">{"".join(map(_record, records))}</ul>'


def _record(record: DoctorAnswer) -> str:
    title = escape(record.question[:_LONGEST_TITLE]) or f"（没有题目）{escape(record.answer[:30])}……"
    meta = [record.doctor, record.doctor_title, record.hospital, record.hospital_tier, record.department]
    meta += [record.published.isoformat() if record.published else None, f"{len(record.answer)} 字", record.notice]
    rest = "……" if len(record.answer) > _LONGEST_SHOWN else ""
    link = f' · <a href="./?q={quote(record.question[:_LONGEST_TITLE])}" target="_self">搜索这个问题</a>' if record.question else ""
    return (
        f'<li><details><summary>{title}</summary><p class="answer">{escape(record.answer[:_LONGEST_SHOWN])}{rest}</p></details>'
        f'<span class="meta">{escape(" · ".join(filter(None, meta)))}{link}</span></li>'
    )


def generation_list(generations: Sequence[PastGeneration]) -> str:
    """The generations on disk, newest first."""
    rows = []
    for one in generations:
        count = f"{one.manifest.counts['records']} 条记录 · {size(one.size)}" if one.manifest else "清单读不出来"
        notes = ["<strong>当前</strong>"] if one.is_current else []
        notes.append(escape(count))
        if one.manifest and not one.is_our_lexicon:
            notes.append("用另一版词典建的，不能退回到它")
        if one.manifest and one.manifest.sources:
            notes.append(escape("来自 " + "、".join(one.manifest.sources)))
        problem = f'<ul class="problems"><li>{escape(one.problem)}</li></ul>' if one.problem else ""
        rows.append(f'<li><code>{escape(one.name)}</code><br><span class="meta">{" · ".join(notes)}</span>{problem}</li>')
    return f'<ul class="generations">{"".join(rows)}</ul>'


def problem_list(problems: Sequence[str]) -> str:
    """What is wrong, sentence by sentence."""
    return f'<ul class="problems">{"".join(f"<li>{escape(problem)}</li>" for problem in problems)}</ul>'
