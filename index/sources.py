"""Who says something: doctors, told apart by name and hospital; answers without a doctor; example answers.

A count that is shown must not promise more than there is. Two records of one doctor are one doctor, an answer whose doctor
is unknown is an answer and no doctor, and example content is never counted as either.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from corpus.clean import folded
from corpus.record import DoctorAnswer

_UNIT = {"answer": "条{}回答", "article": "篇{}文章", "disease": "条{}疾病介绍"}


@dataclass(frozen=True, slots=True)
class Sources:
    """Who stands behind a group of records.

    Attributes:
        doctors: the names of the distinct doctors, in the order of the records; the hospital is added where a name repeats.
        answers: how many records name no doctor.
        examples: how many records are example content.
        kind: what kind of record they are (`DoctorAnswer.kind`).
    """

    doctors: tuple[str, ...] = ()
    answers: int = 0
    examples: int = 0
    kind: str = "answer"

    def __len__(self) -> int:
        """How many distinct sources there are."""
        return len(self.doctors) + self.answers + self.examples

    def phrase(self) -> str:
        """`3 位医生、1 条回答`; empty where there is no source."""
        unit = _UNIT[self.kind]
        parts = [f"{len(self.doctors)} 位医生"] if self.doctors else []
        parts += [f"{self.answers} {unit.format('')}"] if self.answers else []
        parts += [f"{self.examples} {unit.format('示例')}"] if self.examples else []
        return "、".join(parts)


def sources_of(records: Iterable[DoctorAnswer]) -> Sources:
    """The sources of some records, all of one kind; each record is counted once."""
    distinct = {record.id: record for record in records}
    doctors: dict[tuple[str, str], DoctorAnswer] = {}
    answers = examples = 0
    for record in distinct.values():
        if record.is_example:
            examples += 1
        elif not record.doctor:
            answers += 1
        else:
            doctors.setdefault((folded(record.doctor), folded(record.hospital or "")), record)
    kind = next((record.kind for record in distinct.values()), "answer")
    return Sources(_names(doctors), answers, examples, kind)


def _names(doctors: dict[tuple[str, str], DoctorAnswer]) -> tuple[str, ...]:
    """Names of distinct doctors. One without a hospital may be any of the same name, and is not counted beside one."""
    with_hospital = {name for name, hospital in doctors if hospital}
    known = {key: record for key, record in doctors.items() if key[1] or key[0] not in with_hospital}
    names = [name for name, _ in known]
    return tuple(
        f"{record.doctor}（{record.hospital}）" if names.count(name) > 1 else str(record.doctor) for (name, _), record in known.items()
    )
