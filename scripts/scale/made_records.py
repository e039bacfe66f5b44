"""Records without end, made of the sentences of real ones, with values to filter by of known shares."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence

from corpus.record import DoctorAnswer
from corpus.segment import sentences
from index.units import units_of

#: Departments, and the share of the records that each has; the rest has another.
SHARES = {"一成科": 0.1, "一分科": 0.01, "一厘科": 0.001}
_TITLES = ("主任医师", "副主任医师", "主治医师", "住院医师")
_CLAUSE = re.compile(r"[^，。？！,?!；;]+")


def made_records(real: Sequence[DoctorAnswer], units: int, seed: int = 20) -> Iterator[DoctorAnswer]:
    """As many records as give that many units. An answer has as many sentences as a real one, of three real ones."""
    chance = random.Random(seed)  # noqa: S311
    answers = [[span.text for span in sentences(record.answer)] for record in real]
    answers = [spans for spans in answers if spans]
    clauses = [found for record in real if (found := _CLAUSE.findall(record.question))]
    made = number = 0
    while made < units:
        length = len(chance.choice(answers))
        sources = [chance.choice(answers) for _ in range(3)]
        record = DoctorAnswer(
            id=f"made-{number}",
            question="，".join(chance.choice(chance.choice(clauses)) for _ in range(chance.choice((1, 2, 2, 3)))),
            answer="".join(chance.choice(chance.choice(sources)) for _ in range(length)),
            department=_department(chance.random()),
            doctor_title=chance.choice(_TITLES),
            source="made",
        )
        yield record
        number += 1
        made += sum(1 for _ in units_of(record))


def _department(draw: float) -> str:
    for name, share in SHARES.items():
        if draw < share:
            return name
        draw -= share
    return "其他科"
