from __future__ import annotations

import gzip
import json
import math
from pathlib import Path

import numpy as np
import pytest

from index.benchmark import BenchmarkError, LabelledPair, read_benchmark, read_pairs
from index.embedding_cache import CachedEncoder
from index.evaluation import build_benchmark_index, compare, find_all, measure, measure_pairs, rank_all
from index.search import Arm
from tests.stub_encoder import StubEncoder

CORPUS = [
    {"_id": "d1", "title": "小腿抽筋怎么办", "text": "小腿抽筋时慢慢拉伸，注意补钙。"},
    {"_id": "d2", "title": "", "text": "感冒多喝水，注意休息。"},
    {"_id": "d3", "text": "感冒多喝水，注意休息。"},
]


def write_bench(folder: Path, *, trec: bool = False) -> Path:
    """Three documents, two of them alike; q3 has no judgement."""
    folder.mkdir(parents=True, exist_ok=True)
    with gzip.open(folder / "corpus.jsonl.gz", "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in CORPUS)
    queries = [{"_id": "q1", "text": "小腿抽筋"}, {"_id": "q2", "text": "？？"}, {"_id": "q3", "text": "头痛"}]
    (folder / "queries.jsonl").write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in queries), encoding="utf-8")
    if trec:
        (folder / "qrels").mkdir()
        (folder / "qrels" / "test.tsv").write_text("q1 0 d1 1\nq2 0 d2 2\nq1 0 d2 0\n", encoding="utf-8")
    else:
        (folder / "qrels.tsv").write_text("query-id\tcorpus-id\tscore\nq1\td1\t1\nq2\td2\t2\nq1\td2\t0\n", encoding="utf-8")
    return folder


@pytest.mark.parametrize("trec", [False, True])
def test_a_folder_is_read_with_titles_as_questions_and_equal_texts_kept(tmp_path: Path, trec: bool) -> None:
    bench = read_benchmark(write_bench(tmp_path / "small", trec=trec))
    assert (bench.name, bench.questions) == ("small", {"q1": "小腿抽筋", "q2": "？？"})
    assert bench.qrels == {"q1": {"d1": 1}, "q2": {"d2": 2}}
    records = list(bench.records())
    assert [(record.id, record.question) for record in records] == [("d1", "小腿抽筋怎么办"), ("d2", ""), ("d3", "")]


@pytest.mark.parametrize(
    ("file", "content", "message"),
    [
        ("queries.jsonl", '{"_id": "q1", "text": "a"}\n[1]\n', "queries.jsonl 第 2 行"),
        ("queries.jsonl", '{"_id": "q1"}\n', "要有 _id 和 text"),
        ("qrels.tsv", "query-id\tcorpus-id\tscore\nq1\td1\tgood\n", "qrels.tsv 第 2 行"),
        ("qrels.tsv", "query-id\tcorpus-id\tscore\nq9\td1\t1\n", "q9"),
        ("qrels.tsv", "query-id\tcorpus-id\tscore\n", "没有一条大于 0"),
    ],
)
def test_a_broken_folder_says_where(tmp_path: Path, file: str, content: str, message: str) -> None:
    folder = write_bench(tmp_path / "small")
    (folder / file).write_text(content, encoding="utf-8")
    with pytest.raises(BenchmarkError, match=message):
        read_benchmark(folder)


def test_a_missing_file_and_a_repeated_id_are_said(tmp_path: Path) -> None:
    folder = write_bench(tmp_path / "small")
    with gzip.open(folder / "corpus.jsonl.gz", "at", encoding="utf-8") as file:
        file.write('{"_id": "d1", "text": "再来一次"}\n')
    with pytest.raises(BenchmarkError, match="“d1”出现了两次"):
        list(read_benchmark(folder).records())
    (folder / "qrels.tsv").unlink()
    with pytest.raises(BenchmarkError, match=r"没有 qrels\.tsv"):
        read_benchmark(folder)


