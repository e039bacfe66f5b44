"""The entry point of the page: navigation, and what stands around every page. Run with `streamlit run search_app/app.py`."""

from __future__ import annotations

import sys
from pathlib import Path

import streamlit as st

ROOT = Path(__file__).resolve().parent.parent
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))  # the page runs without an install

from search_app.components.frame import frame
from search_app.generation_watch import watch_generation
from search_app.python_parser import parse_one_at_a_time
from search_app.resources import status_is_shown

NAME = "医生怎么说"
parse_one_at_a_time()

pages = [
    st.Page("app_pages/search.py", title="搜索", icon=":material/search:", default=True),
    st.Page("app_pages/corpus.py", title="语料一览", icon=":material/library_books:", url_path="corpus"),
]
if status_is_shown():
    pages.append(st.Page("app_pages/status.py", title="运行状态", icon=":material/monitor_heart:", url_path="status"))
page = st.navigation(pages, position="top")
st.set_page_config(
    page_title=NAME if page is pages[0] else f"{page.title} · {NAME}", page_icon=str(ROOT / "search_app" / "icon.png"), layout="centered"
)
content = st.container()
frame()
watch_generation()
try:
    with content:
        page.run()
except Exception:
    st.error("页面出了点问题，已记入日志。请刷新再试；仍不行时，请管理员看看运行页面的终端。急症请直接拨打 120。", icon=":material/error:")
    raise  # Streamlit logs it; what it would draw is hidden by the frame
