"""Safe HTML: the one way corpus text and questions reach the page."""

from __future__ import annotations

import html

from index.explain import mark

STYLE = """<style>
.answer-card {border:1px solid rgba(128,128,128,.28); border-radius:14px; padding:1rem 1.15rem; margin:.2rem 0 .6rem; line-height:1.75; overflow-wrap:anywhere;}
.answer-card h3 {font-size:1.08rem; line-height:1.5; margin:0 0 .35rem; padding:0;}
.answer-card .who {font-size:.9rem; opacity:.86; margin:0 0 .55rem;}
.answer-card .badge {display:inline-block; border:1px solid rgba(128,128,128,.4); border-radius:999px; padding:0 .55rem; margin:0 .3rem .25rem 0; font-size:.8rem; line-height:1.6;}
.answer-card .example {border-style:dashed;}
.answer-card p.passage {margin:.2rem 0; white-space:pre-line;}
.answer-card mark {background:rgba(255,196,0,.35); color:inherit; border-radius:3px; padding:0 .08em;}
.answer-card details {margin:.45rem 0 .1rem;}
.answer-card summary {cursor:pointer; font-size:.9rem; opacity:.86;}
.answer-card .full {white-space:pre-line; margin:.4rem 0 0;}
.answer-card .note {font-size:.86rem; opacity:.86; margin:.4rem 0 0;}
.answer-card .relevance {border-style:solid; border-width:2px; font-weight:600;}
.answer-card details ul {margin:.3rem 0; padding-left:1.2rem;}
.agreement {border-left:4px solid #2a7f6f; padding:.2rem 0 .2rem 1rem; margin:.2rem 0 .8rem; line-height:1.7; overflow-wrap:anywhere;}
.agreement h2 {font-size:1.08rem; margin:0 0 .2rem; padding:0;}
.agreement > ul {list-style:none; padding:0; margin:0;}
.agreement summary {cursor:pointer;}
.agreement .by {opacity:.8; font-size:.88rem;}
.agreement .note {font-size:.86rem; opacity:.86; margin:.3rem 0 0;}
.disclaimer {font-size:.88rem; line-height:1.6; opacity:.9; margin:0;}
.red-flag {background:#b3121d; color:#fff; border-radius:14px; padding:1rem 1.2rem; line-height:1.7; font-size:1.05rem;}
.red-flag h2 {color:#fff; font-size:1.25rem; margin:0 0 .3rem; padding:0;}
.red-flag p {margin:.3rem 0;}
.red-flag .why {font-size:.88rem; opacity:.92;}
.red-flag a.call {display:inline-block; background:#fff; color:#8f0d16; font-weight:700; border-radius:10px; padding:.35rem 1.1rem; margin:.3rem .5rem .1rem 0; text-decoration:none;}
</style>"""


def escape(text: str) -> str:
    """Text as HTML that shows it and does nothing else; also fit for a quoted attribute."""
    return html.escape(text, quote=True)


def marked(text: str, wanted: tuple[str, ...]) -> str:
    """Escaped text with the wanted words in `<mark>`."""
    return "".join(f"<mark>{escape(piece)}</mark>" if hit else escape(piece) for piece, hit in mark(text, wanted))
