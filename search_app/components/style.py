"""The look of our own HTML: what every page needs, and what the search page adds. Colours of the theme are in `.streamlit/config.toml`."""

from __future__ import annotations

#: Drawn around every page (`components.frame`): the frame itself, notices, and what tells about the index (`components.facts`).
FRAME_STYLE = """<style>
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

#: Drawn by the search page: cards, agreement, definitions, the emergency banner.
SEARCH_STYLE = """<style>
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
