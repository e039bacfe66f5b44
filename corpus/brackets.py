"""Round brackets and bars in the wordings of our data files: (甲|乙) stands for either, and groups may nest."""

from __future__ import annotations

_STEP = {"(": 1, ")": -1}
_MOST_EXPANSIONS = 2_000


def piece_end(wording: str, at: int) -> int:
    """Where the piece that begins at `at` ends: after its bracket, else after one character.

    Raises:
        ValueError: the brackets do not match.
    """
    depth = 0
    for place in range(at, len(wording)):
        depth += _STEP.get(wording[place], 0)
        if depth == 0:
            return place + 1
    raise ValueError(f"括号没有配对：{wording}")


def alternatives(group: str) -> list[str]:
    """The parts of a group between the bars that stand in no inner group."""
    parts, depth = [""], 0
    for letter in group:
        depth += _STEP.get(letter, 0)
        if letter == "|" and depth == 0:
            parts.append("")
        else:
            parts[-1] += letter
    return parts


def expand(wording: str) -> list[str]:
    """The texts that a wording stands for: (甲|乙) alternatives, ? after what may be missing.

    Raises:
        ValueError: brackets do not match, or it stands for far too many.
    """
    texts = [""]
    at = 0
    while at < len(wording):
        end = piece_end(wording, at)
        options = (
            [text for part in alternatives(wording[at + 1 : end - 1]) for text in expand(part)] if wording[at] == "(" else [wording[at]]
        )
        at = end
        if wording[at : at + 1] == "?":
            options.append("")
            at += 1
        texts = [text + option for text in texts for option in options]
        if len(texts) > _MOST_EXPANSIONS:
            raise ValueError(f"写法展开太多：{wording}")
    return texts
