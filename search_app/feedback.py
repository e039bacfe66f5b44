"""Asks for feedback on a result where it is turned on, and keeps it."""

from __future__ import annotations

import hashlib
import logging

import streamlit as st

from index.results import Result, Results
from search_app.components.feedback import feedback_row
from search_app.feedback_store import LONGEST_WORD, FeedbackError, FeedbackStore, Judgement, feedback_path

log = logging.getLogger(__name__)


def offer_feedback(found: Results, result: Result, position: int | None = None) -> None:
    """Draw the choices under a result's card; nothing where feedback is off.

    Args:
        found: what the question found.
        result: the result that the card shows.
        position: its place on the page, from 1, where that is not its rank.
    """
    path = feedback_path()
    if path is None:
        return
    key = "feedback-" + hashlib.sha256(f"{found.question}\x1f{found.generation}\x1f{result.record.id}".encode()).hexdigest()[:16]
    kept, said, noted = f"{key}-kept", f"{key}-said", f"{key}-note"

    def changed(useful: bool | None, word: str) -> None:
        store = FeedbackStore(path)
        number = st.session_state.get(kept)
        try:
            if useful is None:
                if number is not None:
                    store.withdraw(number)
                st.session_state[kept], st.session_state[said], st.session_state[noted] = None, None, ""
                return
            judgement = Judgement(
                found.question, found.generation, result.record.id, result.rank, position or result.rank, useful=useful, word=word
            )
            st.session_state[kept] = store.save(judgement, replacing=number)
            st.session_state[said] = useful, word
            st.session_state[noted] = "谢谢，记下了。意见只存在运行这个网页的电脑上。"
        except FeedbackError as error:
            log.warning("%s", error)
            st.session_state[noted] = "没能记下这条意见，不影响搜索。"

    feedback_row(key, longest_word=LONGEST_WORD, changed=changed, chosen=st.session_state.get(said), note=st.session_state.get(noted, ""))
