"""What a build and a removal share: a generation's summary, and its rows put into the collections, a bounded number at a time."""

from __future__ import annotations

import importlib.metadata
import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from corpus.record import DoctorAnswer
from index.holdings import Holdings
from index.milvus.bm25 import DocumentWeights
from index.milvus.collections import filtered_fields, packed
from index.milvus.engine import Engine
from index.milvus.publishing import Staged
from index.milvus.searched import RecordUnits
from index.milvus.store import Stored, row_of_record, summary_of
from index.progress import Progress

#: The units of some records, the first of which has this row; the units' numbers in them are not looked at.
UnitsOf = Callable[[int, list[DoctorAnswer]], list[RecordUnits]]

_CHUNK = 256  # records that are embedded and put in together
_MESSAGE = 8 << 20  # bytes of one insert, well under the server's limit of 64 MiB


def summary_text(holdings: Holdings, background: float, dense_index: str, reading: Mapping[str, str] | None) -> str:
    """The summary as it is stored.

    Args:
        holdings: the records.
        background: the cosine that two answers have on the average.
        dense_index: `EXACT` or `GRAPH`.
        reading: with which options of `rebuild_index.py` the corpus was read; None where nobody knows.
    """
    fields = {**summary_of(holdings), "background": background, "dense_index": dense_index}
    if reading is not None:
        fields["reading"] = dict(reading)
    return json.dumps(fields, ensure_ascii=False, sort_keys=True)


def library_versions(engine: Engine) -> dict[str, str]:
    """The versions of what writes the collections."""
    return {"pymilvus": importlib.metadata.version("pymilvus"), "milvus": engine.version()}


def write(
    engine: Engine, staged: Staged, holdings: Holdings, words: DocumentWeights, units_of_records: UnitsOf, progress: Progress
) -> None:
    """Put every record, with its words' weights, and every unit into the staged collections; `progress` is told of the units.

    Units have codes of tokens where the staged collection has a field for them, and nowhere else.

    Raises:
        EngineError: the server does not take them.
    """
    into_records = _Inserter(engine, staged.records)
    into_units = _Inserter(engine, staged.units)
    weights = iter(words)
    unit_number = 0
    for first, stored in _chunks(holdings):
        units = units_of_records(first, [one.record for one in stored])
        for row, (one, own) in enumerate(zip(stored, units, strict=True), start=first):
            into_records.put(row_of_record(row, one, next(weights)))
            filtered = filtered_fields(one.record)
            for place, ((_, kind, start, end), vector) in enumerate(zip(own.table.tolist(), own.vectors, strict=True)):
                unit = {"unit": unit_number, "row": row, "kind": kind, "start": start, "end": end, "vector": vector}
                coded = {} if own.codes is None else {"tokens": packed(own.codes[place])}
                into_units.put(unit | coded | filtered)
                unit_number += 1
                progress.advance(1)
    into_records.flush()
    into_units.flush()


def _chunks(holdings: Holdings) -> Iterator[tuple[int, list[Stored]]]:
    """The records by row, with what was read of them: (first row, records)."""
    for first in range(0, len(holdings), _CHUNK):
        rows = list(range(first, min(first + _CHUNK, len(holdings))))
        yield first, [Stored(*parts) for parts in zip(holdings.get(rows), holdings.audiences(rows), holdings.points(rows), strict=True)]


class _Inserter:
    """Puts rows into a collection, as many at once as a message holds."""

    def __init__(self, engine: Engine, collection: str) -> None:
        self._engine = engine
        self._collection = collection
        self._rows: list[dict[str, Any]] = []
        self._size = 0

    def put(self, row: dict[str, Any]) -> None:
        self._rows.append(row)
        self._size += _size(row)
        if self._size >= _MESSAGE:
            self.flush()

    def flush(self) -> None:
        self._engine.insert(self._collection, self._rows)
        self._rows, self._size = [], 0


def _size(row: dict[str, Any]) -> int:
    """About how many bytes a row takes in a message."""
    body = sum(4 * len(piece) for piece in row.get("body", ()))
    tokens = sum(map(len, row.get("tokens", ())))  # base64: a byte a character
    vector = row["vector"].nbytes if "vector" in row else 0
    return 500 + body + 4 * len(row.get("question", "")) + 12 * len(row.get("words", ())) + tokens + vector
