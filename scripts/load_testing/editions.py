"""Editions of one corpus, told apart by every record: whoever reads a record knows which generation it must have come from.

Each edition names itself in the source of all its records (which is not embedded, so an update embeds next to nothing), words
about one answer in a hundred anew, and lacks about one record in a hundred.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator, Sequence

from corpus.record import DoctorAnswer
from index.results import Results

#: A record's source in an edition.
SOURCE = re.compile(r"第(\d+)版")
#: What an edition puts behind the answers that it words anew.
REVISED = re.compile(r"这是第(\d+)次修订。")

_LACKED, _REVISED = 97, 89  # primes, so that over a few editions other records are lacking than are revised


def edition_of(number: int, record: DoctorAnswer, place: int) -> DoctorAnswer | None:
    """A record as an edition has it; None where the edition lacks it.

    Args:
        number: the edition.
        record: as the corpus has it.
        place: where it stands in the corpus.
    """
    if place % _LACKED == number % _LACKED:
        return None
    answer = f"{record.answer}\n这是第{number}次修订。" if place % _REVISED == number % _REVISED else record.answer
    return dataclasses.replace(record, answer=answer, source=f"第{number}版")


def records_of(number: int, corpus: Sequence[DoctorAnswer]) -> Iterator[DoctorAnswer]:
    """All records of an edition."""
    for place, record in enumerate(corpus):
        if (item := edition_of(number, record, place)) is not None:
            yield item


class Judge:
    """Knows which edition each generation holds, and tells when an answer is mixed. Safe for concurrent use."""

    def __init__(self, corpus: Sequence[DoctorAnswer]) -> None:
        self._corpus = corpus
        self._places = {record.id: place for place, record in enumerate(corpus)}
        self._editions: dict[str, int] = {}  # generation -> edition, by the first answer that named the generation

    def objection(self, found: Results) -> str:
        """What is wrong with an answer, empty where every record of it is, to the letter, the named generation's."""
        for result in found.results:
            for record in (result.record, *result.similar):
                named = SOURCE.fullmatch(record.source)
                number = int(named[1]) if named else -1
                if self._editions.setdefault(found.generation, number) != number:
                    return f"{found.generation} gives {record.id} of edition {number}, and held {self._editions[found.generation]}"
                place = self._places.get(record.id, -1)
                if place < 0 or record != edition_of(number, self._corpus[place], place):
                    return f"{found.generation} gives a record {record.id} that edition {number} does not have so"
            if result.passage != result.record.answer[result.passage_start : result.passage_end]:
                return f"{found.generation}: the passage of {result.record.id} is not in its answer"
        return ""

    def contradictions(self, published: dict[str, int]) -> list[str]:
        """Generations whose answers came from another edition than was built there (generation -> edition)."""
        return [
            f"{name} was built of edition {published.get(name)} and answered with {number}"
            for name, number in self._editions.items()
            if published.get(name) != number
        ]
