"""Questions that are one click away: examples, recent ones, related ones, the nearest ones."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from search_app.components.markup import escape, label


def question_list(title: str, questions: Sequence[str], name: str, ask: Callable[[str], None]) -> None:
    """Draw a heading and a button for each question; nothing where there is none.

    Args:
        title: the heading; empty for none.
        questions: as they are asked on a click; hostile until drawn.
        name: tells the keys of these buttons from others.
        ask: called with the question that was clicked.
    """
    if not questions:
        return
    if title:
        st.html(f'<h2 class="section-title">{escape(title)}</h2>')
    with st.container(gap="xsmall"):
        for number, question in enumerate(questions):
            st.button(label(question), key=f"ask-{name}-{number}", on_click=ask, args=(question,), type="tertiary", wrap=True)
