"""Questions with what readers judged of the records that a search found for them: `tests/data/judgments.jsonl`."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

#: From this grade a record answers its question: 3 all of it, 2 most of it, 1 is related, 0 about something else or for somebody else.
ANSWERS = 2


@dataclass(frozen=True)
class JudgedQuestion:
    """A question and the judged records; what was not judged may answer as well.

    Attributes:
        text: as it is typed.
        grades: record id -> 0 to 3.
    """

    text: str
    grades: dict[str, int]

    @property
    def is_answered(self) -> bool:
        """Whether any judged record answers."""
        return max(self.grades.values(), default=0) >= ANSWERS


def read_judgments(path: Path) -> list[JudgedQuestion]:
    """The judged questions of a file, in its order."""
    rows = map(json.loads, path.read_text(encoding="utf-8").splitlines())
    return [JudgedQuestion(row["question"], row["grades"]) for row in rows]
