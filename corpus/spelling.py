"""A typed question put right before it is searched, and what was changed, for the page to say 已按“感冒”搜索.

Careful before clever: what is made of ordinary words stays, and so do medicines, numbers, negations and English terms.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from corpus.likelihood import cut, medical_words
from corpus.misspelling import find_slips
from corpus.typed_pinyin import read_pinyin

#: Characters of a question that are put right: what costs time grows with the length, and long stories are found by their many words.
MAX_CHARACTERS = 300
_MAX_PASSES = 3
_SINGLES = re.compile("(?<![\u4e00-\u9fff])(?:[\u4e00-\u9fff] ){2,}[\u4e00-\u9fff](?![\u4e00-\u9fff])")
_GAP = re.compile("(?<=[\u4e00-\u9fff]) (?=[\u4e00-\u9fff])")
_HAN_BEFORE = re.compile("[\u4e00-\u9fff]{1,5}$")
_HAN_AFTER = re.compile("[\u4e00-\u9fff]{1,5}")


@dataclass(frozen=True, slots=True)
class Change:
    """A word that was changed: as typed, and as it is searched."""

    typed: str
    searched: str

    def to_dict(self) -> dict[str, str]:
        """For JSON."""
        return {"typed": self.typed, "searched": self.searched}


@dataclass(frozen=True, slots=True)
class Corrected:
    """A question as it is searched.

    Attributes:
        text: the question put right.
        changes: the words that were changed, in order; closing a gap inside a word (感 冒) is no change of words.
    """

    text: str
    changes: tuple[Change, ...] = ()


def put_right(question: str) -> Corrected:
    """The question with typed pinyin read, slips mended and gaps inside words closed. Idempotent; never raises.

    Args:
        question: clean (`corpus.clean.clean_line`), so that traditional and full-width characters are folded already.
    """
    changes: list[Change] = []
    text = question
    for _ in range(_MAX_PASSES):
        after, made = _once(text)
        if after == text:
            return Corrected(text, tuple(changes))
        text = after
        changes += made
    # What does not settle was not understood.
    return Corrected(text, tuple(changes)) if _once(text)[0] == text else Corrected(question)


def warm_up() -> None:
    """Load the tables now (about a second) and not at the first question."""
    put_right("感帽 ganmao")


def _once(question: str) -> tuple[str, list[Change]]:
    text, rest = question[:MAX_CHARACTERS], question[MAX_CHARACTERS:]
    changes: list[Change] = []
    text = _close_gaps(text)
    for reading in reversed(read_pinyin(text)):
        changes.insert(0, Change(text[reading.start : reading.end], "".join(reading.words)))
        text = text[: reading.start] + "".join(reading.words) + text[reading.end :]
    mended: list[Change] = []
    for slipped in reversed(find_slips(text)):
        mended.insert(0, Change(text[slipped.start : slipped.end], slipped.word))
        text = text[: slipped.start] + slipped.word + text[slipped.end :]
    return text + rest, changes + mended


def _close_gaps(text: str) -> str:
    """小 腿 抽 筋 as one, and a blank inside a medical word where one side of it is a lone character."""
    if " " not in text:
        return text
    text = _SINGLES.sub(lambda found: found[0].replace(" ", ""), text)
    for gap in reversed(list(_GAP.finditer(text))):
        if _is_inside_word(text, gap.start()):
            text = text[: gap.start()] + text[gap.end() :]
    return text


def _is_inside_word(text: str, gap: int) -> bool:
    before, after = _HAN_BEFORE.search(text[max(gap - 5, 0) : gap]), _HAN_AFTER.match(text, gap + 1)
    if before is None or after is None:
        return False
    (begin, stop), (_, first) = cut(before[0]).words[-1], cut(after[0]).words[0]
    if stop - begin > 1 and first > 1:
        return False  # two words, and a blank for a comma
    ends = (before[0][at:] for at in range(begin + 1))
    return any(end + after[0][:size] in medical_words() for end in ends for size in range(first, len(after[0]) + 1))
