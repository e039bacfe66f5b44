"""A new generation, told to whoever has the page open.

Whatever they do next uses it anyway (`resources`). Somebody who only reads is told, and asked: what they read is never taken
away under their eyes, and nothing that they typed or chose is lost.
"""

from __future__ import annotations

from datetime import timedelta

import streamlit as st

from search_app.resources import open_ahead, served_name

#: How often an open page looks; one small file is read each time.
EVERY = timedelta(seconds=10)
_SEEN = "seen_generation"


def watch_generation() -> None:
    """Say so where the index has changed since this visit's last run, and go on looking. Once a run, before the page."""
    published = served_name()
    seen = st.session_state.get(_SEEN)
    if published:
        st.session_state[_SEEN] = published
        if seen and seen != published:
            st.toast("索引已更新，现在用的是新索引。", icon=":material/update:", duration="long")
    with st.container(key="generation-notice"):
        _notice()


@st.fragment(run_every=EVERY)
def _notice() -> None:
    published = served_name()
    seen = st.session_state.get(_SEEN)
    if not published or published == seen:
        return
    open_ahead()
    st.info("索引刚刚更新了。眼前的内容来自更新之前。", icon=":material/update:")
    if st.button("换用新索引", key="use-new-generation", type="primary"):
        st.rerun()
