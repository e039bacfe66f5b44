"""What is read of texts that are put together of known sentences, read once a sentence; exactly what reading the texts gives.

Reading a million made records word by word takes as long as reading real ones, and tells no more than reading a hundred thousand.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from corpus.points import Mention
from corpus.record import DoctorAnswer
from corpus.segment import sentences

#: A sentence that ends without a mark runs into the next one; such pairs are rarely seen again and would fill the memory.
_REMEMBERED = 50_000


def known_tokens(tokens_of: Callable[[str], list[str]]) -> Callable[[DoctorAnswer], list[str]]:
    """A stand-in for `record_tokens`, made of `lexical_tokens`, that remembers an answer's sentences; the same tokens in another order."""
    remembered = lru_cache(maxsize=_REMEMBERED)(tokens_of)

    def tokens(record: DoctorAnswer) -> list[str]:
        found = list(tokens_of(record.question))
        for span in sentences(record.answer):
            found += remembered(span.text)
        return found

    return tokens


def known_points(points_of: Callable[[str], tuple[Mention, ...]]) -> Callable[[str], tuple[Mention, ...]]:
    """A stand-in for `read_points` that remembers sentences."""
    remembered = lru_cache(maxsize=_REMEMBERED)(points_of)

    def points(answer: str) -> tuple[Mention, ...]:
        return tuple(mention._replace(start=span.start, end=span.end) for span in sentences(answer) for mention in remembered(span.text))

    return points
