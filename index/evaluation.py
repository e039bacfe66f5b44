"""How well the search ranks, measured through the search itself: its cleaning, segmentation, units, arms and fusion.

Measures come from ir-measures (MacAvaney, Macdonald and Ounis, "Streamlining Evaluation with ir-measures", ECIR 2022). All in
percent.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ir_measures
import numpy as np
from ir_measures import RR, R, Success, nDCG
from scipy import stats
from sklearn.metrics import average_precision_score, roc_auc_score

from index.benchmark import Benchmark, LabelledPair
from index.build import build_index
from index.embed import embed_texts
from index.encoder import TextEncoder
from index.progress import NoProgress, Progress
from index.search import Arm, Candidates, QuestionError, Searcher, embedded_part, prepare_question

#: Documents ranked for a question.
DEPTH = 100
MEASURES = {"ndcg10": nDCG @ 10, "mrr10": RR @ 10, "hit1": Success @ 1, "hit10": Success @ 10, "recall100": R @ DEPTH}
_RESAMPLES = 9_999
_SEED = 0

#: Question id -> document ids, best first.
Ranking = dict[str, list[str]]


@dataclass(frozen=True)
class Measured:
    """What one arm reached on one benchmark.

    Attributes:
        bench: its name.
        arm: the arm's name.
        queries: how many questions.
        figures: measure -> mean over the questions, percent.
        ndcg10: the nDCG@10 of each question in order, fractions [queries].
    """

    bench: str
    arm: str
    queries: int
    figures: dict[str, float]
    ndcg10: np.ndarray

    def to_dict(self) -> dict[str, Any]:
        """The contract of `scripts/evaluate.py --json`; percent with two decimals."""
        figures = {name: round(value, 2) for name, value in self.figures.items()}
        return {"bench": self.bench, "arm": self.arm, "queries": self.queries, **figures}


def build_benchmark_index(
    benchmark: Benchmark, folder: Path, encoder: TextEncoder, progress: Progress | None = None, *, tokens: bool = False
) -> Searcher:
    """The benchmark's corpus as an index like any other, opened; with the vectors of tokens for `Arm.RERANKED`."""
    build_index(benchmark.records(), folder, encoder, sources=[benchmark.name], progress=progress, tokens=tokens)
    return Searcher.open(folder, encoder)


def find_all(
    searcher: Searcher, questions: Mapping[str, str], encoder: TextEncoder, progress: Progress | None = None
) -> dict[str, Candidates | None]:
    """What both arms find for every question (id -> text); None for one that the search refuses.

    Args:
        searcher: over the benchmark's index.
        questions: id -> text.
        encoder: the searcher's own; a caching one is filled with all questions at once, which is faster than one by one.
        progress: told of each question.
    """
    progress = progress or NoProgress()
    prepared: dict[str, str | None] = {}
    for key, text in questions.items():
        try:
            prepared[key] = prepare_question(text).text
        except QuestionError:
            prepared[key] = None
    embedded = [embedded_part(text) for text in prepared.values() if text]
    embed_texts(encoder, embedded, is_question=True, with_tokens=searcher.takes_second_look)
    found: dict[str, Candidates | None] = {}
    progress.start("检索", len(prepared))
    for key, searched in prepared.items():
        found[key] = searcher.candidates(searched) if searched else None
        progress.advance(1)
    return found


def rank_all(searcher: Searcher, found: Mapping[str, Candidates | None], arm: Arm = Arm.FUSED) -> Ranking:
    """How an arm ranks what `find_all` found."""
    ids = [record.id for record in searcher.store]
    return {
        key: [ids[candidates.rows[place]] for place in searcher.rank(candidates, DEPTH, arm)[0]] if candidates else []
        for key, candidates in found.items()
    }


def measure(bench: str, arm: str, ranking: Ranking, qrels: Mapping[str, Mapping[str, int]]) -> Measured:
    """The figures of a ranking; a question that found nothing counts 0."""
    # trec_eval sorts by score and breaks ties by name; a rank's reciprocal keeps our order.
    run = {query: {document: 1 / rank for rank, document in enumerate(ranked, start=1)} for query, ranked in ranking.items()}
    queries = list(ranking)
    place = {query: number for number, query in enumerate(queries)}
    names = {measured: name for name, measured in MEASURES.items()}
    values = {name: np.zeros(len(queries)) for name in MEASURES}
    for metric in ir_measures.iter_calc(list(MEASURES.values()), {query: dict(qrels[query]) for query in queries}, run):
        values[names[metric.measure]][place[metric.query_id]] = metric.value
    figures = {name: 100 * float(value.mean()) for name, value in values.items()}
    return Measured(bench, arm, len(queries), figures, values["ndcg10"])


@dataclass(frozen=True, slots=True)
class Comparison:
    """nDCG@10 of one arm beside another on the same questions.

    Attributes:
        difference: mean difference in points.
        p_value: two-sided paired randomisation test (Smucker, Allan and Carterette, CIKM 2007), seeded.
    """

    difference: float
    p_value: float


def compare(one: Measured, other: Measured) -> Comparison:
    """`one` minus `other`."""
    differences = one.ndcg10 - other.ndcg10
    if not differences.any():
        return Comparison(0.0, 1.0)
    test = stats.permutation_test(
        (differences,),
        lambda sample, axis: sample.mean(axis=axis),
        permutation_type="samples",
        n_resamples=_RESAMPLES,
        vectorized=True,
        rng=np.random.default_rng(_SEED),
        batch=500,
    )
    return Comparison(100 * float(differences.mean()), float(test.pvalue))


def measure_pairs(encoder: TextEncoder, pairs: Sequence[LabelledPair]) -> dict[str, float]:
    """How well the cosine of two questions tells pairs of one meaning from others: average precision and AUROC, percent."""
    one = encoder.encode_questions([pair.query for pair in pairs])
    other = encoder.encode_questions([pair.other for pair in pairs])
    cosines = np.einsum("ij,ij->i", one, other)
    labels = [pair.label for pair in pairs]
    return {
        "average_precision": 100 * float(average_precision_score(labels, cosines)),
        "auroc": 100 * float(roc_auc_score(labels, cosines)),
    }
