"""Safe HTML: the one way corpus text and questions reach the page."""

from __future__ import annotations

import html
import re

from index.explain import mark

STYLE = """<style>
.answer-card {border:1px solid rgba(128,128,128,.28); border-radius:14px; padding:1rem 1.15rem; margin:.2rem 0 .6rem; line-height:1.75; overflow-wrap:anywhere;}
.answer-card h3 {font-size:1.08rem; line-height:1.5; margin:0 0 .35rem; padding:0;}
.answer-card .who {font-size:.9rem; opacity:.86; margin:0 0 .55rem;}
.answer-card .badge {display:inline-block; border:1px solid rgba(128,128,128,.32); border-radius:999px; padding:0 .5rem; margin:0 .25rem .25rem 0; font-size:.78rem; line-height:1.6;}
.answer-card .example {border-style:dashed;}
.answer-card .level {display:inline-flex; align-items:center; gap:.35rem; margin:0 .6rem .25rem 0; font-size:.8rem; font-weight:600; white-space:nowrap;}
.answer-card .level .track {display:inline-block; width:3.2rem; height:.4rem; border-radius:999px; background:rgba(128,128,128,.28); overflow:hidden;}
.answer-card .level .fill {display:block; height:100%; background:#2f9482; border-radius:999px;}
.answer-card .foot {display:flex; flex-wrap:wrap; gap:.25rem .9rem; align-items:center; font-size:.86rem; margin:.5rem 0 0;}
.answer-card button.copy {font:inherit; color:inherit; background:none; border:1px solid rgba(128,128,128,.4); border-radius:8px; padding:.15rem .7rem; min-height:2rem; cursor:pointer;}
.answer-card button.copy:hover {border-color:currentColor;}
.answer-card p.passage {margin:.2rem 0; white-space:pre-line;}
.answer-card mark {background:rgba(255,196,0,.35); color:inherit; border-radius:3px; padding:0 .08em;}
.answer-card details {margin:.45rem 0 .1rem;}
.answer-card summary {cursor:pointer; font-size:.9rem; opacity:.86;}
.answer-card .full {white-space:pre-line; margin:.4rem 0 0;}
.answer-card .note {font-size:.86rem; opacity:.86; margin:.4rem 0 0;}
.answer-card details ul {margin:.3rem 0; padding-left:1.2rem;}
.agreement {border-left:4px solid #2a7f6f; padding:.2rem 0 .2rem 1rem; margin:.2rem 0 .8rem; line-height:1.7; overflow-wrap:anywhere;}
.agreement h2 {font-size:1.08rem; margin:0 0 .2rem; padding:0;}
.agreement > ul {list-style:none; padding:0; margin:0;}
.agreement summary {cursor:pointer; display:grid; grid-template-columns:1rem minmax(5rem,13rem) 5rem minmax(0,1fr); column-gap:.5rem; align-items:center; padding:.15rem 0;}
.agreement summary::-webkit-details-marker {display:none;}
.agreement summary::before {content:"▸"; font-size:.9rem;}
.agreement details[open] summary::before {content:"▾";}
.agreement .voices {display:block; height:.6rem; border-radius:3px; background:rgba(128,128,128,.22); overflow:hidden;}
.agreement .voices span {display:block; height:100%; background:#2f9482; -webkit-mask:linear-gradient(90deg,#000 calc(100% - 2px),transparent 0) 0 0/calc(100%/var(--pieces,1)) 100%; mask:linear-gradient(90deg,#000 calc(100% - 2px),transparent 0) 0 0/calc(100%/var(--pieces,1)) 100%;}
.agreement .voices.examples span {background:repeating-linear-gradient(135deg,#2f9482 0 4px,rgba(47,148,130,.45) 4px 8px);}
.agreement .by {opacity:.8; font-size:.88rem;}
.agreement .note {font-size:.86rem; opacity:.86; margin:.3rem 0 0;}
.definition {border:1px solid rgba(128,128,128,.28); border-radius:14px; padding:.8rem 1.15rem; margin:.2rem 0 .6rem; line-height:1.7; background:rgba(42,127,111,.07); overflow-wrap:anywhere;}
.definition h2 {font-size:1.02rem; margin:0 0 .25rem; padding:0;}
.definition p {margin:.2rem 0; white-space:pre-line;}
.definition summary {cursor:pointer; font-size:.9rem;}
.definition .note {font-size:.84rem; opacity:.86;}
.st-key-answers {position:relative;}
@media (min-width:1240px) {
  [data-testid="stLayoutWrapper"]:has(> .st-key-beside) {position:absolute; top:0; left:calc(100% + 1.5rem); width:min(20rem, calc(50vw - 22rem - 3rem));}
  .st-key-beside .definition {font-size:.92rem;}
}
@media (max-width:480px) {
  .agreement {padding-left:.7rem;}
  .agreement summary {grid-template-columns:.9rem minmax(0,1fr) 3rem 6.2rem; column-gap:.4rem;}
  .agreement .said {display:none;}
  .stMainBlockContainer h1 {padding-top:.2rem;}
}
.found {font-size:.92rem; margin:.2rem 0; opacity:.9;}
.section-title {font-size:1.05rem; font-weight:600; margin:.9rem 0 .1rem; padding:0;}
[class*="st-key-ask-"] button, [class*="st-key-drop-"] button {text-align:left; min-height:2.5rem;}
[class*="st-key-ask-"] button p {text-decoration:underline; text-decoration-color:rgba(128,128,128,.7); text-underline-offset:.3em;}
.disclaimer {font-size:.88rem; line-height:1.6; opacity:.9; margin:0;}
.disclaimer a, .answer-card a, .definition a {color:inherit; text-decoration:underline;}
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


_MARKDOWN = re.compile(r"([!-/;-@\[-`{-~])")


def label(text: str, longest: int = 60) -> str:
    """Text as the label of a button, which reads Markdown: it shows and does nothing.

    Every ASCII mark is escaped. The colon becomes the Chinese one: `:red[..]`, `:smile:` and `:material/..:` are read after escapes.
    """
    shown = "".join(character if character.isprintable() else " " for character in text)
    shown = " ".join(shown.split())
    cut = shown if len(shown) <= longest else shown[: longest - 1] + "…"
    return _MARKDOWN.sub(r"\\\1", cut.replace(":", "：")) or "（没有文字）"
