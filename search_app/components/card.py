"""A result as a card: the question, who answers, the passage, the rest of the answer, where it comes from."""

from __future__ import annotations

from corpus.record import DoctorAnswer
from index.explain import Explanation
from index.results import Result
from search_app.components.copy import copy_button
from search_app.components.markup import escape, marked

_LONGEST_SHOWN = 20_000
_KINDS = {"article": "文章", "disease": "疾病介绍"}


def result_card(result: Result, position: int | None = None) -> str:
    """The card's HTML.

    Args:
        result: what it shows.
        position: its place on the page, from 1, where that is not its rank.
    """
    record = result.record
    place = position or result.rank
    title = marked(record.question, result.matched) if record.question else "（这条回答没有题目）"
    parts = [
        f'<article class="answer-card" aria-label="第 {place} 条"><h3>{title}</h3>',
        f'<div class="who">{_relevance(result)}{credentials(record)}</div>',
        f'<p class="passage">{_passage(result)}</p>',
    ]
    if len(record.answer) > result.passage_end - result.passage_start:
        shown = record.answer[:_LONGEST_SHOWN]
        rest = f"……（回答很长，这里只显示前 {_LONGEST_SHOWN} 字）" if len(record.answer) > _LONGEST_SHOWN else ""
        parts.append(f'<details><summary>完整回答</summary><p class="full">{marked(shown, result.matched)}{rest}</p></details>')
    if result.similar:
        parts.append(f"<details><summary>{escape(result.similar_note)}</summary>{_similar(result)}</details>")
    if result.explanation:
        parts.append(f"<details><summary>为什么是这条</summary>{_why(result.explanation)}</details>")
    notes = [f"<strong>{escape(result.audience_note)}</strong>"] if result.audience_note else []
    if record.truncated:
        notes.append("来源只给出了这条回答的一部分" + ("，完整内容请看原文。" if record.url else "。"))
    if record.notice:
        notes.append(escape(record.notice))
    if notes:
        parts.append(f'<p class="note">{" · ".join(notes)}</p>')
    link = f'<a href="{escape(record.url)}" target="_blank" rel="noopener noreferrer nofollow">查看原文</a>' if record.url else ""
    parts.append(f'<div class="foot">{copy_button(_quoted(record), f"复制第 {place} 条回答")}{link}</div>')
    return "".join(parts) + "</article>"


def credentials(record: DoctorAnswer) -> str:
    """Name, title, hospital and tier as badges; says so where the source names nobody."""
    badges = []
    if record.kind in _KINDS:
        badges.append(_badge(_KINDS[record.kind]))
    if record.is_example:
        badges.append(_badge("示例", "example"))
    name = f"<strong>{escape(record.doctor)}</strong> " if record.doctor else ("" if record.kind in _KINDS else "来源未写明医生 ")
    for value in (record.doctor_title, record.hospital, record.hospital_tier, record.department):
        if value:
            badges.append(_badge(value))
    if record.published:
        badges.append(_badge(record.published.isoformat()))
    if not record.is_example:
        badges.append(_badge(f"来源：{record.source}"))
    return name + "".join(badges)


def _badge(text: str, extra: str = "") -> str:
    return f'<span class="badge {extra}">{escape(text)}</span>'


def _passage(result: Result) -> str:
    before = "……" if result.passage_start > 0 else ""
    after = "……" if result.passage_end < len(result.record.answer) or result.record.truncated else ""
    return f"{before}{marked(result.passage, result.matched)}{after}"


def _relevance(result: Result) -> str:
    """The probability as a bar with its word; nothing where none is known."""
    if result.probability is None:
        return ""
    width = round(100 * min(max(result.probability, 0.0), 1.0))
    return (
        f'<span class="level"><span class="track" aria-hidden="true"><span class="fill" style="width:{width}%"></span></span>'
        f"相关：{result.relevance}</span>"
    )


def _quoted(record: DoctorAnswer) -> str:
    """The answer as it is copied: with its question, who wrote it and where it stands, so that it is never quoted bare."""
    by = " ".join(part for part in (record.doctor, record.doctor_title, record.hospital) if part)
    lines = [record.question, record.answer[:_LONGEST_SHOWN], f"——{by}" if by else "", record.notice or "", record.url or ""]
    return "\n".join(line for line in lines if line)


def _similar(result: Result) -> str:
    rows = "".join(
        f"<li>{credentials(record)}<p class='full'>{marked(record.answer[:_LONGEST_SHOWN], result.matched)}</p></li>"
        for record in result.similar
    )
    return f"<ul>{rows}</ul>"


def _why(explanation: Explanation) -> str:
    """What the two ways of looking gave, in words; a cosine tells a reader nothing."""
    lines = []
    if explanation.matched:
        lines.append("与您的问题有共同的词：" + "、".join(explanation.matched))
    if explanation.synonyms:
        lines.append("意思相同的词：" + "、".join(f"{asked}—{found}" for asked, found in explanation.synonyms))
    ranks = [
        f"按意思排第 {explanation.dense_rank}" if explanation.dense_rank else "按意思没有找到它",
        f"按用词排第 {explanation.bm25_rank}" if explanation.bm25_rank else "按用词没有找到它",
    ]
    lines.append("，".join(ranks) + f"；得分 {explanation.dense_share:.0%} 来自意思，{explanation.bm25_share:.0%} 来自用词")
    if explanation.moved_up:
        # No number: answers that are told under another, or stand behind those for the asker, take up no place in the list.
        lines.append(f"把问题逐词再看一遍后，排得更{'前' if explanation.moved_up > 0 else '后'}")
    return "<ul>" + "".join(f"<li>{escape(line)}</li>" for line in lines) + "</ul>"
