"""Why a record was found: the words that matched, the synonyms that stood in for others, and what each arm gave."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from corpus.clean import folded
from corpus.record import DoctorAnswer
from corpus.segment import content_words, find_words, words_among
from corpus.synonyms import synonym_pairs


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why one record was found.

    Attributes:
        matched: words of the question that the record has.
        synonyms: (word of the question, the record's word for the same), where the record does not have the question's own.
        question_similarity: cosine with the record's own question; None where it has none.
        passage_similarity: cosine with the best passage of its answer.
        dense: both joined.
        bm25: score of the words and, for less, of the synonyms.
        dense_share, bm25_share: what part of the fused score comes from the vectors and from the words; together 1, or both 0.
        dense_rank, bm25_rank: place among what that arm found, from 1; None where it did not find the record.
        moved_up: by how many places among all candidates a second look (`index.late_interaction`) put it further up; less than 0 for
            further down. Grouping, and whom a record is for, may move it afterwards.
    """

    matched: tuple[str, ...]
    synonyms: tuple[tuple[str, str], ...]
    question_similarity: float | None
    passage_similarity: float
    dense: float
    bm25: float
    dense_share: float
    bm25_share: float
    dense_rank: int | None
    bm25_rank: int | None
    moved_up: int = 0

    def to_dict(self) -> dict[str, Any]:
        """The contract of `scripts/search.py --json`."""
        return {
            "matched": list(self.matched),
            "synonyms": [{"asked": asked, "found": found} for asked, found in self.synonyms],
            "question_similarity": None if self.question_similarity is None else round(self.question_similarity, 6),
            "passage_similarity": round(self.passage_similarity, 6),
            "dense": round(self.dense, 6),
            "bm25": round(self.bm25, 6),
            "dense_share": round(self.dense_share, 6),
            "bm25_share": round(self.bm25_share, 6),
            "dense_rank": self.dense_rank,
            "bm25_rank": self.bm25_rank,
            "moved_up": self.moved_up,
        }


@dataclass(frozen=True, slots=True)
class ArmScores:
    """What each arm gave to every candidate of a question; arrays [candidates].

    Attributes:
        question_similarity, passage_similarity, dense, bm25: as in `Explanation`; -inf where a record has no question.
        dense_part, bm25_part: what each adds to the fused score.
        dense_rank, bm25_rank: place among what that arm found, from 1; 0 where it did not find the candidate.
        moved_up: as in `Explanation`.
    """

    question_similarity: np.ndarray
    passage_similarity: np.ndarray
    dense: np.ndarray
    bm25: np.ndarray
    dense_part: np.ndarray
    bm25_part: np.ndarray
    dense_rank: np.ndarray
    bm25_rank: np.ndarray
    moved_up: np.ndarray

    @staticmethod
    def of(
        *,
        question_similarity: np.ndarray,
        passage_similarity: np.ndarray,
        dense: np.ndarray,
        bm25: np.ndarray,
        parts: tuple[np.ndarray, np.ndarray],
        found: tuple[np.ndarray, np.ndarray],
        looks: tuple[np.ndarray, np.ndarray],
    ) -> ArmScores:
        """From the scores, what each arm adds (`fuse.fuse_parts`), which candidates each arm found (bool), and the scores at both looks."""
        ranks = ranks_of(dense, found[0]), ranks_of(bm25, found[1])
        everything = np.ones(len(dense), dtype=bool)
        moved_up = ranks_of(looks[0], everything) - ranks_of(looks[1], everything)
        return ArmScores(question_similarity, passage_similarity, dense, bm25, *parts, *ranks, moved_up)


def ranks_of(scores: np.ndarray, found: np.ndarray) -> np.ndarray:
    """The places, from 1, by descending score of those that were found, ties in their order; 0 for the others. int64."""
    places = np.flatnonzero(found)
    ranks = np.zeros(len(scores), dtype=np.int64)
    ranks[places[np.argsort(-scores[places], kind="stable")]] = np.arange(1, len(places) + 1)
    return ranks


class Explainer:
    """Explains the candidates of one question."""

    def __init__(self, question: str, scores: ArmScores, further: tuple[tuple[str, str], ...] = ()) -> None:
        """For a question as it is searched; `further` are pairs beside those of the synonyms (what its values mean)."""
        self._words = list(dict.fromkeys(content_words(question)))
        self._scores = scores
        self._pairs = (*further, *synonym_pairs(question))

    def explain(self, place: int, record: DoctorAnswer) -> Explanation:
        """Why the candidate at this place, which is this record, was found."""
        scores = self._scores
        own = float(scores.question_similarity[place])
        parts = float(scores.dense_part[place]), float(scores.bm25_part[place])
        total = sum(parts)
        dense_share, bm25_share = (part / total if total > 0 else 0.0 for part in parts)
        return Explanation(
            matched=matched_words(self._words, record),
            synonyms=fired_synonyms(self._pairs, record),
            question_similarity=own if np.isfinite(own) else None,
            passage_similarity=float(scores.passage_similarity[place]),
            dense=float(scores.dense[place]),
            bm25=float(scores.bm25[place]),
            dense_share=dense_share,
            bm25_share=bm25_share,
            dense_rank=int(scores.dense_rank[place]) or None,
            bm25_rank=int(scores.bm25_rank[place]) or None,
            moved_up=int(scores.moved_up[place]),
        )


def fired_synonyms(pairs: tuple[tuple[str, str], ...], record: DoctorAnswer) -> tuple[tuple[str, str], ...]:
    """The (word of the question, other word) pairs of which the record has the other word and not the question's own."""
    there = folded(f"{record.question}\n{record.answer}")
    return tuple((asked, other) for asked, other in pairs if other in there and asked not in there)


def matched_words(asked: Sequence[str], record: DoctorAnswer) -> tuple[str, ...]:
    """Which of the question's content words (`corpus.segment.content_words`) the record has as words too, in the question's order.

    A part of a longer word that matched as well (抽筋 of 小腿抽筋) is left out.
    """
    there = words_among(record.question, asked) | words_among(record.answer, asked)
    found = list(dict.fromkeys(word for word in asked if word in there))
    return tuple(word for word in found if not any(word != other and word in other for other in found))


def mark(text: str, wanted: tuple[str, ...]) -> list[tuple[str, bool]]:
    """A text in pieces, each with whether it is one of the wanted words. Joined they are the text.

    Only whole words are marked, as the search sees them: 头 in 头孢 is none.
    """
    hits = sorted((span.start, span.end) for span in find_words(text, frozenset(wanted)))
    pieces: list[tuple[str, bool]] = []
    at = 0
    for start, end in hits:
        if end <= at:
            continue
        if start > at:
            pieces.append((text[at:start], False))
        pieces.append((text[max(start, at) : end], True))
        at = end
    if at < len(text):
        pieces.append((text[at:], False))
    return pieces