def test_measures_by_hand() -> None:
    # q1: relevant at 2 and 4 of three relevant; q2: nothing found; q3: first.
    ranking = {"q1": ["x", "a", "y", "b"], "q2": [], "q3": ["c"]}
    qrels = {"q1": {"a": 1, "b": 1, "z": 1}, "q2": {"a": 1}, "q3": {"c": 1}}
    found = measure("bench", "words", ranking, qrels)
    gain = 1 / math.log2(3) + 1 / math.log2(5)
    ideal = 1 + 1 / math.log2(3) + 1 / math.log2(4)
    assert found.figures["ndcg10"] == pytest.approx(100 * (gain / ideal + 0 + 1) / 3)
    assert found.figures["mrr10"] == pytest.approx(100 * (0.5 + 0 + 1) / 3)
    assert found.figures["hit1"] == pytest.approx(100 / 3)
    assert found.figures["hit10"] == pytest.approx(200 / 3)
    assert found.figures["recall100"] == pytest.approx(100 * (2 / 3 + 0 + 1) / 3)
    assert found.to_dict().keys() == {"bench", "arm", "queries", "ndcg10", "mrr10", "hit1", "hit10", "recall100"}


def test_equal_ranks_beyond_any_score_keep_our_order() -> None:
    ranking = {"q": [f"d{number:03d}" for number in range(100)]}
    assert measure("bench", "words", ranking, {"q": {"d099": 1}}).figures == {
        "ndcg10": 0,
        "mrr10": 0,
        "hit1": 0,
        "hit10": 0,
        "recall100": 100,
    }


def test_a_difference_on_every_question_is_significant_and_none_is_not() -> None:
    questions = [f"q{number}" for number in range(40)]
    qrels = {query: {"a": 1} for query in questions}
    good = measure("bench", "fused", {query: ["a", "b"] for query in questions}, qrels)
    bad = measure("bench", "words", {query: ["b", "a"] for query in questions}, qrels)
    assert compare(good, bad).difference == pytest.approx(100 * (1 - 1 / math.log2(3)))
    assert compare(good, bad).p_value < 0.001
    assert compare(good, good).p_value == 1


def test_a_bench_is_ranked_by_the_search_itself(tmp_path: Path) -> None:
    bench = read_benchmark(write_bench(tmp_path / "small"))
    encoder = StubEncoder()
    searcher = build_benchmark_index(bench, tmp_path / "index", encoder)
    found = find_all(searcher, bench.questions, encoder)
    rankings = {arm: rank_all(searcher, found, arm) for arm in Arm}
    assert rankings[Arm.WORDS] == {"q1": ["d1"], "q2": []}
    for arm in (Arm.VECTORS, Arm.FUSED, Arm.RERANKED):
        assert rankings[arm]["q1"][0] == "d1"
        assert rankings[arm]["q2"] == []
    # d3 says word for word what d2 says: it keeps its rank in the measured ranking, and is told under d2 in what people see.
    shown = [record.id for result in searcher.search("小腿抽筋").results for record in (result.record, *result.similar)]
    assert shown == rankings[Arm.FUSED]["q1"]


def test_the_cache_encodes_a_text_once_and_gives_the_same_vectors(tmp_path: Path) -> None:
    plain, counting = StubEncoder(), StubEncoder()
    texts = ["咳嗽", "头痛", "咳嗽"]
    for _ in range(2):  # the second from the file
        cached = CachedEncoder(counting, tmp_path)
        assert np.array_equal(cached.encode_passages(texts), plain.encode_passages(texts))
        assert cached.encode_questions([]).shape == (0, plain.dimension)
    assert counting.encoded == ["咳嗽", "头痛"]
    cached.encode_questions(["咳嗽"])  # a question is no passage
    assert len(counting.encoded) == 3


def test_pairs_by_hand(tmp_path: Path) -> None:
    path = tmp_path / "pairs.jsonl"
    path.write_text('{"query": "a", "other": "b", "label": 1}\n{"query": "a", "other": "c", "label": 0}\n', encoding="utf-8")
    assert read_pairs(path) == [LabelledPair("a", "b", 1), LabelledPair("a", "c", 0)]

    class Angles(StubEncoder):
        """Cosines with `a`: b .9, c .8, d .7."""

        def encode_questions(self, questions):
            cosines = {"a": 1.0, "b": 0.9, "c": 0.8, "d": 0.7}
            return np.array([[cosines[text], math.sqrt(1 - cosines[text] ** 2)] for text in questions], np.float32)

    figures = measure_pairs(Angles(), [LabelledPair("a", "b", 1), LabelledPair("a", "c", 0), LabelledPair("a", "d", 1)])
    # positives at ranks 1 and 3: (1 + 2/3) / 2; of the two pairs of positive and negative one is in order.
    assert figures == pytest.approx({"average_precision": 100 * (1 + 2 / 3) / 2, "auroc": 50})
    path.write_text('{"query": "a", "other": "b", "label": 1}\n', encoding="utf-8")
    with pytest.raises(BenchmarkError, match="标为 0"):
        read_pairs(path)
