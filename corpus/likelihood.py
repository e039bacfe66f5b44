"""How likely Chinese is as a row of ordinary words: what tells a slip of the keyboard (高血鸭) from words that we do not know.

A unigram model over jieba's dictionary with our lexicon: natural logarithms, the best way of cutting.
"""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass

from corpus.lexicon import MEDICAL_TERMS, load_medical_terms
from corpus.segment import word_counts
from corpus.synonyms import synonym_groups

#: A term of ours counts as if it had been seen that often: jieba's corpus is newspapers and novels, our questions are about health.
MEDICAL_COUNT = 300
#: A word seen less often is not ordinary enough to stop us from looking whether another is meant.
ORDINARY_COUNT = 20
_LONGEST = 8


@dataclass(frozen=True, slots=True)
class Cut:
    """The best cutting of a run of Chinese into words.

    Attributes:
        before: log-likelihood of the characters before each place, [characters + 1].
        after: of those from each place on, [characters + 1].
        words: start and end of each word, in order.
    """

    before: tuple[float, ...]
    after: tuple[float, ...]
    words: tuple[tuple[int, int], ...]

    def gain(self, start: int, end: int, word: str) -> float:
        """What the log-likelihood gains if `word` stood there as one word."""
        return self.before[start] + log_likelihood(word) + self.after[end] - self.after[0]


@functools.cache
def medical_words() -> frozenset[str]:
    """Every term of two characters or more that the lexicon or the table of synonyms has."""
    terms = {*load_medical_terms(MEDICAL_TERMS), *(word for group in synonym_groups() for word in group)}
    return frozenset(term for term in terms if len(term) > 1)


def count_of(word: str) -> int:
    """How often a word has been seen; 0: never."""
    count = word_counts()[0].get(word, 0)
    return max(count, MEDICAL_COUNT) if word in medical_words() else count


def has_word(word: str) -> bool:
    """Whether the dictionary has it, however rare."""
    return bool(word_counts()[0].get(word))


def is_ordinary(word: str) -> bool:
    """A word that nobody would take for a slip."""
    return count_of(word) >= ORDINARY_COUNT


@functools.lru_cache(maxsize=1 << 16)
def log_likelihood(word: str) -> float:
    """Natural logarithm of a word's share of all words; one never seen counts as seen once."""
    return math.log((count_of(word) or 1) / word_counts()[1])


def cut(run: str) -> Cut:
    """The best cutting of a run of Chinese characters; linear in its length."""
    seen, _ = word_counts()
    size = len(run)
    edges: list[list[tuple[int, float]]] = []
    for start in range(size):
        ends = [(start + 1, log_likelihood(run[start]))]
        for end in range(start + 2, min(start + _LONGEST, size) + 1):
            count = seen.get(run[start:end])
            if count is None:
                break
            if count:
                ends.append((end, log_likelihood(run[start:end])))
        edges.append(ends)
    before = [0.0] + [-math.inf] * size
    for start, ends in enumerate(edges):
        for end, value in ends:
            before[end] = max(before[end], before[start] + value)
    after = [0.0] * (size + 1)
    best = [0] * size
    for start in range(size - 1, -1, -1):
        after[start], best[start] = max((value + after[end], end) for end, value in edges[start])
    words: list[tuple[int, int]] = []
    at = 0
    while at < size:
        words.append((at, best[at]))
        at = best[at]
    return Cut(tuple(before), tuple(after), tuple(words))
