"""What the corpus says a disease is: its `disease` records, found by what a question is about."""

from __future__ import annotations

from collections.abc import Collection

from corpus.clean import folded
from corpus.record import DoctorAnswer
from corpus.synonyms import synonyms_of
from index.agreement import topics_of
from index.opened import RecordStore


class Definitions:
    """The definitions of one generation, by name."""

    def __init__(self, store: RecordStore) -> None:
        self._store = store
        self._rows: dict[str, int] = {}
        for row, *names in store.disease_names():
            for name in names:
                if name:
                    self._rows.setdefault(folded(name), row)

    def find(self, prepared: str, answering: Collection[int] = ()) -> DoctorAnswer | None:
        """The definition of what a prepared question is about; None where there is none or it could be several.

        A disease is known by its name or a synonym of it. A longer name that ends in what was asked (原发性高血压 for 高血压) is
        taken only if it is the only one and its record answers the question too: 痉挛 is not 面肌痉挛.

        Args:
            prepared: a question as it is searched.
            answering: rows of the records that are likely to answer it (`index.answering`).
        """
        topics = sorted({folded(topic) for topic in topics_of(prepared)}, key=lambda topic: (-len(topic), topic))
        named = [topic for topic in topics if topic in folded(prepared)]
        others = [folded(word) for topic in named for word in synonyms_of(topic)]
        for name in dict.fromkeys((*named, *others)):
            if name in self._rows:
                return self._record(self._rows[name])
        allowed = set(answering)
        for topic in dict.fromkeys((*named, *others)):
            longer = {row for name, row in self._rows.items() if len(topic) > 1 and name.endswith(topic) and row in allowed}
            if len(longer) == 1:
                return self._record(longer.pop())
        return None

    def _record(self, row: int) -> DoctorAnswer:
        return self._store.get([row])[0]
