"""What stands around every page: the language that a screen reader speaks, and the look of our own HTML.

The scripts are ours and constant. Streamlit says that the document is English, which makes screen readers spell Chinese out and
browsers choose Japanese letter forms; and the buttons that copy need one to work.
"""

from __future__ import annotations

import streamlit as st

from search_app.components.copy import COPY_SCRIPT

_STYLE = """<style>
.st-key-frame, .st-key-generation-notice {position:fixed; z-index:1000; width:auto;}
.st-key-frame {height:0; overflow:hidden;}
[data-testid="stLayoutWrapper"]:has(> .st-key-frame), [data-testid="stLayoutWrapper"]:has(> .st-key-generation-notice) {position:absolute;}
.st-key-generation-notice {left:1rem; right:1rem; bottom:1rem; max-width:34rem; margin:0 auto; gap:.5rem;}
.st-key-generation-notice:has([data-testid="stAlert"]) {background:Canvas; border-radius:.8rem; padding:.6rem; box-shadow:0 4px 24px rgba(0,0,0,.28);}
[data-testid="stException"] {display:none;}
.stHtml a {color:inherit; text-decoration:underline;}
dl.facts {display:grid; grid-template-columns:max-content 1fr; gap:.3rem 1.1rem; margin:0 !important; padding:0 !important; line-height:1.65; overflow-wrap:anywhere;}
.facts dt {opacity:.8; margin:0 !important; padding:0 !important;}
.facts dd {margin:0 !important; padding:0 !important;}
.bars {margin:0 0 1.2rem;}
.bars h3 {font-size:1.02rem; margin:0 0 .4rem; padding:0;}
.bars table {border-collapse:collapse; width:100%; font-size:.92rem;}
.bars th, .bars td {border:0; padding:.14rem 0; font-weight:400; text-align:left; vertical-align:middle;}
.bars th {width:34%; padding-right:.7rem; overflow-wrap:anywhere;}
.bars td.count {width:6.6rem; padding-left:.5rem; text-align:right; font-variant-numeric:tabular-nums; white-space:nowrap;}
.bars .bar {display:block; height:.72rem; min-width:2px; border-radius:3px; background:#1f8f7e;}
.bars .note, .records .meta, .generations .meta {font-size:.88rem; opacity:.86;}
.bars .note {margin:.2rem 0 0;}
.records, .generations {list-style:none; margin:0 !important; padding:0 !important; line-height:1.65; overflow-wrap:anywhere;}
.records > li, .generations > li {border-top:1px solid rgba(128,128,128,.28); padding:.5rem 0; margin:0 !important;}
.records summary {cursor:pointer; font-weight:600;}
.records .answer {white-space:pre-line; margin:.3rem 0;}
.problems {border-left:4px solid #b3121d; margin:.4rem 0; padding:.1rem 0 .1rem 1.9rem; line-height:1.6; overflow-wrap:anywhere;}
@media (max-width:480px) {
  dl.facts {grid-template-columns:1fr; gap:0;}
  .facts dd {margin:0 0 .5rem !important;}
  .bars td.count {width:5.8rem;}
}
/* Streamlit writes white on every primary button; the accent of the dark theme is too light for it. */
@media (prefers-color-scheme:dark) {[data-testid="stBaseButton-primary"], [data-testid="stBaseButton-primary"] * {color:#0c1613;}}
@media (prefers-reduced-motion:reduce) {* {animation-duration:.01ms !important; transition-duration:.01ms !important;}}
</style>"""
_SCRIPTS = f'<script>document.documentElement.lang = "zh-CN";</script>{COPY_SCRIPT}'


def frame() -> None:
    """Draw it, out of the page's flow. Once a run, before the page is filled, in a place under it.

    What stands above the page would push it down until a slow browser has read the styles that hide it.
    """
    st.html(_STYLE)
    with st.container(key="frame"):
        st.html(_SCRIPTS, unsafe_allow_javascript=True)
