"""How fast one visit may ask. A search costs a processor for a moment, and a script can ask without end."""

from __future__ import annotations

import math
from dataclasses import dataclass
from time import monotonic as clock

import streamlit as st

from index.search import QuestionError

#: Searches at once, and then a second: far beyond what a person clicks, filters and pages included.
BURST = 30
PER_SECOND = 1.0

_KEY = "turns"


class TooFastError(QuestionError):
    """Too many questions in too short a time; the message (Chinese) says when to ask again."""


@dataclass
class TokenBucket:
    """A token bucket: `capacity` at once, `per_second` on the long run.

    Attributes:
        tokens: what is left; it begins full.
        updated: when that was so, on a clock that never goes back; None before the first turn.
    """

    capacity: float
    per_second: float
    tokens: float = math.inf
    updated: float | None = None

    def take(self, now: float) -> float:
        """Take a token; gives 0, or the seconds until there is one."""
        passed = 0.0 if self.updated is None else max(now - self.updated, 0.0)
        self.tokens = min(self.tokens + passed * self.per_second, self.capacity)
        self.updated = now
        if self.tokens >= 1:
            self.tokens -= 1
            return 0.0
        return (1 - self.tokens) / self.per_second


def take_turn() -> None:
    """Take this visit's turn to search.

    Raises:
        TooFastError: it must wait.
    """
    bucket = st.session_state.setdefault(_KEY, TokenBucket(BURST, PER_SECOND))
    if wait := bucket.take(clock()):
        raise TooFastError(f"问得太快了，请过 {math.ceil(wait)} 秒再试。急症请直接拨打 120，不要等")
