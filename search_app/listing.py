"""What the search page shows for an address: the cards, the counts beside the filters, what else to ask."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from corpus.clean import folded
from corpus.record import DoctorAnswer
from index.answering import answering_rows
from index.definitions import Definitions
from index.facets import Facets, count_facets
from index.results import Result, Results
from index.search import Arm, Searcher, prepare_question
from search_app.address import DIMENSIONS, Address

#: Results by which it is told whether a question is answered, and cards of the first page.
FIRST = 10
#: Cards that each 更多 adds, and after which one is better off with another question.
PAGE = 10
MOST = 60
#: Further results that are read for related questions, and how many of those are offered.
FURTHER = 20
RELATED = 6
#: Below this probability a near record is mostly about something else: what was nearest by chance (有自杀的念头怎么办) stood among related questions.
LEAST_RELATED = 0.05


@dataclass(frozen=True, slots=True)
class Listing:
    """What a question and its filters found.

    Attributes:
        found: what the searcher says.
        cards: the results to show, best first, with their ranks among all that was found; empty where nothing answers. They tell
            records that answer and no others, under another one too.
        total: how many records all cards tell, those that are not shown yet included.
        without_filters: where the filters leave nothing, the `total` there would be without any; else `total`.
        to_drop: where the filters leave nothing, those (of `DIMENSIONS`) without which there is something, with the `total` there
            would be, most first; else empty.
        more: whether there are cards after these.
        facets: for each filter, the facets of the records that answer and pass the other filters; so that the count beside an
            option is `total` after choosing only it there.
        related: questions of the corpus near this one that no card shows; where nothing answers, the nearest ones.
        definition: the corpus's record of the disease that the question is about.
        department: where nothing answers, the department that half of the nearest records or more belong to; None where they scatter.
    """

    found: Results
    cards: tuple[Result, ...]
    total: int
    without_filters: int
    to_drop: tuple[tuple[str, int], ...]
    more: bool
    facets: dict[str, Facets]
    related: tuple[str, ...]
    definition: DoctorAnswer | None
    department: str | None


def list_answers(searcher: Searcher, definitions: Definitions, address: Address, shown: int = FIRST, *, arm: Arm = Arm.RERANKED) -> Listing:
    """Search an address and count.

    Args:
        searcher: the generation to ask.
        definitions: its definitions of diseases.
        address: the question and the filters.
        shown: how many cards are wanted.
        arm: whose scores rank; what is counted is the same for each.

    Raises:
        QuestionError: nothing in the question can be searched.
    """
    shown = min(max(shown, FIRST), MOST)
    found, rows, records, cards = _listed(searcher, address, shown + FURTHER, arm)
    own = count_facets(records)
    nothing_left = bool(address.chosen()) and not cards
    near = found.results[: shown + FURTHER]
    # Where nothing answers, the page says so, and that these are only the nearest.
    related = [result.record for result in near if not cards or result.probability is None or result.probability >= LEAST_RELATED]
    return Listing(
        found=found,
        cards=tuple(cards[:shown]),
        total=own.total,
        without_filters=_total(searcher, address.without()) if nothing_left else own.total,
        to_drop=_to_drop(searcher, address) if nothing_left else (),
        more=len(cards) > shown and shown < MOST,
        facets=_facets(searcher, found.searched, address, own),
        related=_related(found, related, _told(cards[:shown])),
        definition=definitions.find(found.searched, rows) if cards else None,
        department=None if cards else common_department([result.record for result in near[:FIRST]]),
    )


def _listed(
    searcher: Searcher, address: Address, top: int, arm: Arm = Arm.RERANKED
) -> tuple[Results, list[int], list[DoctorAnswer], list[Result]]:
    """What an address finds (`top` results or more), the rows of the records that its list tells, these, and all cards that tell them.

    Every count is made of these records. Whether a record answers is told from itself alone, not from what it is told with: only so
    is a count beside an option what is left after choosing it.
    """
    filters = address.filters()
    rows = answering_rows(searcher, prepare_question(address.question).text, filters)
    # Some that answer rank low, being written for somebody else. They are counted, so they are shown.
    found = searcher.search(address.question, top=top, filters=filters, arm=arm, also=frozenset(rows))
    records = searcher.store.get(rows)
    answering = {record.id for record in records}
    # A long ranking is no better answered: with filters the few that are left are the choice of whoever asked.
    answered = any(result.record.id in answering for result in (found.results if address.chosen() else found.results[:FIRST]))
    if not answered:
        return found, [], [], []
    return found, rows, records, [result for result in found.results if result.record.id in answering]


def _total(searcher: Searcher, address: Address) -> int:
    """`Listing.total` of an address, without the rest."""
    return len(_listed(searcher, address, FIRST)[1])


def _to_drop(searcher: Searcher, address: Address) -> tuple[tuple[str, int], ...]:
    gains = [(dimension, _total(searcher, address.without(dimension))) for dimension in DIMENSIONS if address.values(dimension)]
    return tuple(sorted((gain for gain in gains if gain[1]), key=lambda gain: -gain[1]))


def common_department(near: list[DoctorAnswer]) -> str | None:
    """The department that half of these records or more belong to; None where there is none."""
    departments = count_facets(near).departments
    first = next(iter(departments), None)
    return first if first and 2 * departments[first] >= len(near) else None


def _told(cards: Iterable[Result]) -> list[DoctorAnswer]:
    """Every record that these cards tell, the ones under another too."""
    return [record for card in cards for record in (card.record, *card.similar)]


def _facets(searcher: Searcher, prepared: str, address: Address, own: Facets) -> dict[str, Facets]:
    by_dimension = dict.fromkeys(DIMENSIONS, own)
    for dimension in DIMENSIONS:
        if address.values(dimension):
            others = answering_rows(searcher, prepared, address.without(dimension).filters())
            by_dimension[dimension] = count_facets(searcher.store.get(others))
    return by_dimension


def _related(found: Results, near: Iterable[DoctorAnswer], told: Iterable[DoctorAnswer]) -> tuple[str, ...]:
    """Questions of the near records that differ from what is asked and told already."""
    seen = {folded(found.question), folded(found.searched), *(folded(record.question) for record in told)}
    questions: dict[str, str] = {}
    for record in near:
        key = folded(record.question)
        if record.kind != "disease" and key and key not in seen:
            questions.setdefault(key, record.question)
    return tuple(questions.values())[:RELATED]
