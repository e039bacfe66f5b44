"""How fast an encoder runs beside the plain way, and what that does to the ranking.

The plain way is what everybody writes: `SentenceTransformer.encode` in float32. Both ways are timed in turn in one process, in an
order that is shuffled each round, so that what else the machine does falls on both alike; a figure is a median over rounds.
"""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from index.benchmark import Benchmark
from index.encoder import TextEncoder
from index.evaluation import Ranking, measure

#: Answers of a question that two ways must agree on.
TOP = 10


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds that one piece of work took, round by round."""

    seconds: tuple[float, ...]

    @property
    def median(self) -> float:
        """The middle round."""
        return statistics.median(self.seconds)

    @property
    def spread(self) -> float:
        """Half the distance between the quartiles, as a share of the median."""
        if len(self.seconds) < 2:
            return 0.0
        low, _, high = statistics.quantiles(self.seconds, n=4, method="inclusive")
        return (high - low) / 2 / self.median


def time_side_by_side(
    ways: Mapping[str, Callable[[], object]], rounds: int, seed: int = 0, clock: Callable[[], float] = time.perf_counter
) -> dict[str, Timing]:
    """Each way once unmeasured, then `rounds` times each, in shuffled order."""
    order = random.Random(seed)  # noqa: S311 - an order, not a secret
    for work in ways.values():
        work()
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name in order.sample(list(ways), len(ways)):
            start = clock()
            ways[name]()
            seconds[name].append(clock() - start)
    return {name: Timing(tuple(took)) for name, took in seconds.items()}


def one_by_one(encode: Callable[[Sequence[str]], object], questions: Sequence[str]) -> Callable[[], None]:
    """Work that encodes questions as they come in: one at a time."""

    def work() -> None:
        for question in questions:
            encode([question])

    return work


@dataclass(frozen=True, slots=True)
class Agreement:
    """Two ways to run one encoder, judged by what they rank first.

    Attributes:
        top10: mean share of the exact way's first ten answers that the other way's first ten hold, in [0, 1].
        ndcg10: of the exact way and of the other, percent.
    """

    top10: float
    ndcg10: tuple[float, float]


def agreement(exact: TextEncoder, other: TextEncoder, benchmark: Benchmark, most_documents: int = 0) -> Agreement:
    """Rank a benchmark's documents for its questions both ways, by cosine alone.

    Args:
        exact: the way that is believed.
        other: the way that is judged.
        benchmark: documents and questions.
        most_documents: take no more: all that answer a question, and of the others every n-th; 0 for all.
    """
    texts = {record.id: record.answer for record in benchmark.records()}
    right = {document for grades in benchmark.qrels.values() for document in grades}
    others = [document for document in texts if document not in right]
    room = max(most_documents - len(right), 0) if most_documents else len(others)
    step = max(-(-len(others) // max(room, 1)), 1)
    documents = [document for document in texts if document in right] + others[::step]
    rankings = [_rank(encoder, {document: texts[document] for document in documents}, benchmark.questions) for encoder in (exact, other)]
    shared = [len(set(one) & set(two)) / len(one) for one, two in zip(rankings[0].values(), rankings[1].values(), strict=True)]
    exact_ndcg, other_ndcg = (measure(benchmark.name, "vectors", ranking, benchmark.qrels).figures["ndcg10"] for ranking in rankings)
    return Agreement(float(np.mean(shared)), (exact_ndcg, other_ndcg))


def _rank(encoder: TextEncoder, documents: Mapping[str, str], questions: Mapping[str, str]) -> Ranking:
    names = list(documents)
    similarity = encoder.encode_questions(list(questions.values())) @ encoder.encode_passages(list(documents.values())).T
    top = np.argsort(-similarity, axis=1, kind="stable")[:, :TOP]
    return {question: [names[place] for place in row] for question, row in zip(questions, top, strict=True)}
