"""The entry point of the page: navigation and nothing else. Run with `streamlit run search_app/app.py`."""

from __future__ import annotations

import sys
from pathlib import Path

import streamlit as st

ROOT = Path(__file__).resolve().parent.parent
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))  # the page runs without an install

st.set_page_config(page_title="医生怎么说", page_icon=":material/stethoscope:", layout="centered")
st.navigation([st.Page("app_pages/search.py", title="搜索", default=True)], position="hidden").run()
