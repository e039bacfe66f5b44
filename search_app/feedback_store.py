"""What readers say of answers, 有用 or 没用, kept in SQLite on this machine; off unless whoever runs the page turns it on.

Nothing personal is kept: no address, no visit, no time finer than the day; what tells who a person is is masked in what they
typed (`corpus.privacy`). Every call opens the file anew, so that several processes may write and the file may be moved away.
"""

from __future__ import annotations

import contextlib
import secrets
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from corpus.clean import clean_line
from corpus.paths import DATA
from corpus.privacy import mask
from index.search import MAX_QUESTION
from search_app.settings import is_off, is_on, setting_of

SETTING = "DOCTOR_ANSWERS_FEEDBACK"
FILE = "feedback.sqlite"
#: Characters of the optional word.
LONGEST_WORD = 50
#: Rows kept at most: a page that is open to strangers must not fill the disk.
MOST_ROWS = 200_000

_SECONDS_TO_WAIT = 5
_INSERT = "INSERT INTO judgements (day, question, generation, record, rank, position, useful, word) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
_SELECT = "SELECT question, generation, record, rank, position, useful, word FROM judgements ORDER BY id"


class FeedbackError(Exception):
    """Feedback cannot be kept or read; the message (Chinese) says why."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a reader says of one answer to one question.

    Attributes:
        question: as it was asked.
        generation: the generation that answered.
        record: the id of the record.
        rank: its place among the results of the search, from 1, under the filters that the reader had chosen; the results that the
            page leaves out, because they do not answer, count.
        position: its place on the page, from 1.
        useful: 有用 or 没用.
        word: what they add; mostly empty.
    """

    question: str
    generation: str
    record: str
    rank: int
    position: int
    useful: bool
    word: str = ""


def feedback_path() -> Path | None:
    """Where feedback is kept, or None where it is off: `DOCTOR_ANSWERS_FEEDBACK` is `on`, or the path of a file."""
    setting = setting_of(SETTING, "off")
    if is_off(setting):
        return None
    return DATA / FILE if is_on(setting) else Path(setting)


class FeedbackStore:
    """The judgements in one file, which is made by the first of them."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __len__(self) -> int:
        """How many judgements are kept.

        Raises:
            FeedbackError: the file cannot be read.
        """
        if not self.path.exists():
            return 0
        with self._open() as connection:
            return int(connection.execute("SELECT count(*) FROM judgements").fetchone()[0])

    def save(self, judgement: Judgement, *, replacing: int | None = None) -> int:
        """Keep a judgement, in the place of the one that the same reader gave before; returns its number.

        Raises:
            FeedbackError: it cannot be written, or there are too many.
        """
        # Masked before it is cut: what the cut leaves of a number has no shape that would be masked.
        values = (
            mask(clean_line(judgement.question)).text[:MAX_QUESTION],
            judgement.generation,
            judgement.record,
            judgement.rank,
            judgement.position,
            int(judgement.useful),
            mask(clean_line(judgement.word)).text[:LONGEST_WORD],
        )
        with self._open() as connection:
            if replacing is not None:
                connection.execute("DELETE FROM judgements WHERE id = ?", (replacing,))
            elif connection.execute("SELECT count(*) FROM judgements").fetchone()[0] >= MOST_ROWS:
                raise FeedbackError("意见已经存满，没有记下这一条")
            return int(connection.execute(_INSERT, (date.today().isoformat(), *values)).lastrowid or 0)

    def withdraw(self, number: int) -> None:
        """Forget a judgement.

        Raises:
            FeedbackError: it cannot be written.
        """
        with self._open() as connection:
            connection.execute("DELETE FROM judgements WHERE id = ?", (number,))

    def read(self) -> list[Judgement]:
        """Every judgement, oldest first.

        Raises:
            FeedbackError: there is no such file, or it cannot be read.
        """
        if not self.path.exists():
            raise FeedbackError(f"没有这个文件：{self.path}")
        with self._open() as connection:
            rows = connection.execute(_SELECT).fetchall()
        return [
            Judgement(question, generation, record, rank, position, useful=bool(useful), word=word)
            for question, generation, record, rank, position, useful, word in rows
        ]

    @contextlib.contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        """A connection whose changes are kept if the block ends well."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self.path.touch(mode=0o600)
            with contextlib.closing(sqlite3.connect(self.path, timeout=_SECONDS_TO_WAIT)) as connection:
                connection.execute("PRAGMA secure_delete = ON")  # what is withdrawn is gone
                connection.execute(
                    "CREATE TABLE IF NOT EXISTS judgements (id INTEGER PRIMARY KEY AUTOINCREMENT, day TEXT NOT NULL, question TEXT NOT NULL,"
                    " generation TEXT NOT NULL, record TEXT NOT NULL, rank INTEGER NOT NULL, position INTEGER NOT NULL,"
                    " useful INTEGER NOT NULL, word TEXT NOT NULL)"
                )
                # Numbers begin anywhere: after the file was moved away, a reader's old number must not be another's new one.
                if not connection.execute("SELECT 1 FROM sqlite_sequence WHERE name = 'judgements'").fetchone():
                    with connection:  # asks once more: another may have come first
                        connection.execute(
                            "INSERT INTO sqlite_sequence (name, seq) SELECT 'judgements', ? WHERE NOT EXISTS"
                            " (SELECT 1 FROM sqlite_sequence WHERE name = 'judgements')",
                            (secrets.randbits(52),),
                        )
                with connection:
                    yield connection
        except (OSError, sqlite3.Error) as error:
            raise FeedbackError(f"意见存不进 {self.path}，或读不出来：{error}") from error
