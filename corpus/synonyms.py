"""Lay words and clinical terms for the same thing: 拉肚子 is 腹泻, 抽筋 is 痉挛.

Used to widen a question for the lexical arm. The vector arm knows most of this by itself.
"""

from __future__ import annotations

import functools
import re

from corpus.clean import search_key
from corpus.lexicon import SYNONYMS, read_lines


def synonyms_of(text: str) -> tuple[str, ...]:
    """Other words for what a text speaks of, as search keys, without those it already has; longest matches first."""
    return tuple(dict.fromkeys(other for _, other in synonym_pairs(text)))


def synonym_pairs(text: str) -> tuple[tuple[str, str], ...]:
    """(word of the text, another word for it), as search keys, without those the text already has; longest matches first.

    A word is looked for as a string, not as a jieba word: segmentation of spoken language is least sure exactly there.
    """
    groups, pattern = _table()
    key = search_key(text)
    pairs = ((match[0], word) for match in pattern.finditer(key) for word in groups[match[0]])
    return tuple(dict.fromkeys((word, other) for word, other in pairs if other not in key))


@functools.cache
def synonym_groups() -> tuple[tuple[str, ...], ...]:
    """The groups of the table, each word as a search key."""
    return tuple(tuple(search_key(word) for word in line.split("\t")) for line in read_lines(SYNONYMS))


@functools.cache
def _table() -> tuple[dict[str, tuple[str, ...]], re.Pattern[str]]:
    # One character means too many things: 嘴 in 嘴硬 is no mouth.
    groups = {word: group for group in synonym_groups() for word in group if len(word) > 1}
    return groups, re.compile("|".join(map(re.escape, sorted(groups, key=len, reverse=True))))
