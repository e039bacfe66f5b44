"""Where doctors agree: the points that several of them make in their answers to a question.

Each point comes with its sentences, word for word, and with who wrote them. Nothing is summarised, and nothing is
counted twice: two answers of one doctor are one voice, and so are two copies of a sentence without a doctor.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from corpus.audience import Fit, fit
from corpus.clean import folded, search_key
from corpus.points import Mention, read_points
from corpus.record import DoctorAnswer
from corpus.synonyms import synonyms_of
from index.sources import Sources, sources_of

#: Points that are shown, and the sources that make one.
MOST_POINTS = 8
LEAST_SOURCES = 2


@dataclass(frozen=True, slots=True)
class Evidence:
    """A whole sentence of a record's answer, verbatim."""

    record: DoctorAnswer
    text: str


@dataclass(frozen=True, slots=True)
class AgreedPoint:
    """A point that several sources make.

    Attributes:
        point: its name (补钙, 不要热敷, 与受凉有关).
        sources: who makes it.
        sentences: one of each record that makes it, best record first.
    """

    point: str
    sources: Sources
    sentences: tuple[Evidence, ...]

    @property
    def note(self) -> str:
        """`3 位医生提到` and the like, to show beside the point."""
        return f"{self.sources.phrase()}提到"

    def to_dict(self) -> dict[str, Any]:
        """The contract of `scripts/search.py --json`."""
        return {
            "point": self.point,
            "doctors": list(self.sources.doctors),
            "answers": self.sources.answers,
            "examples": self.sources.examples,
            "sentences": [{"id": evidence.record.id, "text": evidence.text} for evidence in self.sentences],
        }


def find_agreement(
    question: str, records: Sequence[DoctorAnswer], audiences: Sequence[tuple[str, ...]], for_whom: tuple[str, ...] = ()
) -> tuple[AgreedPoint, ...]:
    """The points that at least two sources make, most supported first, at most `MOST_POINTS`.

    Args:
        question: as it is searched; a disease that it names is no cause worth telling.
        records: the relevant ones, best first; articles and definitions are no doctors' answers and are left out.
        audiences: whom each of them addresses. One that is not for the asker supports nothing: what is right for an adult may
            harm an infant.
        for_whom: the groups of the asker.
    """
    named = " ".join([search_key(question), *synonyms_of(question)])
    found: dict[str, list[Evidence]] = {}
    for record, audience in zip(records, audiences, strict=True):
        if record.kind != "answer" or fit(for_whom, audience) is not Fit.SAME:
            continue
        made: set[str] = set()
        for mention in read_points(record.answer):
            if mention.point not in made and _counts(mention, {*audience, *for_whom}, named):
                made.add(mention.point)
                found.setdefault(mention.point, []).append(Evidence(record, mention.sentence))
    points = [_agreed(point, evidence) for point, evidence in found.items()]
    return tuple(sorted((point for point in points if len(point.sources) >= LEAST_SOURCES), key=_support, reverse=True)[:MOST_POINTS])


def _agreed(point: str, evidence: Iterable[Evidence]) -> AgreedPoint:
    sentences = _distinct(evidence)
    return AgreedPoint(point, sources_of(piece.record for piece in sentences), sentences)


def _support(point: AgreedPoint) -> tuple[int, int, int]:
    """What points are ordered by: real answers first, doctors before the unnamed, examples last. Equals keep the order of the records."""
    doctors = len(point.sources.doctors)
    return doctors + point.sources.answers, doctors, point.sources.examples


def _counts(mention: Mention, groups: set[str], named: str) -> bool:
    """Whether a mention speaks to the asker, and of something that the question does not name itself."""
    told = mention.concept.section == "disease" and mention.concept.term in named
    return not told and groups.issuperset(mention.groups)


def _distinct(evidence: Iterable[Evidence]) -> tuple[Evidence, ...]:
    """The evidence without copies: of equal sentences that no doctor's name stands behind, the first."""
    kept: dict[tuple[str, str], Evidence] = {}
    for piece in evidence:
        unnamed = piece.record.is_example or not piece.record.doctor
        kept.setdefault(("text", folded(piece.text)) if unnamed else ("id", piece.record.id), piece)
    return tuple(kept.values())
