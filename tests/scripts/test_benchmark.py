"""The benchmark's own logic: what is drawn, what is timed, what is made of it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from peers import report
from peers.contestant import CONTESTANTS, make
from peers.machine import flops_per_token, rate
from peers.measuring import measure_build, measure_search, peak_mb, percentiles, private_mb, split, throughput, timed_in_turn
from peers.ours import Ours, StageClock
from peers.plain import PlainRecords, PlainUnits
from peers.scale import BlendingEncoder, OursAmongMany
from peers.task import Task, write_task

from corpus.paths import ROOT
from corpus.segment import sentences
from index.benchmark import Benchmark, BenchmarkError, read_benchmark
from index.evaluation import measure
from tests.stub_encoder import StubEncoder


class StubModel:
    """The stub encoder with the verbs of a `SentenceTransformer`."""

    def encode_query(self, texts: Sequence[str], **_: object) -> np.ndarray:
        return StubEncoder().encode_questions(texts)

    def encode_document(self, texts: Sequence[str], **_: object) -> np.ndarray:
        return StubEncoder().encode_passages(texts)


@pytest.fixture
def bench(tmp_path: Path) -> Benchmark:
    """Fifty records; question n is answered by record n, in nearly its own words."""
    folder = tmp_path / "bench"
    folder.mkdir()
    places = ["头", "手", "脚", "腰", "肩", "膝", "腹", "胸", "颈", "背"]
    words = ["发麻", "疼痛", "红肿", "抽筋", "发痒"]
    texts = [f"{place}部{word}要先休息，再看{place}部的情况。" for place in places for word in words]
    asked = [f"{place}部{word}怎么办" for place in places for word in words]
    (folder / "corpus.jsonl").write_text("".join(json.dumps({"_id": f"d{n}", "text": text}) + "\n" for n, text in enumerate(texts)))
    (folder / "queries.jsonl").write_text("".join(json.dumps({"_id": f"q{n}", "text": text}) + "\n" for n, text in enumerate(asked)))
    (folder / "qrels.tsv").write_text("".join(f"q{n}\td{n}\t1\n" for n in range(len(texts))))
    return read_benchmark(folder)


def test_the_task_holds_the_answers_of_its_questions(tmp_path: Path, bench: Benchmark) -> None:
    sizes = write_task(bench, tmp_path / "task", records=12, questions=5)
    task = Task(str(tmp_path / "task"), "", "")
    written = task.benchmark()
    ids = [record.id for record in written.records()]
    assert (sizes.records, sizes.questions, len(ids), len(written.questions)) == (12, 5, 12, 5)
    assert all(set(written.qrels[name]) <= set(ids) for name in written.questions)
    assert ids == sorted(ids, key=lambda name: int(name[1:]))  # the order of the whole
    assert [name for name, _ in task.texts()] == ids
    assert [name for name, _ in task.units()] == ids  # each answer is one passage
    assert sizes.units == 12


def test_the_same_seed_draws_the_same(tmp_path: Path, bench: Benchmark) -> None:
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        write_task(bench, tmp_path / name, records=12, questions=5, seed=seed)
    one, two, three = ((tmp_path / name / "corpus.jsonl").read_bytes() for name in "abc")
    assert one == two
    assert one != three


def test_answers_stay_even_if_they_are_more_than_the_records_asked_for(tmp_path: Path, bench: Benchmark) -> None:
    assert write_task(bench, tmp_path / "task", records=2, questions=7).records == 7
    assert write_task(bench, tmp_path / "all", records=0, questions=0).records == 50


def test_questions_without_answers_are_refused(tmp_path: Path, bench: Benchmark) -> None:
    lost = Benchmark("b", bench.folder, {"q0": "头"}, {"q0": {"nowhere": 1}})
    with pytest.raises(BenchmarkError, match="答案"):
        write_task(lost, tmp_path / "task", records=5, questions=1)


def test_no_question_is_asked_in_two_ways() -> None:
    alone, together, warm = split([str(number) for number in range(25)])
    assert (len(warm), len(alone), len(together)) == (5, 10, 10)
    assert len({*alone, *together, *warm}) == 25
    assert split(["a"]) == (["a"], ["a"], ["a"])


def test_searching_and_encoding_are_timed_apart() -> None:
    ticks = iter([0.0, 0.5, 0.75, 1.0, 3.0, 3.125])
    assert timed_in_turn(["a", "b"], len, len, lambda: next(ticks)) == ([500.0, 2000.0], [250.0, 125.0])


def test_a_contestant_that_several_cannot_ask_has_no_throughput_with_several() -> None:
    class Fragile(PlainUnits):
        def search(self, question: str, count: int) -> list[str]:
            if question == "b":
                raise RuntimeError("one thread only")
            return []

    one, many = throughput(Fragile(), ["a", "b"])
    assert one > 0
    assert many is None


def test_a_stage_lasts_until_the_next_begins(monkeypatch: pytest.MonkeyPatch) -> None:
    ticks = iter([1.0, 3.0, 3.5])
    monkeypatch.setattr("peers.ours.time.perf_counter", lambda: next(ticks))
    clock = StageClock()
    for stage in ("a", "b", "c"):
        clock.start(stage, None)
    assert clock.seconds(4.5) == {"a": 2.0, "b": 0.5, "c": 1.0}


def test_memory_is_read_from_what_the_system_says(tmp_path: Path) -> None:
    (tmp_path / "rollup").write_text("Rss: 9000 kB\nPrivate_Clean: 1024 kB\nPrivate_Dirty: 2048 kB\nShared_Clean: 4096 kB\n")
    (tmp_path / "status").write_text("Name:\tx\nVmHWM:\t  3072 kB\nVmRSS:\t 1 kB\n")
    assert private_mb(tmp_path / "rollup") == 3.0
    assert peak_mb(tmp_path / "status") == 3.0
    assert private_mb(tmp_path / "absent") is None
    assert peak_mb(tmp_path / "absent") is None


def test_rates_and_operations() -> None:
    # One layer of width 2 with an inner width of 3, on a text of 5: projections 2*4*2*2, feed-forward 2*2*2*3, attention 4*5*2.
    config = {"hidden_size": 2, "intermediate_size": 3, "num_hidden_layers": 1}
    assert flops_per_token(config, 5) == 32 + 24 + 40
    assert flops_per_token(config | {"num_hidden_layers": 3}, 5) == 3 * 96
    done: list[int] = []
    assert rate(lambda: done.append(1), 10.0, rounds=3) > 0
    assert len(done) == 4


def build(seconds: float, **stages: float) -> dict:
    return {"build_seconds": seconds, "load_seconds": 1.0, "stages": stages, "peak_mb": 10 * seconds, "disk_mb": 5.0}


def search(*milliseconds: float, one: float = 10.0, many: float | None = 16.0) -> dict:
    return {
        "search_ms": list(milliseconds),
        "encode_ms": [value / 2 for value in milliseconds],
        "one_asker_per_second": one,
        "askers_per_second": many,
        "private_mb": 100.0,
    }


def test_rounds_become_medians_with_their_spread() -> None:
    found = report.summarise([build(2), build(4), build(5)], [search(10, 20), search(30, 40), search(50, 60)], records=100)
    assert found["records_per_second"] == 25
    assert found["build_spread"] == pytest.approx((4.5 - 3) / 2 / 4)
    assert found["peak_mb"] == 50
    assert found["search_ms"]["p50"] == 35
    assert found["encode_ms"]["p50"] == 17.5
    assert found["askers_gain"] == 1.6
    assert percentiles([float(number) for number in range(101)]) == {"p50": 50.0, "p95": 95.0, "p99": 99.0}
    assert report.summarise([build(2)], [search(10, many=None)], 10)["askers_gain"] is None


OURS = {"编码": 8.0, "读取与清洗": 0.5, "分词与词索引": 0.5, "校验与发布": 1.0}


def contestants() -> dict:
    return {
        "ours": report.summarise([build(10, **OURS)], [search(12)], 100) | {"ndcg10": 40.0, "recall100": 80.0},
        "plain-units": report.summarise([build(40, 编码=39.0, 向量索引=1.0)], [search(20)], 100) | {"ndcg10": 39.0, "recall100": 79.0},
        "txtai": report.summarise([build(25)], [search(30, many=None)], 100) | {"ndcg10": 38.0, "recall100": 78.0},
    }


def test_targets_are_ratios_worked_out_by_hand() -> None:
    values = report.targets(contestants(), {"command": 3.0, "library": 4.0})
    assert [one.value for one in values] == [4.0, 2.5, pytest.approx(0.1), 1.2, 1.6, 0.75]
    assert [one.is_reached for one in values] == [True, False, True, True, True, True]
    assert values[1].to_dict() == {
        "what": "建索引：本项目 / 最快的别家（记录每秒）", "value": 2.5, "target": ">= 3", "reached": False,
    }  # fmt: skip


def test_a_search_among_many_is_compared_with_encoding_alone() -> None:
    scale = report.summarise_scale(100_000, {"ours": [search(10, 30), search(20, 24)], "plain-units": [search(40, 40)]})
    assert (scale["records"], scale["p50"], scale["encode_p50"], scale["askers_gain"]) == (100_000, 22.0, 20.0, 1.6)
    last = report.targets(contestants(), {}, scale)[-1]
    assert last.value == pytest.approx(1.1)
    assert last.is_reached
    assert report.targets(contestants(), {}, report.summarise_scale(5, {"ours": [search(10)]}))[-1].value is None


def test_more_records_are_made_of_real_sentences(tmp_path: Path, bench: Benchmark) -> None:
    write_task(bench, tmp_path / "task", records=50, questions=20)
    ours = OursAmongMany(120, StubEncoder())
    ours.load(Task(str(tmp_path / "task"), "", "default"))
    ours.build(tmp_path / "index")
    ours.open(tmp_path / "index")
    records = list(ours._searcher.store)
    real = {span.text for record in bench.records() for span in sentences(record.answer)}
    made = [record for record in records if record.source == "filler"]
    assert (len(records), len(made)) == (120, 70)
    assert all(line in real for record in made for line in record.answer.split("\n")[:-1])
    assert ours.search("头部发麻怎么办", 5)


def test_a_blended_vector_depends_on_the_text_alone() -> None:
    encoder = BlendingEncoder(StubEncoder(), ["头部发麻", "手部疼痛"])
    one, two = encoder.encode_passages(["甲", "乙"]), encoder.encode_passages(["乙"])
    assert np.allclose(one[1], two[0])
    assert np.allclose(np.linalg.norm(one, axis=1), 1)
    assert not np.allclose(one[0], one[1])


def test_what_was_not_measured_is_not_judged() -> None:
    alone = {"txtai": contestants()["txtai"]}
    assert [one.is_reached for one in report.targets(alone, {})] == [None] * 6
    assert report.text_share({}) is None


def test_shares_of_the_machine() -> None:
    machine = {"fp32_gflops_all": 100.0, "bf16_gflops_all": 400.0, "copy_gb_per_second": 10.0}
    shares = report.machine_shares(machine, contestants(), gflop_of_units=1600.0, vector_gb=0.06)
    assert list(shares.values()) == [2.0, pytest.approx(1600 / 39 / 100), 0.5, pytest.approx(6 / 12)]


def test_no_share_of_a_type_that_the_processor_only_emulates() -> None:
    machine = {"fp32_gflops_all": 100.0, "bf16_gflops_all": 2.0, "copy_gb_per_second": 10.0}
    assert not [name for name in report.machine_shares(machine, contestants(), gflop_of_units=1600.0, vector_gb=0.06) if "bf16" in name]


def test_the_table_has_a_row_for_each_contestant() -> None:
    found = contestants()
    result = {
        "contestants": found,
        "targets": [one.to_dict() for one in report.targets(found, {})],
        "machine": {"cores": 2},
        "machine_shares": {"share": 0.5},
    }
    rows = report.markdown(result).splitlines()
    cells = [[cell.strip() for cell in row.split("|")[1:-1]] for row in rows if row.startswith("|")]
    assert len(cells[0]) == len(cells[1]) == len(cells[2]) == 10
    assert cells[2] == [
        CONTESTANTS["ours"].what,
        "10.0（±0%）",
        "100",
        "5.0",
        "12.0 / 12.0 / 12.0",
        "6.0",
        "10.0 → 16.0",
        "100",
        "40.0",
        "80.0",
    ]
    assert cells[4][6] == "10.0 → —"
    assert "编码 8.00 秒（80.0%）" in report.markdown(result)
    assert "| 命令行第一个回答 / 只导入 sentence-transformers 并载入权重：<= 2 | — | 没有测 |" in rows
    json.dumps(result)


@pytest.mark.parametrize(
    "contestant", [Ours(StubEncoder()), PlainUnits(StubModel()), PlainRecords(StubModel())], ids=lambda one: type(one).__name__
)
def test_a_contestant_builds_and_finds_the_answers(tmp_path: Path, bench: Benchmark, contestant: Ours | PlainUnits | PlainRecords) -> None:
    write_task(bench, tmp_path / "task", records=50, questions=20)
    task = Task(str(tmp_path / "task"), "", "default")
    built = measure_build(contestant, task, tmp_path / "index")
    assert built["build_seconds"] >= sum(built["stages"].values()) > 0
    assert "编码" in built["stages"]
    assert built["disk_mb"] > 0
    found = measure_search(contestant, task, tmp_path / "index", rank=True)
    assert len(found["search_ms"]) == len(found["encode_ms"]) == 7  # of 20, 5 warm up and half of the rest are asked alone
    figures = measure("bench", "", found["ranking"], task.benchmark().qrels).figures
    assert figures["recall100"] == 100
    assert figures["ndcg10"] > 80


def test_every_contestant_can_be_named() -> None:
    assert {name: type(make(name)).__name__ for name in CONTESTANTS} == {name: entry.kind for name, entry in CONTESTANTS.items()}


@pytest.mark.slow
def test_the_command_compares_ours_with_the_plain_recipe(tmp_path: Path, bench: Benchmark) -> None:
    table = tmp_path / "table.md"
    command = ["scripts/benchmark.py", bench.folder, "--records", "50", "--questions", "8", "--rounds", "1", "--json", "--markdown", table]
    chosen = ["--contestants", "ours", "plain-units"]
    done = subprocess.run(
        [sys.executable, *map(str, command), *chosen],
        cwd=ROOT,
        env=os.environ | {"PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    found = json.loads(done.stdout)
    assert set(found["contestants"]) == {"ours", "plain-units"}
    assert found["settings"]["records"] == 50
    assert found["contestants"]["ours"]["recall100"] == 100
    assert all(one["value"] > 0 for one in found["targets"] if "别家" not in one["what"])
    assert table.read_text(encoding="utf-8").startswith("| 做法 |")
