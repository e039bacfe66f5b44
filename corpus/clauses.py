"""How a typed question is cut: into segments at marks and blanks, and segments into clauses before words that turn the story.

People tell a danger in the middle of a long story and often without a mark, so what holds of a word (`corpus.happening.reading`) is asked of its clause.
"""

from __future__ import annotations

import re
from itertools import pairwise

# Characters after which a segment is cut, marks or none.
MAX_CLAUSE = 120

# What ends a segment. A full stop between digits is a decimal point and no end.
SEPARATORS = ",，。!?;:、()\\[\\]{}<>《》【】「」“”\"'‘’…~～/|\\s"
_SEPARATOR = re.compile(rf"[{SEPARATORS}]+|\.(?!\d)|(?<!\d)\.")

# Words before which the story turns; they begin a clause even where nobody typed a mark.
_TURN = re.compile(
    "但是|但(?!凡|愿)|不过|可是|只是|然而|而是|后来|现在|然后|接着|结果|今天|今早|今晚|今儿|昨天|昨晚|昨夜|刚才|刚刚|这会|这两天|这几天"
    "|突然|忽然|目前|最近|去年|前年|以前|上个月|想问|请问|医生说|大夫说|送到?医院|到了?医院|之后|我想|听说|结果"
)


def split_segments(text: str) -> list[tuple[int, int]]:
    """(start, end) of what stands between marks and blanks, none longer than MAX_CLAUSE."""
    spans: list[tuple[int, int]] = []
    start = 0
    for mark in [*_SEPARATOR.finditer(text), None]:
        end = mark.start() if mark else len(text)
        spans.extend((cut, min(cut + MAX_CLAUSE, end)) for cut in range(start, end, MAX_CLAUSE))
        start = mark.end() if mark else end
    return spans


def split_clauses(text: str) -> list[tuple[int, int]]:
    """(start, end) of every clause: segments cut again before the words that turn a story."""
    spans: list[tuple[int, int]] = []
    for start, end in split_segments(text):
        cuts = [found.start() for found in _TURN.finditer(text, start, end) if found.start() > start + 1]
        edges = [start, *cuts, end]
        spans.extend(pairwise(edges))
    return spans
