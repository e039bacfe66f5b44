from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from index.benchmark import Benchmark, read_benchmark
from index.encoder_benchmark import Timing, agreement, time_side_by_side


class Table:
    """An encoder that knows a vector of every text by heart."""

    name, dimension, fingerprint, max_tokens = "table", 2, "t" * 16, 512
    prompts = {"query": "", "document": ""}

    def __init__(self, **angles: float) -> None:
        self.angles = angles

    def encode_questions(self, questions: list[str]) -> np.ndarray:
        return np.array([[np.cos(self.angles[text]), np.sin(self.angles[text])] for text in questions], np.float32)

    encode_passages = encode_questions


@pytest.fixture
def bench(tmp_path: Path) -> Benchmark:
    documents = [{"_id": f"d{number}", "text": f"答案{number}"} for number in range(12)]
    (tmp_path / "corpus.jsonl").write_text("\n".join(json.dumps(one) for one in documents))
    (tmp_path / "queries.jsonl").write_text(json.dumps({"_id": "q", "text": "问"}))
    (tmp_path / "qrels.tsv").write_text("q\td0\t1\n")
    return read_benchmark(tmp_path)


def angles(**changed: float) -> dict[str, float]:
    """Answer n lies n tenths from the question."""
    return {"问": 0.0, **{f"答案{number}": number / 10 for number in range(12)}, **changed}


def test_the_same_vectors_agree(bench: Benchmark) -> None:
    found = agreement(Table(**angles()), Table(**angles()), bench)
    assert found.top10 == 1
    assert found.ndcg10 == pytest.approx((100, 100))


def test_what_the_other_way_ranks_differently_is_counted(bench: Benchmark) -> None:
    # The right answer falls behind all eleven others: nine of the first ten stay (1 to 9, and 10 comes in), nothing is gained.
    found = agreement(Table(**angles()), Table(**angles(答案0=1.5)), bench)
    assert found.top10 == pytest.approx(0.9)
    assert found.ndcg10 == pytest.approx((100, 0))
    # Second place: 1 / log2(3).
    found = agreement(Table(**angles()), Table(**angles(答案0=0.15)), bench)
    assert found.ndcg10[1] == pytest.approx(100 / np.log2(3))


def test_fewer_documents_still_hold_those_that_answer(bench: Benchmark) -> None:
    assert agreement(Table(**angles()), Table(**angles()), bench, most_documents=3).ndcg10 == pytest.approx((100, 100))


def test_every_round_times_every_way_once_in_turn() -> None:
    done: list[str] = []
    ticks = iter(range(100))
    timings = time_side_by_side({"a": lambda: done.append("a"), "b": lambda: done.append("b")}, 3, clock=lambda: float(next(ticks)))
    assert [sorted(done[start : start + 2]) for start in range(0, 8, 2)] == [["a", "b"]] * 4  # the first is to warm up
    assert timings == {"a": Timing((1.0, 1.0, 1.0)), "b": Timing((1.0, 1.0, 1.0))}


def test_median_and_spread() -> None:
    timing = Timing((1.0, 2.0, 3.0, 4.0, 10.0))
    assert (timing.median, timing.spread) == (3.0, pytest.approx((4 - 2) / 2 / 3))
