"""What is drawn where something cannot be done: what, what a reader can do, and for whoever runs the page, why."""

from __future__ import annotations

import logging

import streamlit as st

from search_app.resources import status_is_shown

log = logging.getLogger(__name__)


def draw_failure(what: str, error: Exception) -> None:
    """Say that it failed. The reason names folders and servers, so strangers see it only where they see the index's status too.

    Args:
        what: a sentence (Chinese).
        error: its message says why and what to do, to whoever runs the page.
    """
    st.error(f"{what}请稍后再试，急症请直接拨打 120。", icon=":material/error:")
    if status_is_shown():
        st.code(str(error), language=None, wrap_lines=True)
    else:
        log.warning("%s", error)
    offer_another_try()


def offer_another_try() -> None:
    """A button, since the text box sends nothing while its text is what it was."""
    st.button("再试一次", key="again")
