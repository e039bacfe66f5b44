"""The records of a generation in Milvus, by row number; filters are the engine's, counts were made when it was built."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Generic, NamedTuple, TypeVar

from corpus.clean import clean_line
from corpus.points import Mention
from corpus.record import DoctorAnswer, from_json
from index.answers import FACETS
from index.holdings import MOST_WORDS, Holdings, Overview
from index.manifest import DamagedError
from index.milvus.collections import batches, containing, filtered_fields, pieces
from index.milvus.engine import Engine

#: How many of the newest and of the longest records are known by row; the engine cannot order what it finds.
KNOWN_ORDER = 100

_QUESTION_PIECE = 16_000
_READ = 500
_REMEMBERED = 2_000

Value = TypeVar("Value")


class Stored(NamedTuple):
    """A record with what was read of it when the index was built."""

    record: DoctorAnswer
    groups: tuple[str, ...]
    mentions: Sequence[Mention]


class Remembered(Generic[Value]):
    """What was fetched by row, a bounded number of rows of it: one question asks for the same ones several times. Thread-safe."""

    def __init__(self, fetch: Callable[[list[int]], dict[int, Value]], most: int = _REMEMBERED, what: str = "条记录") -> None:
        """With what fetches rows that are not remembered; `what` a row is, for whoever is told that one is missing (Chinese)."""
        self._fetch = fetch
        self._most = most
        self._what = what
        self._known: dict[int, Value] = {}
        self._lock = threading.Lock()

    def get(self, rows: Sequence[int]) -> list[Value]:
        """The values of these rows, in their order.

        Raises:
            DamagedError: the engine does not have one.
        """
        with self._lock:
            found = {row: self._known[row] for row in map(int, rows) if row in self._known}
        if missing := [int(row) for row in rows if int(row) not in found]:
            fetched = self._fetch(list(dict.fromkeys(missing)))
            with self._lock:
                if len(self._known) + len(fetched) > self._most:
                    self._known.clear()
                self._known.update(fetched)
            found |= fetched
        try:
            return [found[int(row)] for row in rows]
        except KeyError as error:
            raise DamagedError(f"Milvus 里缺少第 {error} {self._what}，索引不完整。请重建，或加 --rollback 退回上一代") from error


def row_of_record(row: int, stored: Stored, words: dict[int, float]) -> dict[str, Any]:
    """A record as the engine keeps it."""
    record = stored.record
    body = json.dumps({"record": record.to_json(), "mentions": list(stored.mentions)}, ensure_ascii=False)
    return {
        "row": row,
        "id_hash": id_hash(record.id),
        "kind": record.kind,
        "groups": " ".join(stored.groups),
        "question": record.question.lower()[:_QUESTION_PIECE],
        "body": pieces(body),
        "words": words,
        **filtered_fields(record),
    }


def id_hash(record_id: str) -> str:
    """What a record is looked up by: whatever an id holds, however long it is."""
    return hashlib.blake2b(record_id.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def summary_of(holdings: Holdings) -> dict[str, Any]:
    """What is counted once when an index is built, as JSON."""
    overview = holdings.overview()

    def rows_of(records: Sequence[DoctorAnswer]) -> list[int]:
        return [row for record in records if (row := holdings.row_of(record.id)) is not None]

    return {
        "overview": {name: getattr(overview, name) for name in Overview.__slots__},
        "facets": {name: holdings.facet(name) for name in FACETS},
        "disease_names": holdings.disease_names(),
        "newest": rows_of(holdings.newest(KNOWN_ORDER)),
        "longest": rows_of(holdings.longest(KNOWN_ORDER)),
    }


class MilvusStore:
    """Read-only access to the records (`index.opened.RecordStore`), and what the corpus page asks. Safe for concurrent use."""

    def __init__(self, engine: Engine, collection: str, count: int, summary: dict[str, Any]) -> None:
        """Over a collection of records, and what `summary_of` told of them."""
        self._engine = engine
        self._collection = collection
        self._count = count
        self._summary = summary
        self._stored = Remembered(self._fetch_stored)
        self._brief = Remembered(self._fetch_brief, most=20 * _REMEMBERED)

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[DoctorAnswer]:
        for rows in batches(range(self._count), _READ):
            yield from self.get(rows)

    def get(self, rows: Sequence[int]) -> list[DoctorAnswer]:
        """The records of these rows, in the order asked for."""
        return [stored.record for stored in self._stored.get(rows)]

    def kinds(self, rows: Sequence[int]) -> list[str]:
        """Their kinds."""
        return [kind for kind, _ in self._brief.get(rows)]

    def audiences(self, rows: Sequence[int]) -> list[tuple[str, ...]]:
        """Whom each addresses."""
        return [groups for _, groups in self._brief.get(rows)]

    def points(self, rows: Sequence[int]) -> list[Sequence[Mention]]:
        """The points that each answer makes."""
        return [stored.mentions for stored in self._stored.get(rows)]

    def row_of(self, record_id: str) -> int | None:
        """The row of a record, or None."""
        found = self._engine.query(self._collection, f'id_hash == "{id_hash(record_id)}"', ["row"], limit=1)
        return int(found[0]["row"]) if found else None

    def facet(self, name: str) -> dict[str, int]:
        """How many records have each value of a field of `FACETS`, most first."""
        return dict(self._summary["facets"][name])

    def years(self) -> dict[int, int]:
        """How many records were published in each year, newest first."""
        return self.overview().years

    def disease_names(self) -> list[tuple[int, str, str | None]]:
        """(row, question, disease) of every definition, by row."""
        return [(row, question, disease) for row, question, disease in self._summary["disease_names"]]

    def overview(self) -> Overview:
        """All counts."""
        fields = dict(self._summary["overview"])
        fields["years"] = {int(year): count for year, count in fields["years"].items()}
        return Overview(**fields)

    def newest(self, limit: int) -> list[DoctorAnswer]:
        """The records with the latest dates, `KNOWN_ORDER` at most; those without one are left out."""
        return self.get(self._summary["newest"][:limit])

    def longest(self, limit: int) -> list[DoctorAnswer]:
        """The records with the longest answers, `KNOWN_ORDER` at most."""
        return self.get(self._summary["longest"][:limit])

    def matching(self, text: str, limit: int, offset: int = 0) -> tuple[int, list[DoctorAnswer]]:
        """How many records have every word of a text in their question, and some of those.

        As `Holdings.matching`, but only the first 16,000 characters of a question are looked at, and `%`, quotation marks and the
        like stand for any character.
        """
        expression = containing("question", [word.lower() for word in clean_line(text).split()[:MOST_WORDS]])
        count = self._engine.count(self._collection, expression) if expression else self._count
        if not limit:
            return count, []
        found = self._engine.query(self._collection, expression or "row >= 0", ["row"], limit=limit, offset=offset)
        return count, self.get(sorted(int(one["row"]) for one in found))

    def _fetch_stored(self, rows: list[int]) -> dict[int, Stored]:
        found = {}
        for one in self._engine.get(self._collection, rows, ["row", "groups", "body"]):
            body = json.loads("".join(one["body"]))
            mentions = tuple(Mention._make([*values[:-1], tuple(values[-1])]) for values in body["mentions"])
            found[int(one["row"])] = Stored(from_json(body["record"]), tuple(one["groups"].split()), mentions)
        return found

    def _fetch_brief(self, rows: list[int]) -> dict[int, tuple[str, tuple[str, ...]]]:
        found = self._engine.get(self._collection, rows, ["row", "kind", "groups"])
        return {int(one["row"]): (one["kind"], tuple(one["groups"].split())) for one in found}
