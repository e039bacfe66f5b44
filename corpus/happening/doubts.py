"""Why a word in a typed question may name no danger of this moment."""

from __future__ import annotations

from enum import StrEnum


class Doubt(StrEnum):
    """Why a word found in a question does not name a danger of this moment."""

    NEGATED = "negated"
    PAST = "past"
    STORY = "story"
    LOOKUP = "lookup"
    WORRY = "worry"
    HYPERBOLE = "hyperbole"
    MILD = "mild"
    ANIMAL = "animal"
    RESOLVED = "resolved"
    TREATED = "treated"
