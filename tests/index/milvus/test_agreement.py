"""The starter corpus with the real encoder: milvus-lite ranks as the disk does. `pytest -m slow -s` prints the figures."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.importer import ImportReport, import_records
from corpus.paths import STARTER_CORPUS
from index.build import build_index
from index.embedding_cache import CachedEncoder
from index.encoder import Encoder
from index.milvus.build import build_milvus
from index.search import Arm, Searcher
from tests.index.milvus.conftest import open_file
from tests.index.test_starter_quality import figures, reporting_half


@pytest.mark.slow
def test_the_starter_questions_find_the_same(tmp_path: Path, encoder: Encoder) -> None:
    cached = CachedEncoder(encoder, tmp_path / "embeddings")
    build_index(import_records([STARTER_CORPUS], ImportReport()), tmp_path / "index", cached)
    generations = open_file(tmp_path / "answers.db")
    index = build_milvus(import_records([STARTER_CORPUS], ImportReport()), generations, cached).index
    local, milvus = Searcher.open(tmp_path / "index", cached), Searcher(index, cached)
    questions = reporting_half()
    shares = []
    for question in questions:
        one, other = ([result.record.id for result in searcher.search(question["question"]).results] for searcher in (local, milvus))
        shares.append(len(set(one) & set(other)) / len(one))
    agreement = sum(shares) / len(shares)
    fused = [figures(searcher, questions, Arm.FUSED) for searcher in (local, milvus)]
    print(f"top-10 agreement {agreement:.4f}; fused on the disk {fused[0]}, in milvus-lite {fused[1]}")
    assert agreement >= 0.95
    assert abs(fused[0]["ndcg10"] - fused[1]["ndcg10"]) <= 0.5
    generations.engine.close()
