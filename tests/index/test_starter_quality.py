"""How well the starter corpus answers questions that share few characters with it. `pytest -m slow -s` prints the figures."""

from __future__ import annotations

import math

import pytest

from index.halves import REPORTS, half_of
from index.search import Arm, Searcher
from tests.question_sets import read_set

pytestmark = pytest.mark.slow


def reporting_half() -> list[dict]:
    """The questions that no weight was fitted on: those whose SHA-256 is odd."""
    return [question for question in read_set("starter_questions") if half_of(question["question"]) == REPORTS]


def figures(searcher: Searcher, questions: list[dict], arm: Arm) -> dict[str, float]:
    """nDCG@10 (binary gains), hit@1 and hit@10, in percent."""
    totals = dict.fromkeys(("ndcg10", "hit1", "hit10"), 0.0)
    for question in questions:
        results = searcher.search(question["question"], arm=arm).results
        # The ranking is measured as it is, with what is told under a result back in a place of its own.
        ranked = [record.id for result in results for record in (result.record, *result.similar)][:10]
        hits = [found in question["ids"] for found in ranked]
        ideal = sum(1 / math.log2(rank + 2) for rank in range(min(10, len(question["ids"]))))
        totals["ndcg10"] += sum(hit / math.log2(rank + 2) for rank, hit in enumerate(hits)) / ideal
        totals["hit1"] += hits[0]
        totals["hit10"] += any(hits)
    return {name: round(100 * total / len(questions), 1) for name, total in totals.items()}


def test_the_fusion_beats_both_arms_and_finds_most_answers(starter_searcher: Searcher) -> None:
    questions = reporting_half()
    found = {}
    for arm in (Arm.WORDS, Arm.VECTORS, Arm.FUSED):
        found[arm.value] = figures(starter_searcher, questions, arm)
        print(f"{arm:8s} {len(questions)} questions {found[arm.value]}")
    assert found["fused"]["ndcg10"] > max(found["words"]["ndcg10"], found["vectors"]["ndcg10"])
    assert found["fused"]["hit10"] >= 85
