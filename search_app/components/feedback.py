"""有用 or 没用 under an answer, with an optional word. It draws and tells what was chosen; it keeps nothing."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

USEFUL = "有用"
USELESS = "没用"

_ICONS = {USEFUL: ":material/thumb_up:", USELESS: ":material/thumb_down:"}


def feedback_row(
    key: str,
    *,
    longest_word: int,
    changed: Callable[[bool | None, str], None],
    chosen: tuple[bool, str] | None = None,
    note: str = "",
) -> None:
    """Draw the two choices and, once one is made, a box for a word.

    Args:
        key: distinct on the page, and the same in every run.
        longest_word: characters that the box takes.
        changed: told what the reader chose (None: took it back) and the word, at every change.
        chosen: what this reader has said before of this answer, and the word: Streamlit forgets it when the row is not drawn for a while.
        note: a sentence under it: thanks, or why it was not kept.
    """
    choice_key, word_key = f"{key}-choice", f"{key}-word"
    if chosen is not None and choice_key not in st.session_state:
        useful, word = chosen
        st.session_state[choice_key], st.session_state[word_key] = USEFUL if useful else USELESS, word

    def tell() -> None:
        choice = st.session_state.get(choice_key)
        changed(None if choice is None else choice == USEFUL, str(st.session_state.get(word_key) or ""))

    choice = st.pills(
        "这条回答有用吗",
        (USEFUL, USELESS),
        key=choice_key,
        format_func=lambda option: f"{_ICONS[option]} {option}",
        label_visibility="collapsed",
        on_change=tell,
    )
    if choice:
        st.text_input(
            "为什么（可以不写；请不要写姓名、电话）",
            key=word_key,
            max_chars=longest_word,
            on_change=tell,
        )
    if note:
        st.caption(note)
