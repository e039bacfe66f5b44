"""HTML pages: what a browser would show as lines, read by the grammar of `page.py`."""

from __future__ import annotations

import contextlib
import itertools
import re
from collections.abc import Iterator, Sequence
from typing import Any

import lxml.html
from lxml import etree

from corpus.clean import SUPERSCRIPTS, clean_line
from corpus.readers import page
from corpus.readers.columns import is_header, known_names
from corpus.readers.lines import Line, is_sentence
from corpus.readers.page import PageContext
from corpus.readers.source import Doubt, ReadError, Rejection, Source
from corpus.readers.table import HEADER_SEARCH_ROWS, records_from_rows
from corpus.record import DoctorAnswer

NAME = "html"
DESCRIPTION = "保存下来的问答网页，或导出成网页的表格（HTML）"

_TAG = re.compile(r"<(?:!doctype\s+html|html|head|body|div|main|section|article|p|span|table|ul|ol|dl|h[1-6])\b", re.IGNORECASE)
_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([A-Za-z0-9_\-]+)", re.IGNORECASE)
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_BLOCK_STYLE = re.compile(r"display\s*:\s*(?:block|flex|grid|list-item|table-row)", re.IGNORECASE)

_INVISIBLE = {"script", "style", "noscript", "template", "head", "title", "meta", "link", "svg", "iframe", "object", "del", "s", "strike", "select", "textarea", "input", "canvas", "audio", "video"}  # fmt: skip
_INLINE = {"a", "abbr", "b", "bdi", "bdo", "big", "cite", "code", "em", "font", "i", "img", "ins", "kbd", "label", "mark", "q", "s", "strike", "samp", "small", "span", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr", "data", "del", "picture", "ruby", "rb", "rt"}  # fmt: skip
# What a page's own style may set apart without a blank in the text: a name from its title, a date from a count.
_APART = {"span", "b", "strong", "em", "i", "small", "a", "label", "time", "font", "u", "mark"}
# Between such elements, until the line is read; a control character, which no cleaned text holds.
_BOUNDARY = "\x1f"
_EXPONENT = re.compile(r"[-+−\d]{1,5}")
# More elements than this, and somebody forgot to close one.
_ELEMENTS_OF_AN_EXPONENT = 5
# A cell that claims to be wider or higher fills no more columns and rows than these.
_WIDEST_CELL = 64
_HIGHEST_CELL = 65_534
# Only so far to the right a cell reaches into the rows under it, as in workbooks.
_LAST_HIGH_COLUMN = 256


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
    found_table = False
    rejected: list[Rejection] = []
    for item in _table_records(source, root):
        found_table = found_table or isinstance(item, DoctorAnswer)
        if found_table:
            yield from rejected
            rejected.clear()
            yield item
        elif isinstance(item, Rejection):
            rejected.append(item)  # of what may be no table of records at all
    try:
        yield from _page_items(source, root, _context(root))
    except ReadError:
        if not found_table and not rejected:
            raise
        yield from rejected
    yield from source.damage()


def _page_items(source: Source, root: Any, context: PageContext) -> list[DoctorAnswer | Rejection | Doubt]:
    """What the page grammar finds.

    Raises:
        ReadError: nothing.
    """
    items: list[DoctorAnswer | Rejection | Doubt] = []
    with contextlib.suppress(ReadError):
        items = list(page.read_lines(source, visible_lines(root), context))
    if any(isinstance(item, DoctorAnswer) and item.kind == "answer" for item in items):
        return items
    # A page may make lines of inline elements by its style sheet, which we do not have.
    return list(page.read_lines(source, visible_lines(root, inline_breaks=True), context))


def _table_records(source: Source, root: Any) -> Iterator[DoctorAnswer | Rejection]:
    """The records of the tables whose columns have names, as programs export them; these tables are then no part of the page."""
    for table in root.xpath("//table[not(.//table)]"):
        rows = _rows(table)
        head = list(itertools.islice(rows, HEADER_SEARCH_ROWS))
        at = next((at for at, (_, cells) in enumerate(head) if _names_columns(cells, source)), None)
        if at is None:
            continue
        is_of_records = False
        for item in records_from_rows(source, head[at], itertools.chain(head[at + 1 :], rows)):
            is_of_records = is_of_records or isinstance(item, DoctorAnswer)
            yield item
        if is_of_records:
            table.drop_tree()


def _names_columns(cells: Sequence[str], source: Source) -> bool:
    """Stricter than in a file that is nothing but a table: 答 beside an answer is a page's layout."""
    filled = [cell for cell in cells if cell]
    return len(filled) > 1 and is_header(filled, source.columns) and (bool(source.columns) or len(known_names(filled)) > 1)


def _rows(table: Any) -> Iterator[tuple[int, list[str]]]:
    """The rows of a table without tables inside, with their lines in the file; a cell over several rows stands in each of them."""
    to_come: dict[int, tuple[int, str]] = {}  # column -> how many rows more, the text
    for row in table.iter("tr"):
        # A row uses up what reaches into it, also what stands further right than its own cells, or under a wide one of them.
        from_above = {column: text for column, (_, text) in to_come.items()}
        to_come = {column: (more - 1, text) for column, (more, text) in to_come.items() if more > 1}
        last = max(from_above, default=0)
        cells: list[str] = []
        own = row.iterchildren("td", "th")
        while True:
            if (above := from_above.get(len(cells))) is not None:
                cells.append(above)
            elif (cell := next(own, None)) is not None:
                text = "\n".join(line.text for line in visible_lines(cell))
                if (down := _span(cell, "rowspan", _HIGHEST_CELL)) > 1 and len(cells) < _LAST_HIGH_COLUMN:
                    to_come[len(cells)] = down - 1, text
                cells += [text] + [""] * (_span(cell, "colspan", _WIDEST_CELL) - 1)
            elif len(cells) < last:
                cells.append("")
            else:
                break
        yield row.sourceline or 0, cells


def _span(cell: Any, name: str, most: int) -> int:
    text = cell.get(name, "")
    return max(1, min(int(text), most)) if re.fullmatch(r"[0-9]{1,5}", text) else 1


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
        self._raised: Any = None  # the exponent we are inside, which has been read

    def enter(self, element: Any) -> None:
        self._hidden += _hides(element)
        if self._hidden or self._raised is not None:
            return
        if _breaks(element):
            self.flush()
        if not self._parts:
            self._number = element.sourceline or self._number
        self._set_apart(element)
        if exponent := _exponent(element):
            self.text(exponent.translate(SUPERSCRIPTS))
            self._raised = element
        else:
            self.text(element.text, verbatim=element.tag == "pre")

    def leave(self, element: Any) -> None:
        if element is self._raised:
            self._raised = None
        if not self._hidden and self._raised is None and _breaks(element):
            self.flush()
        else:
            self._set_apart(element)
        self._hidden -= _hides(element)
        self.text(element.tail)

    def text(self, text: str | None, *, verbatim: bool = False) -> None:
        if text and not self._hidden and self._raised is None:
            self._parts.append(text if verbatim else re.sub(r"\s+", " ", text))

    def _set_apart(self, element: Any) -> None:
        if element.tag in _APART and not self._hidden and self._raised is None:
            self._parts.append(self._boundary)

    def flush(self) -> None:
        """End the line; a <pre> may hold several."""
        for raw in "".join(self._parts).split("\n"):
            text = clean_line(raw.replace(_BOUNDARY, ""))
            parts = clean_line(raw.replace(_BOUNDARY, " "))
            if text:
                self.lines.append(Line(self._number, text, parts if parts != text else ""))
        self._parts.clear()


def _exponent(element: Any) -> str:
    """What stands raised above the line if it is a number (10<sup> 9 </sup>), whatever elements it stands in; else nothing."""
    if element.tag != "sup" or len(list(itertools.islice(element.iter(), _ELEMENTS_OF_AN_EXPONENT + 1))) > _ELEMENTS_OF_AN_EXPONENT:
        return ""
    text = str(element.text_content()).strip()
    return text if _EXPONENT.fullmatch(text) else ""


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
