"""Questions whose best results readers judged: whether the first one answers, what its label is worth, what is told of the others.

`pytest -m slow -s` prints the figures of the half that nothing was fitted on.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import ir_measures
import pytest
from ir_measures import Success, nDCG

from corpus.importer import ImportReport, import_records
from corpus.paths import STARTER_CORPUS
from index.build import build_index
from index.encoder import TextEncoder
from index.halves import REPORTS, half_of
from index.judgments import ANSWERS, read_judgments
from index.relevance import Relevance
from index.results import Results
from index.search import Arm, Searcher

JUDGMENTS = Path(__file__).parents[1] / "data" / "judgments.jsonl"

pytestmark = pytest.mark.slow


def share(of: list[bool]) -> float:
    return sum(of) / len(of)


def test_what_first_results_and_their_labels_are_worth(starter_searcher: Searcher) -> None:
    judged = [question for question in read_judgments(JUDGMENTS) if half_of(question.text) == REPORTS]
    found: list[Results] = [starter_searcher.search(question.text) for question in judged]
    # A record that nobody judged counts as no answer.
    first = [question.grades.get(results.results[0].record.id, 0) >= ANSWERS for question, results in zip(judged, found, strict=True)]
    hit1 = share([right for question, right in zip(judged, first, strict=True) if question.is_answered])
    print(f"{hit1:.1%} of the answerable have an answer first")
    named: dict[Relevance, float] = {}
    for label in Relevance:
        rights = [right for results, right in zip(found, first, strict=True) if results.results[0].relevance == label]
        named[label] = share(rights)
        print(f"{label.value}: {named[label]:.1%} of {len(rights)} first results answer")
    told = {True: Counter[str](), False: Counter[str]()}
    for question, results in zip(judged, found, strict=True):
        told[question.is_answered]["refused" if not results.answered else "unsure" if results.only_near else "sure"] += 1
    for answerable, counts in told.items():
        print(f"{'answerable' if answerable else 'others'}: {dict(counts)}")
    assert hit1 > 0.65
    assert named[Relevance.HIGH] > 0.75 > named[Relevance.MIDDLE] > 0.55 > named[Relevance.LOW]
    assert told[True]["refused"] / told[True].total() < 0.08
    assert told[False]["sure"] / told[False].total() < 0.35


def test_a_second_look_puts_more_answers_first(remembering_encoder: TextEncoder, tmp_path: Path) -> None:
    """On the answerable questions of the reporting half."""
    build_index(import_records([STARTER_CORPUS], ImportReport()), tmp_path, remembering_encoder, tokens=True)
    searcher = Searcher.open(tmp_path, remembering_encoder)
    judged = [one for one in read_judgments(JUDGMENTS) if half_of(one.text) == REPORTS and one.is_answered]
    # Gains of 2^grade - 1; what nobody judged gains nothing.
    measures = (Success(rel=ANSWERS) @ 1, nDCG(gains={1: 1, 2: 3, 3: 7}) @ 10)
    grades = {one.text: one.grades for one in judged}
    figures = {}
    for arm in (Arm.FUSED, Arm.RERANKED):
        ranked = {text: {result.record.id: 1 / result.rank for result in searcher.search(text, arm=arm).results} for text in grades}
        figures[arm] = ir_measures.calc_aggregate(measures, grades, ranked)
        print(f"{arm}: {', '.join(f'{measure} {figures[arm][measure]:.1%}' for measure in measures)} of {len(judged)}")
    assert all(figures[Arm.RERANKED][measure] > figures[Arm.FUSED][measure] for measure in measures)
