"""HTML pages: what a browser would show as lines, read by the grammar of `page.py`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import lxml.html
from lxml import etree

from corpus.clean import SUPERSCRIPTS, clean_line
from corpus.readers import page
from corpus.readers.columns import known_names
from corpus.readers.lines import Line, is_sentence
from corpus.readers.page import PageContext
from corpus.readers.source import Doubt, ReadError, Rejection, Source
from corpus.record import DoctorAnswer

NAME = "html"
DESCRIPTION = "保存下来的问答网页（HTML）"

_TAG = re.compile(r"<(?:!doctype\s+html|html|head|body|div|main|section|article|p|span|table|ul|ol|dl|h[1-6])\b", re.IGNORECASE)
_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([A-Za-z0-9_\-]+)", re.IGNORECASE)
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_BLOCK_STYLE = re.compile(r"display\s*:\s*(?:block|flex|grid|list-item|table-row)", re.IGNORECASE)

_INVISIBLE = {"script", "style", "noscript", "template", "head", "title", "meta", "link", "svg", "iframe", "object", "select", "textarea", "input", "canvas", "audio", "video"}  # fmt: skip
_INLINE = {"a", "abbr", "b", "bdi", "bdo", "big", "cite", "code", "em", "font", "i", "img", "ins", "kbd", "label", "mark", "q", "s", "samp", "small", "span", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr", "data", "del", "picture", "ruby", "rb", "rt"}  # fmt: skip
# What a page's own style may set apart without a blank in the text: a name from its title, a date from a count.
_APART = {"span", "b", "strong", "em", "i", "small", "a", "label", "time", "font", "u", "mark"}
# Between such elements, until the line is read; a control character, which no cleaned text holds.
_BOUNDARY = "\x1f"


def sniff(source: Source) -> bool:
    """Begins with a tag of HTML, or holds several."""
    start = source.head_text.lstrip()
    return (start.startswith("<") and bool(_TAG.search(start))) or (
        len(_TAG.findall(start[:4096])) >= 3 and not known_names(re.split(r"[,;|\t]", start.split("\n", 1)[0]))
    )


def read(source: Source) -> Iterator[DoctorAnswer | Rejection | Doubt]:
    """The records of one saved page.

    Raises:
        ReadError: there is no HTML in it, or no part of the page grammar in its text.
    """
    root = _parse(source)
    context = _context(root)
    try:
        items = list(page.read_lines(source, visible_lines(root), context))
    except ReadError:
        items = []
    if not any(isinstance(item, DoctorAnswer) and item.kind == "answer" for item in items):
        # A page may make lines of inline elements by its style sheet, which we do not have.
        items = list(page.read_lines(source, visible_lines(root, inline_breaks=True), context))
    yield from items
    yield from source.damage()


def _parse(source: Source) -> Any:
    declared = _CHARSET.search(source.head)
    text = source.text()
    if declared and declared[1].lower() in (b"gb2312", b"gbk", b"gb18030") and source.encoding == "utf-8" and "\ufffd" in text:
        with source.open() as file:
            text = file.read(source.limits.page_bytes).decode("gb18030", "replace")
    # An XML declaration's encoding is refused for text that is already decoded; NUL ends libxml2's input.
    text = re.sub(r"^\s*<\?xml[^>]*\?>", "", text).replace("\x00", "")
    try:
        root = lxml.html.document_fromstring(text, parser=lxml.html.HTMLParser(huge_tree=True, remove_comments=False))
    except (etree.ParserError, etree.XMLSyntaxError, AssertionError) as error:
        raise ReadError("不是可以解析的 HTML") from error
    return root


def visible_lines(root: Any, *, inline_breaks: bool = False) -> list[Line]:
    """The lines a browser would show: block elements, table cells and <br> break lines, inline elements do not.

    Iterative, since pages nest elements deeper than Python recurses.

    Args:
        root: a parsed document.
        inline_breaks: let inline elements break lines too.
    """
    walk = _Walk("\n" if inline_breaks else _BOUNDARY)
    for event, element in etree.iterwalk(root, events=("start", "end", "comment", "pi")):
        if not isinstance(element.tag, str):  # of comments and processing instructions only what follows is text
            walk.text(element.tail)
        elif event == "start":
            walk.enter(element)
        else:
            walk.leave(element)
    walk.flush()
    return walk.lines


class _Walk:
    """Collects the visible text of a document in its order."""

    def __init__(self, boundary: str) -> None:
        self._boundary = boundary
        self.lines: list[Line] = []
        self._parts: list[str] = []
        self._number = 1
        self._hidden = 0  # how many hidden elements we are inside

    def enter(self, element: Any) -> None:
        self._hidden += _hides(element)
        if self._hidden:
            return
        if _breaks(element):
            self.flush()
        if not self._parts:
            self._number = element.sourceline or self._number
        self._set_apart(element)
        raised = element.tag == "sup" and re.fullmatch(r"[-+−\d]{1,5}", element.text or "")
        self.text(element.text.translate(SUPERSCRIPTS) if raised else element.text, verbatim=element.tag == "pre")

    def leave(self, element: Any) -> None:
        if not self._hidden and _breaks(element):
            self.flush()
        else:
            self._set_apart(element)
        self._hidden -= _hides(element)
        self.text(element.tail)

    def text(self, text: str | None, *, verbatim: bool = False) -> None:
        if text and not self._hidden:
            self._parts.append(text if verbatim else re.sub(r"\s+", " ", text))

    def _set_apart(self, element: Any) -> None:
        if element.tag in _APART and not self._hidden:
            self._parts.append(self._boundary)

    def flush(self) -> None:
        """End the line; a <pre> may hold several."""
        for raw in "".join(self._parts).split("\n"):
            text = clean_line(raw.replace(_BOUNDARY, ""))
            parts = clean_line(raw.replace(_BOUNDARY, " "))
            if text:
                self.lines.append(Line(self._number, text, parts if parts != text else ""))
        self._parts.clear()


def _hides(element: Any) -> bool:
    if element.tag == "nav":
        return not _holds_prose(element)
    if element.tag == "footer" and element.getparent() is not None and element.getparent().tag == "body":
        return True  # the site's own, never the page's content
    return element.tag in _INVISIBLE or "hidden" in element.attrib or bool(_HIDDEN_STYLE.search(element.get("style", "")))


def _holds_prose(element: Any) -> bool:
    """Whether a menu holds a sentence: it was never closed, and the page's content fell into it."""
    return any(is_sentence(text.strip()) for text in element.itertext() if "。" in text)


def _breaks(element: Any) -> bool:
    return element.tag not in _INLINE or bool(_BLOCK_STYLE.search(element.get("style", "")))


def _context(root: Any) -> PageContext:
    """The page's address and site name where its head gives them."""
    canonical = root.xpath("//link[@rel='canonical']/@href")
    url = next(iter(canonical + root.xpath("//meta[@property='og:url']/@content")), None)
    if len(set(canonical)) > 1:
        url = None  # several pages in one file: no telling whose it is
    elif url is None:
        saved = next(
            (
                found[1]
                for node in root.getroottree().xpath("//comment()")
                if (found := re.search(r"saved from url=\(\d+\)(\S+)", node.text or ""))
            ),
            None,
        )
        url = saved
    site = next(iter(root.xpath("//meta[@property='og:site_name']/@content")), None)
    headings = [heading for element in root.iter("h1") if (heading := clean_line(element.text_content()))]
    return PageContext(url=url, site=clean_line(site) or None if site else None, heading=headings[0] if len(headings) == 1 else None)
