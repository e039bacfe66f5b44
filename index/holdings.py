"""What an index holds: counts by SQL, the newest and the longest answers, and a plain text filter over the questions."""

from __future__ import annotations

from dataclasses import dataclass

from corpus.clean import clean_line
from corpus.record import STARTER_SOURCE, DoctorAnswer
from index.answers import AnswerStore

#: Words of a text filter that are looked for; more would only make a slow query of a pasted story.
MOST_WORDS = 8
_OPTIONAL = ("department", "hospital_tier", "doctor_title", "doctor", "published", "url")


@dataclass(frozen=True, slots=True)
class Overview:
    """The counts of an index.

    Attributes:
        records: how many there are; the starter corpus' are `examples`.
        doctors: distinct pairs of name and hospital; example doctors are not counted.
        hospitals: distinct names; example hospitals are not counted.
        truncated: answers that the source cut off.
        unquestioned: records without a question.
        mean_length, longest: characters of an answer.
        without: how many records lack each optional field.
        facets: how many records have each value of department, hospital_tier, doctor_title, source, kind; most first.
        years: how many were published in each year, newest first.
    """

    records: int
    examples: int
    doctors: int
    hospitals: int
    truncated: int
    unquestioned: int
    mean_length: float
    longest: int
    without: dict[str, int]
    facets: dict[str, dict[str, int]]
    years: dict[int, int]


class Holdings(AnswerStore):
    """An `AnswerStore` that also tells what it holds. Every count is one pass of SQLite over the table, or over an index of it."""

    def overview(self) -> Overview:
        """All counts. Fractions of a second up to some hundred thousand records, so keep what it gives."""
        nulls = ", ".join(f"sum({name} IS NULL)" for name in _OPTIONAL)
        query = (
            "SELECT sum(source = ?), count(DISTINCT CASE WHEN source != ? AND doctor IS NOT NULL THEN doctor || char(31) || ifnull(hospital, '') END),"
            " count(DISTINCT CASE WHEN source != ? THEN hospital END), sum(truncated), sum(question = ''), avg(length(answer)), max(length(answer)), "
            f"{nulls} FROM records"
        )
        examples, doctors, hospitals, truncated, unquestioned, mean, longest, *missing = self._rows(query, (STARTER_SOURCE,) * 3)[0]
        return Overview(
            records=len(self),
            examples=int(examples or 0),
            doctors=int(doctors),
            hospitals=int(hospitals),
            truncated=int(truncated or 0),
            unquestioned=int(unquestioned or 0),
            mean_length=float(mean or 0.0),
            longest=int(longest or 0),
            without={name: int(count or 0) for name, count in zip(_OPTIONAL, missing, strict=True)},
            facets={name: self.facet(name) for name in ("department", "hospital_tier", "doctor_title", "source", "kind")},
            years=self.years(),
        )

    def newest(self, limit: int) -> list[DoctorAnswer]:
        """The records with the latest dates; those without one are left out."""
        return self._records("WHERE published IS NOT NULL ORDER BY published DESC, row", (), limit)

    def longest(self, limit: int) -> list[DoctorAnswer]:
        """The records with the longest answers."""
        return self._records("ORDER BY length(answer) DESC, row", (), limit)

    def matching(self, text: str, limit: int, offset: int = 0) -> tuple[int, list[DoctorAnswer]]:
        """How many records have every word of a text in their question, and some of those, in the order of the corpus.

        The text is cleaned as questions are, and cut at white space; upper and lower case of Latin letters are the same.
        An empty text matches every record.
        """
        words = clean_line(text).split()[:MOST_WORDS]
        clause = " AND ".join("instr(lower(question), lower(?))" for _ in words) or "TRUE"
        count = int(self._rows(f"SELECT count(*) FROM records WHERE {clause}", words)[0][0])
        return count, self._records(f"WHERE {clause} ORDER BY row", words, limit, offset)

    def _records(self, rest: str, values: tuple | list, limit: int, offset: int = 0) -> list[DoctorAnswer]:
        return self.get([row for (row,) in self._rows(f"SELECT row FROM records {rest} LIMIT ? OFFSET ?", (*values, limit, offset))])
