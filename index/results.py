"""`Results`: the plain frozen value that the page, the command line and the tests all read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from corpus.record import DoctorAnswer
from corpus.red_flags import RedFlag
from corpus.spelling import Change
from corpus.values import Value
from index.agreement import AgreedPoint
from index.explain import Explanation
from index.relevance import label


@dataclass(frozen=True, slots=True)
class Result:
    """One ranked record.

    Attributes:
        rank: from 1.
        score: fused score in [0, 1]; comparable within one question only.
        passage: the whole sentences of the answer that come nearest to the question.
        passage_start, passage_end: where they stand in the answer, in characters.
        matched: words of the question that the record has.
        dense, lexical: what each arm gave (joined cosine; BM25).
        audience: the groups whom the record is written for.
        audience_note: a sentence (Chinese) to show where those are not the asker's; empty where they are.
        similar: the records that say the same (`index.group`) and are told under this one, best first.
        similar_note: who gives these answers, in Chinese (`3 位医生给出相近回答`); empty where there is only one.
        explanation: why the record was found.
        probability: how likely it answers the question (`index.relevance`); None for an encoder that nothing was fitted for.
    """

    rank: int
    score: float
    record: DoctorAnswer
    passage: str
    passage_start: int
    passage_end: int
    matched: tuple[str, ...]
    dense: float
    lexical: float
    audience: tuple[str, ...] = ()
    audience_note: str = ""
    similar: tuple[DoctorAnswer, ...] = ()
    similar_note: str = ""
    explanation: Explanation | None = None
    probability: float | None = None

    @property
    def relevance(self) -> str:
        """`高`, `中` or `低`; empty where no probability is known."""
        return "" if self.probability is None else label(self.probability).value

    def to_dict(self) -> dict[str, Any]:
        """The contract of `scripts/search.py --json`."""
        record = self.record.to_dict()
        keys = ("id", "kind", "question", "answer", "doctor", "doctor_title", "hospital", "hospital_tier")
        fields = {key: record[key] for key in (*keys, "department", "published", "url", "source", "truncated", "notice")}
        return {
            "rank": self.rank,
            "score": round(self.score, 6),
            "relevance": self.relevance,
            "probability": None if self.probability is None else round(self.probability, 4),
            "passage": self.passage,
            "audience": list(self.audience),
            "audience_note": self.audience_note,
            "similar": [record.id for record in self.similar],
            "similar_note": self.similar_note,
            "explanation": self.explanation.to_dict() if self.explanation else None,
            **fields,
        }


@dataclass(frozen=True, slots=True)
class Results:
    """What a question found.

    Attributes:
        question: as it was asked.
        searched: as it was searched (cleaned, cut to `MAX_QUESTION`, put right).
        generation: the name of the generation that was asked; empty where there was none.
        results: best first.
        shortened: the question was longer than what is searched.
        red_flags: the emergencies that the question names, most urgent first; to be shown above everything.
        for_whom: the groups of the person whom the question is about.
        corrections: the words that were put right before the search.
        values: the values in the question that were searched by what they mean, too.
        agreement: the points that several doctors make in the answers that are relevant, most supported first.
        answered: one of the results is likely to answer the question; where none is, they are the nearest there is and no answers.
        off_topic: nothing answers, and what is asked is hardly about health: the nearest records have nothing to do with it.
        only_near: none of the best results is more than `低`: two fifths of those that come first answer. False where no probability is known.
    """

    question: str
    searched: str
    generation: str
    results: tuple[Result, ...]
    shortened: bool = False
    red_flags: tuple[RedFlag, ...] = ()
    for_whom: tuple[str, ...] = ()
    corrections: tuple[Change, ...] = ()
    values: tuple[Value, ...] = ()
    agreement: tuple[AgreedPoint, ...] = ()
    answered: bool = True
    off_topic: bool = False
    only_near: bool = False

    def to_dict(self) -> dict[str, Any]:
        """The contract of `scripts/search.py --json`."""
        return {
            "question": self.question,
            "generation": self.generation or None,
            "answered": self.answered,
            "only_near": self.only_near,
            "searched": self.searched,
            "shortened": self.shortened,
            "off_topic": self.off_topic,
            "red_flags": [flag.to_dict() for flag in self.red_flags],
            "for_whom": list(self.for_whom),
            "corrections": [change.to_dict() for change in self.corrections],
            "values": [value.to_dict() for value in self.values],
            "agreement": [point.to_dict() for point in self.agreement],
            "results": [result.to_dict() for result in self.results],
        }
