"""Facets of a list of records: how many have each department, tier, title and year."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from corpus.record import DoctorAnswer


@dataclass(frozen=True, slots=True)
class Facets:
    """What the records of a list have, each value with the number of records that choosing it would leave.

    Attributes:
        total: how many records there are.
        departments, hospital_tiers, doctor_titles: most first, equals by name. A record with two titles counts for both, as
            `Filters.doctor_titles` lets it pass for both.
        since: year -> how many were published in it or later, newest first; as `Filters.since` lets them pass.
    """

    total: int
    departments: dict[str, int]
    hospital_tiers: dict[str, int]
    doctor_titles: dict[str, int]
    since: dict[int, int]


def count_facets(records: Iterable[DoctorAnswer]) -> Facets:
    """The facets of these records; what a record does not say counts nowhere."""
    listed = list(records)
    years = Counter(record.published.year for record in listed if record.published)
    since: dict[int, int] = {}
    for year in sorted(years, reverse=True):
        since[year] = years[year] + sum(years[later] for later in since)
    return Facets(
        total=len(listed),
        departments=_most_first(record.department for record in listed),
        hospital_tiers=_most_first(record.hospital_tier for record in listed),
        doctor_titles=_most_first(title for record in listed for title in set((record.doctor_title or "").split(" "))),
        since=since,
    )


def _most_first(values: Iterable[str | None]) -> dict[str, int]:
    counts = Counter(value for value in values if value)
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))
