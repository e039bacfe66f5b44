"""Saved encyclopaedia pages as visible lines: an article, the disease it explains, and blocks of a doctor's answer.

The grammar, whatever the markup was (`html.py` turns HTML into the same lines):

    page     = { anything | article | disease | block }
    article  = title, "发布于 DATE" ["N次浏览"], body lines, until a boilerplate line or the next part
    disease  = "了解疾病", name, definition lines, until "了解详情"
    block    = question line, credentials (see credentials.py), answer lines, until the next block's question

A page's three parts are told by what is in them, not by where they stand, since sites put the sidebar anywhere. A file may
hold several pages, one after the other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from corpus.readers.article import disease_at, find_article, find_disease, title_line
from corpus.readers.blocks import Block, begins_article, find_blocks, find_headers
from corpus.readers.credentials import MAX_LINES, has_shape_of_credentials, looks_like_credentials, parse_credentials
from corpus.readers.lines import (
    MENU,
    Line,
    ends_page_part,
    is_question_like,
    published_in,
    rejoined,
    site_name,
    visible_lines,
    without_link,
)
from corpus.readers.outcome import record_or_rejection
from corpus.readers.source import Doubt, ReadError, Rejection, Source
from corpus.record import DoctorAnswer

NAME = "page"
DESCRIPTION = "保存下来的问答网页的文字（问题、医生、医院、回答）"

_QUESTION_LABEL = re.compile(r"^(?:问题?|提问|Q|患者提问|患者问)\s*\d*\s*[:：.、]\s*", re.IGNORECASE)
_ANSWER_LABEL = re.compile(r"^(?:答|回答|A|医生回答|医生答|解答)\s*[:：]\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class PageContext:
    """What the page says of itself outside its visible text (HTML gives it, plain text does not)."""

    url: str | None = None
    site: str | None = None
    heading: str | None = None


def sniff(source: Source) -> bool:
    """Text in which somebody answers with credentials, that says when it was published, or that explains a disease."""
    if "\x00" in source.head_text:
        return False
    lines = rejoined(visible_lines(source.head_text))
    texts = [line.spaced for line in lines]
    return (
        any(published_in(line) for line in lines)
        or any(parse_credentials(texts[at : at + MAX_LINES]) for at in range(len(texts)))
        or find_disease(lines) is not None
    )


def read(source: Source) -> Iterator[DoctorAnswer | Rejection | Doubt]:
    """The records of the saved page or pages."""
    text = source.text()
    yield from read_lines(source, visible_lines(text))
    yield from source.damage()


def read_lines(source: Source, lines: Sequence[Line], context: PageContext | None = None) -> Iterator[DoctorAnswer | Rejection | Doubt]:
    """The records of pages given as visible lines, page by page in the order: article, disease, answers.

    Raises:
        ReadError: no part of the grammar is in the lines.
    """
    found = False
    for page_lines in _pages(rejoined(lines)):
        for item in _read_page(source, page_lines, context or PageContext()):
            found = True
            yield item
    if not found:
        raise ReadError("没有找到问答、文章或疾病介绍；网页可能没有保存完整")


def _pages(lines: Sequence[Line]) -> Iterator[Sequence[Line]]:
    """The pages of a file: a new one begins with an article or a disease where the page so far has both that and answers."""
    headers = set(find_headers(lines))
    begin = 0
    has_article = has_disease = has_block = ended = False
    for at, line in enumerate(lines):
        ended = ended or ends_page_part(line.text)
        if at in headers:
            has_block = True
        elif begins_article(lines, at):
            if has_article and (has_block or ended) and (title := title_line(lines, at)) > begin:
                yield lines[begin:title]
                begin, has_disease, has_block = title, False, False
            has_article, ended = True, False
        elif disease_at(lines, at):
            if has_disease and has_block:
                yield lines[begin:at]
                begin, has_article, has_block = at, False, False
            has_disease = True
    yield lines[begin:]


def _read_page(source: Source, lines: Sequence[Line], context: PageContext) -> Iterator[DoctorAnswer | Rejection | Doubt]:
    blocks, strays, trimmed = find_blocks(lines)
    common: dict[str, Any] = {"url": context.url, "source": context.site or site_name(lines)}
    disease = find_disease(lines)
    article = find_article(lines, blocks[0].start if blocks else None, context.heading)
    if disease:
        common["disease"] = disease["question"]
    for part in (article, disease):
        if part:
            name = "文章" if part["kind"] == "article" else "疾病"
            yield record_or_rejection(source, part["line"], common | part, excerpt=part["question"], what=name)
    for block in blocks:
        yield from _read_block(source, block, common)
    for stray in strays:
        yield Rejection(source.path, stray.number, "问答不完整：只有问题，后面没有医生和回答", stray.text)
    if trimmed:
        reason = f"最后一条回答下面的 {len(trimmed)} 行像是网页上的链接，没有收进回答，请核对原网页"
        yield Doubt(source.path, trimmed[0].number, reason, "／".join(line.text for line in trimmed))


def _read_block(source: Source, block: Block, common: dict[str, Any]) -> Iterator[DoctorAnswer | Rejection | Doubt]:
    answer, truncated = _answer(block.answer)
    question = _QUESTION_LABEL.sub("", " ".join(line.text for line in block.question))
    who = block.credentials
    raw = common | {
        "kind": "answer",
        "question": question,
        "answer": answer,
        "truncated": truncated,
        "doctor": who.doctor,
        "doctor_title": who.doctor_title,
        "hospital": who.hospital,
        "hospital_tier": who.hospital_tier,
        "department": who.department,
        "published": block.published,
        "views": block.views,
    }
    place = block.question[0] if block.question else block.header
    item = record_or_rejection(source, place.number, raw, excerpt=question or block.header.text, what="问答不完整")
    yield item
    if isinstance(item, DoctorAnswer):
        for line in block.question:
            if looks_like_credentials(line.spaced):
                yield Doubt(source.path, line.number, "这一行像是医生或医院，却成了问题，请核对原网页", line.text)
        for line in _suspects(block.answer):
            yield Doubt(source.path, line.number, "这一行像是医生或医院，却留在了上一条回答里，请核对原网页", line.text)


def _suspects(answer: Sequence[Line]) -> Iterator[Line]:
    """Lines of an answer that may be who answers the next question: by their words, or by their shape under a question."""
    for at, line in enumerate(answer):
        shaped = has_shape_of_credentials(line.spaced) and at + 2 < len(answer) and has_shape_of_credentials(answer[at + 1].spaced)
        if looks_like_credentials(line.spaced) or (at > 1 and shaped and is_question_like(answer[at - 1].text)):
            yield line


def _answer(lines: Sequence[Line]) -> tuple[str, bool]:
    """The answer's text, and whether the page cut it off: it does not end as a sentence does."""
    texts = [line.text for line in lines]
    # What is taken off the end has been; at the start only a button can stand. In between everything is the doctor's.
    while texts and MENU.fullmatch(texts[0]):
        texts.pop(0)
    if not texts:
        return "", False
    texts[0] = _ANSWER_LABEL.sub("", texts[0])
    return without_link(texts)
