"""What the address of the search page holds: the question and every filter. It is the page's whole state.

So a search can be shared, and the browser's back button takes the last choice back.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Protocol

from index.answers import Filters
from index.search import MAX_QUESTION, both_ends

#: The filters by their names in the address, with what people read.
DIMENSIONS: Mapping[str, str] = {"department": "科室", "tier": "医院等级", "title": "医生职称", "since": "发布时间"}

#: One character more than is searched, so that whoever asked more is told that the rest was left out.
LONGEST_QUESTION = MAX_QUESTION + 1
# An address is written by anybody: more than this is no choice of a filter.
_MOST_VALUES = 20
_LONGEST_VALUE = 500


class Parameters(Protocol):
    """What `st.query_params` and the like can do."""

    def get_all(self, key: str, /) -> list[str]:
        """Every value of a parameter, in order."""
        ...


@dataclass(frozen=True, slots=True)
class Address:
    """A question and its filters. Each filter is a tuple of values as the address has them; `since` has one year at most."""

    question: str = ""
    department: tuple[str, ...] = ()
    tier: tuple[str, ...] = ()
    title: tuple[str, ...] = ()
    since: tuple[str, ...] = ()

    @classmethod
    def read(cls, parameters: Parameters) -> Address:
        """From the address; what cannot be meant is left out, an unknown department is kept: it is said that it leaves nothing."""
        question = both_ends(next(iter(parameters.get_all("q")), ""), LONGEST_QUESTION)
        values = {name: _values(parameters.get_all(name)) for name in DIMENSIONS}
        values["since"] = tuple(year for year in values["since"] if _is_year(year))[:1]
        return cls(question, **values)

    def parameters(self) -> dict[str, str | list[str]]:
        """As the address is written; what is empty is left out."""
        filters: dict[str, str | list[str]] = {name: list(self.values(name)) for name in DIMENSIONS if self.values(name)}
        return ({"q": self.question} if self.question else {}) | filters

    def values(self, dimension: str) -> tuple[str, ...]:
        """The values chosen for a filter."""
        return {"department": self.department, "tier": self.tier, "title": self.title, "since": self.since}[dimension]

    def filters(self) -> Filters:
        """As the searcher takes them."""
        since = date(int(self.since[0]), 1, 1) if self.since else None
        return Filters(departments=self.department, hospital_tiers=self.tier, doctor_titles=self.title, since=since)

    def chosen(self) -> list[tuple[str, str]]:
        """(filter, value) of everything that is chosen."""
        return [(name, value) for name in DIMENSIONS for value in self.values(name)]

    def with_question(self, question: str) -> Address:
        """The same filters for another question."""
        return replace(self, question=both_ends(question, LONGEST_QUESTION))

    def toggled(self, dimension: str, value: str) -> Address:
        """With a value chosen, or without it if it was; another year takes the place of the year."""
        old = self.values(dimension)
        kept = tuple(other for other in old if other != value)
        if value in old:
            return self._with(dimension, kept)
        return self._with(dimension, (value,) if dimension == "since" else (*kept, value))

    def without(self, *dimensions: str) -> Address:
        """Without the choices of these filters; of all where none is named."""
        address = self
        for dimension in dimensions or DIMENSIONS:
            address = address._with(dimension, ())
        return address

    def _with(self, dimension: str, values: tuple[str, ...]) -> Address:
        return replace(self, **{dimension: values})  # type: ignore[arg-type]


def value_label(dimension: str, value: str) -> str:
    """What people read for a value: `2024年以来` for a year, else the value itself."""
    return f"{value}年以来" if dimension == "since" else value


def _values(raw: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in raw if value.strip() and len(value) <= _LONGEST_VALUE))[:_MOST_VALUES]


def _is_year(text: str) -> bool:
    return len(text) == 4 and text.isascii() and text.isdigit() and int(text) >= 1
