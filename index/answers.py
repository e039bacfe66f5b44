"""The records of a generation, in SQLite, by row number; filters and facets."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from corpus.audience import addressed
from corpus.points import Mention, read_points
from corpus.record import FIELDS, DoctorAnswer

FILE = "answers.sqlite"
FACETS = ("department", "hospital_tier", "doctor_title", "source", "kind")

_BATCH = 500  # well under SQLite's limit on parameters


@dataclass(frozen=True, slots=True)
class Filters:
    """What a record must be to be found. Several values of one field are alternatives; the fields all hold.

    Attributes:
        doctor_titles: a record with two titles (`主任医师 教授`) has both.
        since, until: inclusive; a record without a date does not pass a date filter.
    """

    departments: tuple[str, ...] = ()
    hospital_tiers: tuple[str, ...] = ()
    doctor_titles: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None

    def __bool__(self) -> bool:
        return bool(self.departments or self.hospital_tiers or self.doctor_titles or self.since or self.until)


class AnswerStore:
    """Read-only access to the records. Safe for concurrent use.

    One connection, opened at once and shared under a lock: a thread that comes later could not open a generation that was
    removed or moved to quarantine meanwhile, but what is open stays readable.
    """

    def __init__(self, path: Path) -> None:
        uri = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
        self._connection = sqlite3.connect(uri, uri=True, check_same_thread=False)
        self._lock = threading.Lock()
        # Rows are numbered from 0 without a gap; counting them would read an index of the whole table.
        self._count = int(self._rows("SELECT ifnull(max(row), -1) + 1 FROM records")[0][0])

    def __len__(self) -> int:
        return self._count

    @staticmethod
    def build(records: Iterable[DoctorAnswer], path: Path) -> int:
        """Write the records in order, rows from 0; returns how many."""
        connection = sqlite3.connect(path)
        try:
            connection.execute("PRAGMA journal_mode = OFF")  # a staging file: if this fails the folder is thrown away
            columns = ", ".join(f"{name} {'INTEGER' if name in ('views', 'truncated') else 'TEXT'}" for name in FIELDS)
            connection.execute(f"CREATE TABLE records (row INTEGER PRIMARY KEY, {columns})")
            connection.execute("CREATE TABLE audience (row INTEGER PRIMARY KEY, groups TEXT NOT NULL)")
            connection.execute("CREATE TABLE points (row INTEGER PRIMARY KEY, mentions TEXT NOT NULL)")
            insert = f"INSERT INTO records VALUES ({', '.join('?' * (len(FIELDS) + 1))})"
            for row, record in enumerate(records):
                connection.execute(insert, (row, *record.to_dict().values()))
                connection.execute("INSERT INTO audience VALUES (?, ?)", (row, " ".join(addressed(record))))
                connection.execute("INSERT INTO points VALUES (?, ?)", (row, json.dumps(read_points(record.answer), ensure_ascii=False)))
            connection.execute("CREATE UNIQUE INDEX records_id ON records (id)")
            for facet in FACETS:
                connection.execute(f"CREATE INDEX records_{facet} ON records ({facet})")
            connection.execute("CREATE INDEX records_published ON records (published)")
            connection.commit()
            return int(connection.execute("SELECT count(*) FROM records").fetchone()[0])
        finally:
            connection.close()

    def _rows(self, query: str, values: Sequence[object] = ()) -> list[tuple]:
        with self._lock:
            return self._connection.execute(query, values).fetchall()

    def get(self, rows: Sequence[int]) -> list[DoctorAnswer]:
        """The records of these rows, in the order asked for."""
        found = {row: _record(values) for row, *values in self._select("*", rows)}
        return [found[int(row)] for row in rows]

    def kinds(self, rows: Sequence[int]) -> list[str]:
        """The kinds of these rows' records, in the order asked for."""
        found = dict(self._select("row, kind", rows))
        return [found[int(row)] for row in rows]

    def audiences(self, rows: Sequence[int]) -> list[tuple[str, ...]]:
        """Whom each of these rows' records addresses (`corpus.audience`), in the order asked for."""
        found = dict(self._select("row, groups", rows, table="audience"))
        return [tuple(found[int(row)].split()) for row in rows]

    def points(self, rows: Sequence[int]) -> list[Sequence[Mention]]:
        """The points that each of these rows' answers makes (`corpus.points`), in the order asked for."""
        found = dict(self._select("row, mentions", rows, table="points"))
        return [_StoredMentions(found[int(row)]) for row in rows]

    def _select(self, columns: str, rows: Sequence[int], *, table: str = "records") -> Iterator[tuple]:
        for start in range(0, len(rows), _BATCH):
            batch = [int(row) for row in rows[start : start + _BATCH]]
            yield from self._rows(f"SELECT {columns} FROM {table} WHERE row IN ({', '.join('?' * len(batch))})", batch)

    def row_of(self, record_id: str) -> int | None:
        """The row of a record, or None."""
        found = self._rows("SELECT row FROM records WHERE id = ?", (record_id,))
        return int(found[0][0]) if found else None

    def __iter__(self) -> Iterator[DoctorAnswer]:
        for start in range(0, len(self), _BATCH):
            for _, *values in self._rows("SELECT * FROM records WHERE row >= ? AND row < ? ORDER BY row", (start, start + _BATCH)):
                yield _record(values)

    def allowed(self, filters: Filters) -> np.ndarray | None:
        """Bool [records]: which pass; None when there is no filter."""
        if not filters:
            return None
        clauses: list[str] = []
        values: list[str] = []
        for column, wanted in (("department", filters.departments), ("hospital_tier", filters.hospital_tiers)):
            if wanted:
                clauses.append(f"{column} IN ({', '.join('?' * len(wanted))})")
                values += wanted
        if filters.doctor_titles:
            clauses.append("(" + " OR ".join("instr(' ' || doctor_title || ' ', ' ' || ? || ' ')" for _ in filters.doctor_titles) + ")")
            values += filters.doctor_titles
        for comparison, day in ((">=", filters.since), ("<=", filters.until)):
            if day:
                clauses.append(f"published {comparison} ?")
                values.append(day.isoformat())
        mask = np.zeros(len(self), dtype=bool)
        rows = self._rows(f"SELECT row FROM records WHERE {' AND '.join(clauses)}", values)
        mask[np.fromiter((row for (row,) in rows), dtype=np.int64)] = True
        return mask

    def facet(self, name: str) -> dict[str, int]:
        """How many records have each value of a field of `FACETS`, most first; records without one are left out."""
        if name not in FACETS:
            raise ValueError(f"no facet {name!r}; there are {', '.join(FACETS)}")
        query = f"SELECT {name}, count(*) AS n FROM records WHERE {name} IS NOT NULL GROUP BY {name} ORDER BY n DESC, {name}"
        return dict(self._rows(query))

    def disease_names(self) -> list[tuple[int, str, str | None]]:
        """(row, question, disease) of every definition, by row."""
        return [
            (row, question, disease)
            for row, question, disease in self._rows("SELECT row, question, disease FROM records WHERE kind = 'disease' ORDER BY row")
        ]

    def years(self) -> dict[int, int]:
        """How many records were published in each year, newest first."""
        query = "SELECT CAST(substr(published, 1, 4) AS INTEGER) AS year, count(*) FROM records WHERE published IS NOT NULL GROUP BY year ORDER BY year DESC"
        return dict(self._rows(query))


class _StoredMentions(Sequence[Mention]):
    """Mentions as they are stored, read when they are first looked at: most candidates of a question are never asked for theirs."""

    __slots__ = ("_read", "_stored")

    def __init__(self, stored: str) -> None:
        self._stored = stored
        self._read: tuple[Mention, ...] | None = None

    def _mentions(self) -> tuple[Mention, ...]:
        if self._read is None:
            self._read = tuple(Mention._make([*values[:-1], tuple(values[-1])]) for values in json.loads(self._stored))
        return self._read

    def __len__(self) -> int:
        return len(self._mentions())

    def __getitem__(self, place: Any) -> Any:  # a number or a slice, as of a tuple
        return self._mentions()[place]

    def __iter__(self) -> Iterator[Mention]:
        return iter(self._mentions())


def _record(values: Sequence[object]) -> DoctorAnswer:
    fields = dict(zip(FIELDS, values, strict=True))
    fields["published"] = date.fromisoformat(str(fields["published"])) if fields["published"] else None
    fields["truncated"] = bool(fields["truncated"])
    return DoctorAnswer(**fields)  # type: ignore[arg-type]
