"""What stands around every page: the language that a screen reader speaks, and the look of our own HTML.

The scripts are ours and constant. Streamlit says that the document is English, which makes screen readers spell Chinese out and
browsers choose Japanese letter forms; and the buttons that copy need one to work.
"""

from __future__ import annotations

import streamlit as st

from search_app.components.copy import COPY_SCRIPT
from search_app.components.style import FRAME_STYLE

_SCRIPTS = f'<script>document.documentElement.lang = "zh-CN";</script>{COPY_SCRIPT}'


def frame() -> None:
    """Draw it, out of the page's flow. Once a run, before the page is filled, in a place under it.

    What stands above the page would push it down until a slow browser has read the styles that hide it.
    """
    st.html(FRAME_STYLE)
    with st.container(key="frame"):
        st.html(_SCRIPTS, unsafe_allow_javascript=True)
