"""Fit the probability of relevance and the floor for an encoder and keep them under its fingerprint."""

from __future__ import annotations

import argparse
import contextlib
import json
import tempfile
from pathlib import Path

import numpy as np
from _console import console_progress, fail, run, say

from corpus.importer import ImportReport, import_records
from corpus.paths import CACHE_FOLDER, ROOT, STARTER_CORPUS
from index.benchmark import BenchmarkError, read_benchmark
from index.build import build_index
from index.embedding_cache import CachedEncoder
from index.encoder import DEFAULT_ENCODER, load_encoder
from index.evaluation import build_benchmark_index, find_all
from index.fuse import FITS_FOLDER
from index.halves import half_of
from index.relevance import Calibration
from index.relevance_fit import (
    Examples,
    best_probability,
    brier,
    fit,
    fit_floor,
    judge_by_rank,
    judge_by_topic,
    reliability,
    write_calibration,
)
from index.search import Candidates, Searcher

DATA = ROOT / "tests" / "data"


def main() -> None:
    """Fit on the halves for fitting, report on the others."""
    parser = argparse.ArgumentParser(
        description="为一个编码器拟合“相关的概率”和下限，存到 index/fits/。先运行 fit_fusion.py。用一半示例问题和一半非健康问题拟合，另一半报告。"
    )
    parser.add_argument("bench", nargs="+", type=Path, help="BEIR 文件夹，语料只有回答、没有问题")
    parser.add_argument("--encoder", metavar="NAME_OR_PATH", default=DEFAULT_ENCODER, help="编码器，默认用自带的")
    parser.add_argument("--out", type=Path, default=FITS_FOLDER, help="存到哪个文件夹，默认 index/fits/")
    arguments = parser.parse_args()
    try:
        benches = [read_benchmark(path) for path in arguments.bench]
    except BenchmarkError as error:
        fail(str(error))
    encoder = CachedEncoder(load_encoder(arguments.encoder), CACHE_FOLDER / "embeddings")
    floors = {half: _lines(DATA / f"floor_{half}.jsonl") for half in ("dev", "heldout")}
    others = {half: {row["question"]: row["question"] for row in rows if not row["health"]} for half, rows in floors.items()}

    with contextlib.ExitStack() as stack:
        progress = stack.enter_context(console_progress())
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        build_index(import_records([STARTER_CORPUS], ImportReport()), folder, encoder, progress=progress)
        starter = Searcher.open(folder, encoder)
        topics = {row["id"]: row["topic"] for row in _lines(STARTER_CORPUS)}
        qrels = {row["question"]: dict.fromkeys(row["ids"], 1) for row in _lines(DATA / "starter_questions.jsonl")}
        halves = [{text: text for text in qrels if half_of(text) == half} for half in (0, 1)]

        def examples(questions: dict[str, str]) -> Examples:
            return judge_by_topic(starter, find_all(starter, questions, encoder, progress), qrels, topics)

        fitting = examples(halves[0] | others["dev"])
        reporting = examples(halves[1] | others["heldout"])
        with_question = fit(fitting)

        indexes = [
            (bench, build_benchmark_index(bench, Path(stack.enter_context(tempfile.TemporaryDirectory())), encoder, progress))
            for bench in benches
        ]
        found = [find_all(searcher, bench.questions, encoder, progress) for bench, searcher in indexes]
        strange = [
            {half: find_all(searcher, questions, encoder, progress) for half, questions in others.items()} for _, searcher in indexes
        ]
        alone = sum(
            (
                judge_by_rank(searcher, asked, bench.qrels) + judge_by_rank(searcher, odd["dev"], {})
                for (bench, searcher), asked, odd in zip(indexes, found, strange, strict=True)
            ),
            start=Examples(np.zeros((0, 2)), np.zeros(0, dtype=bool)),
        )
        answer_only = fit(alone, share_right=float(fitting.right.mean()))

        calibration = Calibration(with_question, answer_only, 0.0, 0.0)  # type: ignore[arg-type]
        tops = {half: _tops(starter, rows, encoder, calibration) for half, rows in floors.items()}
        floor = fit_floor(*tops["dev"])
        # Half of a bench's questions fit the floor under answers that stand alone, the other half reports.
        alone_tops = {
            half: (
                [
                    best_probability(searcher, candidates, calibration)
                    for (_, searcher), asked in zip(indexes, found, strict=True)
                    for candidates in list(asked.values())[start::2]
                ],
                [
                    best_probability(searcher, candidates, calibration)
                    for (_, searcher), odd in zip(indexes, strange, strict=True)
                    for candidates in odd[half].values()
                ],
            )
            for start, half in enumerate(("dev", "heldout"))
        }
        answer_floor = fit_floor(*alone_tops["dev"])
        calibration = Calibration(with_question, answer_only, floor, answer_floor)  # type: ignore[arg-type]
        progress.close()

    health, other = (np.array(values) for values in tops["heldout"])
    probabilities = 1 / (1 + np.exp(-(with_question[0] + reporting.features @ np.array(with_question[1:]))))
    alone_health, alone_other = (np.array(values) for values in alone_tops["heldout"])
    evidence = {
        "health-answered": float(np.mean(health >= floor)),
        "other-refused": float(np.mean(other < floor)),
        "floor-precision": float(np.mean(np.repeat([True, False], [np.sum(health >= floor), np.sum(other >= floor)]))),
        "health-answered-answers-alone": float(np.mean(alone_health >= answer_floor)),
        "other-refused-answers-alone": float(np.mean(alone_other < answer_floor)),
        "brier": brier(probabilities, reporting.right),
        "brier-of-the-mean": float(reporting.right.mean() * (1 - reporting.right.mean())),
    }
    path = write_calibration(encoder.fingerprint, encoder.name, calibration, evidence, arguments.out)
    print(f"{path}：{calibration}")
    for key, value in evidence.items():
        print(f"{key}：{value:.3f}")
    for mean, share, count in reliability(probabilities, reporting.right):
        print(f"预测 {mean:.2f}，实际 {share:.2f}（{count} 个候选）")
    say("以上都在没有用来拟合的一半问题上")


def _tops(searcher: Searcher, rows: list[dict], encoder: CachedEncoder, calibration: Calibration) -> tuple[list[float], list[float]]:
    """The best probability of each question about health, and of each other one."""
    found: dict[str, Candidates | None] = find_all(searcher, {row["question"]: row["question"] for row in rows}, encoder)
    health, other = (
        [best_probability(searcher, found[row["question"]], calibration) for row in rows if row["health"] is wanted]
        for wanted in (True, False)
    )
    return health, other


def _lines(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


if __name__ == "__main__":
    run(main)
