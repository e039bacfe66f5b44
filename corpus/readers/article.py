"""The two parts of a page that no doctor signs: its article, and the disease it explains."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from corpus.readers.blocks import DISEASE_HEADING, begins_article
from corpus.readers.credentials import MAX_LINES, parse_credentials
from corpus.readers.lines import (
    BYLINE,
    META,
    VIEWS,
    Line,
    ends_page_part,
    is_bare_date,
    is_boilerplate,
    published_in,
    without_link,
)
from corpus.record import parse_date, parse_views

_DISEASE_END = ("了解详情", "查看详情", "详情", "查看更多", "更多")
_LONGEST_DISEASE_NAME = 30
# Less in front of 发布于 in its line is a site's or an editor's name where a title stands above.
_SHORTEST_TITLE_IN_LINE = 6


def find_article(lines: Sequence[Line], first_block: int | None, heading: str | None = None) -> dict[str, Any] | None:
    """Raw fields of the article around the first `发布于`, with its `line`; None where there is none.

    Args:
        lines: the page.
        first_block: index of the first block's question, None without blocks.
        heading: what the markup marks as the page's heading; it is the title where it stands before the date.
    """
    at = _date_line(lines, first_block)
    if at is None:
        return None
    found = published_in(lines[at])
    titles = [
        line.text for line in lines[:at] if not is_boilerplate(line.text) and not BYLINE.fullmatch(line.text) and not is_bare_date(line)
    ]
    head = lines[at].spaced[: found.start()].strip() if found else ""
    title = titles[-1] if titles else ""
    if head and not BYLINE.fullmatch(head) and (not titles or len(head) >= _SHORTEST_TITLE_IN_LINE):
        title = head
    if heading and any(line.text == heading for line in lines[:at]):
        title = heading
    views, body = _views_and_body(lines, at, first_block)
    answer, truncated = without_link(body)
    return {
        "kind": "article",
        "line": lines[at].number,
        "question": title,
        "answer": answer,
        "published": parse_date(found[1] if found else lines[at].spaced),
        "views": views,
        "truncated": truncated,
    }


def title_line(lines: Sequence[Line], at: int) -> int:
    """Where the article begins whose date stands at `at`: at the nearest line above that can be a title."""
    for index in range(at - 1, -1, -1):
        if ends_page_part(lines[index].text):
            return index + 1
        if not is_boilerplate(lines[index].text) and not BYLINE.fullmatch(lines[index].text):
            return index
    return at


def find_disease(lines: Sequence[Line]) -> dict[str, Any] | None:
    """Raw fields of the first disease that is explained, with its `line`; None where there is none."""
    return next((disease for at in range(len(lines)) if (disease := disease_at(lines, at))), None)


def disease_at(lines: Sequence[Line], at: int) -> dict[str, Any] | None:
    """The disease under `了解疾病` at this line: a short name and a definition, not the rest of a menu."""
    if lines[at].text.rstrip(":：") != DISEASE_HEADING or at + 2 >= len(lines):
        return None
    name = lines[at + 1].text
    if len(name) > _LONGEST_DISEASE_NAME or is_boilerplate(name):
        return None
    definition: list[str] = []
    for number, line in enumerate(lines[at + 2 :], start=at + 2):
        following = lines[number + 1 : number + 1 + MAX_LINES]
        if line.text in _DISEASE_END or is_boilerplate(line.text) or published_in(line):
            break
        if parse_credentials([rest.spaced for rest in following]) or (definition and following and published_in(following[0])):
            break
        definition.append(line.text)
    answer, truncated = without_link(definition)
    if not answer:
        return None
    return {"kind": "disease", "line": lines[at + 1].number, "question": name, "disease": name, "answer": answer, "truncated": truncated}


def _date_line(lines: Sequence[Line], first_block: int | None) -> int | None:
    dates = [index for index, line in enumerate(lines) if published_in(line)]
    if first_block is not None:
        # Behind the first credentials a date is an answer's, unless a text follows that no doctor answers with.
        dates = [index for index in dates if index < first_block or begins_article(lines, index)]
    if dates:
        return dates[0]
    # A date that does not say of what, with views beside it, under a title and above every doctor.
    for index, line in enumerate(lines[: first_block if first_block is not None else len(lines)]):
        if (
            index
            and is_bare_date(line)
            and (VIEWS.search(line.spaced) or (index + 1 < len(lines) and VIEWS.fullmatch(lines[index + 1].text)))
        ):
            return index
    return None


def _views_and_body(lines: Sequence[Line], at: int, first_block: int | None) -> tuple[int | None, list[str]]:
    views: int | None = None
    body: list[str] = []
    for index, line in enumerate(lines[at:], start=at):
        if first_block is not None and index >= first_block > at:
            break
        if views is None and not body and (index == at or META.fullmatch(line.spaced) or len(line.spaced) <= 40):
            seen = VIEWS.search(line.spaced)
            if seen:
                views = parse_views(seen[1] or seen[2])
                continue
        if index == at:
            continue
        if ends_page_part(line.text) or line.text == DISEASE_HEADING:
            break
        is_under_title = not body and (BYLINE.fullmatch(line.text) or published_in(line))
        if not is_boilerplate(line.text) and not is_under_title:
            body.append(line.text)
    return views, body
