"""The starter corpus with the real encoder: milvus-lite ranks as the disk does. `pytest -m slow -s` prints the figures."""

from __future__ import annotations

import time
from itertools import islice
from pathlib import Path

import numpy as np
import pytest

from corpus.importer import ImportReport, import_records
from corpus.paths import ROOT, STARTER_CORPUS
from index.benchmark import read_benchmark
from index.build import build_index
from index.embedding_cache import CachedEncoder
from index.encoder import Encoder
from index.evaluation import build_benchmark_index, measure
from index.milvus.build import build_milvus
from index.search import Arm, Searcher
from tests.index.milvus.conftest import open_file
from tests.index.test_starter_quality import figures, reporting_half

BENCH = ROOT.parent / "shared" / "data" / "bench" / "epilepsy-dev"
#: milvus-lite takes about a second a question among 4,000 records.
ASKED = 100


@pytest.mark.slow
def test_the_starter_questions_find_the_same(tmp_path: Path, remembering_encoder: CachedEncoder) -> None:
    cached = remembering_encoder
    build_index(import_records([STARTER_CORPUS], ImportReport()), tmp_path / "index", cached, tokens=True)
    generations = open_file(tmp_path / "answers.db")
    index = build_milvus(import_records([STARTER_CORPUS], ImportReport()), generations, cached, tokens=True).index
    local, milvus = Searcher.open(tmp_path / "index", cached), Searcher(index, cached)
    questions = reporting_half()
    same, shares, differences, seconds = 0, [], [0.0], ([], [])
    for question in questions:
        results = []
        for searcher, taken in zip((local, milvus), seconds, strict=True):
            start = time.monotonic()
            results.append(searcher.search(question["question"]).results)
            taken.append(time.monotonic() - start)
        one, other = ({result.record.id: result.score for result in found} for found in results)
        same += list(one) == list(other)
        shares.append(len(one.keys() & other.keys()) / len(one))
        differences += [abs(one[name] - other[name]) for name in one.keys() & other.keys()]
    agreement = sum(shares) / len(shares)
    print(f"same results in the same order: {same} of {len(questions)}; top-10 agreement {agreement:.4f}")
    print(
        f"largest difference of a score {max(differences):.1e}; median seconds {[round(float(np.median(taken)), 3) for taken in seconds]}"
    )
    for arm in Arm:
        on_disk, in_milvus = (figures(searcher, questions, arm) for searcher in (local, milvus))
        print(f"{arm:8s} on the disk {on_disk}, in milvus-lite {in_milvus}")
        assert abs(on_disk["ndcg10"] - in_milvus["ndcg10"]) <= 0.5
    assert agreement >= 0.95
    generations.engine.close()


@pytest.mark.slow
@pytest.mark.skipif(not BENCH.exists(), reason="the shared benchmark is not on this machine")
def test_a_benchmark_of_real_answers_ranks_the_same(tmp_path: Path, encoder: Encoder) -> None:
    cached = CachedEncoder(encoder, tmp_path / "embeddings")
    benchmark = read_benchmark(BENCH)
    local = build_benchmark_index(benchmark, tmp_path / "index", cached)
    generations = open_file(tmp_path / "answers.db")
    milvus = Searcher(build_milvus(benchmark.records(), generations, cached).index, cached)
    questions = dict(islice(benchmark.questions.items(), ASKED))
    rankings = [
        {key: [result.record.id for result in searcher.search(text).results] for key, text in questions.items()}
        for searcher in (local, milvus)
    ]
    one, other = rankings
    agreement = float(np.mean([len({*one[key]} & {*other[key]}) / len(one[key]) for key in questions]))
    ndcg10 = [measure(BENCH.name, "fused", ranking, benchmark.qrels).figures["ndcg10"] for ranking in rankings]
    print(
        f"{len(questions)} questions: top-10 agreement {agreement:.4f}; nDCG@10 on the disk {ndcg10[0]:.2f}, in milvus-lite {ndcg10[1]:.2f}"
    )
    assert agreement >= 0.95
    assert abs(ndcg10[0] - ndcg10[1]) <= 0.5
    generations.engine.close()
