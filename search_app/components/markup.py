"""Safe HTML: the one way corpus text and questions reach the page."""

from __future__ import annotations

import html
import re

from index.explain import mark


def escape(text: str) -> str:
    """Text as HTML that shows it and does nothing else; also fit for a quoted attribute."""
    return html.escape(text, quote=True)


def marked(text: str, wanted: tuple[str, ...]) -> str:
    """Escaped text with the wanted words in `<mark>`."""
    return "".join(f"<mark>{escape(piece)}</mark>" if hit else escape(piece) for piece, hit in mark(text, wanted))


_MARKDOWN = re.compile(r"([!-/;-@\[-`{-~])")


def label(text: str, longest: int = 60) -> str:
    """Text as the label of a button, which reads Markdown: it shows and does nothing.

    Every ASCII mark is escaped. The colon becomes the Chinese one: `:red[..]`, `:smile:` and `:material/..:` are read after escapes.
    """
    shown = "".join(character if character.isprintable() else " " for character in text)
    shown = " ".join(shown.split())
    cut = shown if len(shown) <= longest else shown[: longest - 1] + "…"
    return _MARKDOWN.sub(r"\\\1", cut.replace(":", "：")) or "（没有文字）"
