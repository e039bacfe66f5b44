"""The same complaint, another person: which of two records comes first. `pytest -m slow -s` prints the figures.

Both records of every pair lie in one index, with the starter corpus around them. The weights that turn a score down for a record
that speaks of somebody else were fitted on the pairs whose SHA-256 is even; the figures are of the others.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import pytest

from corpus.audience import Fit
from corpus.importer import ImportReport, import_records
from corpus.paths import STARTER_CORPUS
from corpus.record import DoctorAnswer
from index import search
from index.build import build_index
from index.encoder import TextEncoder
from index.halves import REPORTS, half_of
from index.search import Searcher

PAIRS = Path(__file__).parents[1] / "data" / "contrast_pairs.jsonl"

pytestmark = pytest.mark.slow


def pairs() -> list[dict]:
    return [json.loads(line) for line in PAIRS.read_text(encoding="utf-8").splitlines()]


def records() -> Iterator[DoctorAnswer]:
    for number, pair in enumerate(pairs()):
        for side in ("right", "wrong"):
            text = pair[side]
            yield DoctorAnswer(id=f"{side}-{number}", question=text["question"], answer=text["answer"], source="contrast")


@pytest.fixture(scope="module")
def searcher(tmp_path_factory: pytest.TempPathFactory, encoder: TextEncoder) -> Searcher:
    folder = tmp_path_factory.mktemp("contrast") / "index"
    build_index(chain(records(), import_records([STARTER_CORPUS], ImportReport())), folder, encoder)
    return Searcher.open(folder, encoder)


def right_before_wrong(searcher: Searcher) -> tuple[float, float]:
    """Shares of the reporting pairs: the right record stands before the wrong one; the wrong one is first of all."""
    reporting = [(number, pair) for number, pair in enumerate(pairs()) if half_of(pair["question"]) == REPORTS]
    before = first = 0
    for number, pair in reporting:
        results = searcher.search(pair["question"], top=50).results
        ranks = {record.id: result.rank for result in results for record in (result.record, *result.similar)}
        before += ranks.get(f"right-{number}", 999) < ranks.get(f"wrong-{number}", 999)
        first += results[0].record.id == f"wrong-{number}"
    return before / len(reporting), first / len(reporting)


def test_the_record_for_the_asker_comes_before_the_one_for_somebody_else(searcher: Searcher, monkeypatch: pytest.MonkeyPatch) -> None:
    after = right_before_wrong(searcher)
    monkeypatch.setattr(search, "FIT_WEIGHT", dict.fromkeys(Fit, 1.0))
    before = right_before_wrong(searcher)
    print(f"right before wrong: {before[0]:.1%} without regard to the person, {after[0]:.1%} with it")
    print(f"wrong one first of all: {before[1]:.1%} without, {after[1]:.1%} with")
    assert after[0] > before[0]
    # What it reaches, not what it should: the pairs were written so that the wrong record is nearer in every word.
    assert after[0] >= 0.72
    assert after[1] <= 0.1
