"""Fit the fusion's weights for an encoder and keep them under its fingerprint."""

from __future__ import annotations

import argparse
import contextlib
import json
import tempfile
from itertools import chain
from pathlib import Path

from _benches import benches_and_encoder
from _console import console_progress, run, say

from corpus.importer import ImportReport, import_records
from corpus.paths import ROOT, STARTER_CORPUS
from index.benchmark import Benchmark
from index.build import build_index
from index.contrast_pairs import read_contrast_pairs, records_of
from index.embedding_cache import CachedEncoder
from index.encoder import DEFAULT_ENCODER
from index.evaluation import build_benchmark_index, find_all
from index.fuse import FITS_FOLDER, Fusion
from index.fusion_fit import Judged, fit_answer_side, fit_question_weights, write_fit
from index.halves import FITS, REPORTS, half_of
from index.judgments import ANSWERS, read_judgments
from index.progress import Progress
from index.search import Arm, Searcher

DATA = ROOT / "tests" / "data"
QUESTIONS = DATA / "starter_questions.jsonl"
#: Where a record for somebody else repeats the question, the question's own share must not decide. The other halves of the first and
#: the fourth, and the whole third set, report.
CONTRASTS = (DATA / "contrast_pairs.jsonl", DATA / "contrast_pairs_2.jsonl", DATA / "contrast_pairs_4.jsonl")


def main() -> None:
    """Benches without questions fit the answer side; half of the starter questions, contrast pairs and judged questions the rest; the other half reports."""
    parser = argparse.ArgumentParser(
        description="为一个编码器拟合融合权重，存到 index/fits/。没有问题的记录用基准拟合（报告时留一个基准在外），有问题的记录用一半示例问题、对比问题和评过分的问题拟合、另一半示例问题报告。"
    )
    parser.add_argument("bench", nargs="+", type=Path, help="BEIR 文件夹，语料只有回答、没有问题")
    parser.add_argument("--questions", type=Path, default=QUESTIONS, help="示例语料的问题（question、ids），默认 tests/data 里的")
    parser.add_argument("--encoder", metavar="NAME_OR_PATH", default=DEFAULT_ENCODER, help="编码器，默认用自带的")
    parser.add_argument("--out", type=Path, default=FITS_FOLDER, help="存到哪个文件夹，默认 index/fits/")
    arguments = parser.parse_args()

    benches, encoder = benches_and_encoder(arguments.bench, arguments.encoder)
    with contextlib.ExitStack() as stack:
        progress = stack.enter_context(console_progress())
        judged = [_judge(bench, encoder, Path(stack.enter_context(tempfile.TemporaryDirectory())), progress) for bench in benches]
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        fitting, reporting = _judge_starter(arguments.questions, encoder, folder, progress)
        graded = _judge_graded(fitting.searcher, encoder, progress)
        contrasts = _judge_contrasts(encoder, Path(stack.enter_context(tempfile.TemporaryDirectory())), progress)
        progress.close()
        say("拟合……")
        fusion, evidence = fit_answer_side(judged, Fusion())
        fusion = fit_question_weights([fitting, contrasts, graded], fusion)
        evidence[reporting.name] = reporting.ndcg10(fusion)
        path = write_fit(encoder.fingerprint, encoder.name, fusion, evidence, arguments.out)
        print(f"{path}：{fusion}")
        for one in (*judged, reporting):
            arms = "，".join(f"{arm.value} {one.ndcg10(fusion, arm):.1f}" for arm in (Arm.WORDS, Arm.VECTORS))
            print(f"{one.name}：{arms}，融合（未见过该数据的权重） {evidence[one.name]:.1f}")


def _judge(bench: Benchmark, encoder: CachedEncoder, folder: Path, progress: Progress) -> Judged:
    searcher = build_benchmark_index(bench, folder, encoder, progress)
    return Judged(bench.name, searcher, find_all(searcher, bench.questions, encoder, progress), bench.qrels)


def _judge_starter(path: Path, encoder: CachedEncoder, folder: Path, progress: Progress) -> tuple[Judged, Judged]:
    """The fitting and the reporting half of the starter questions: by the hash, so that nobody chooses."""
    build_index(import_records([STARTER_CORPUS], ImportReport()), folder, encoder, progress=progress)
    searcher = Searcher.open(folder, encoder)
    qrels: dict[str, dict[str, int]] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        qrels[row["question"]] = dict.fromkeys(row["ids"], 1)
    found = find_all(searcher, {text: text for text in qrels}, encoder, progress)
    halves = []
    for half, name in ((FITS, "starter-fitting"), (REPORTS, "starter-reporting")):
        mine = [text for text in qrels if half_of(text) == half]
        halves.append(Judged(name, searcher, {text: found[text] for text in mine}, {text: qrels[text] for text in mine}))
    return halves[0], halves[1]


def _judge_graded(starter: Searcher, encoder: CachedEncoder, progress: Progress) -> Judged:
    """The fitting half of the questions whose best results were judged, as people ask them; those that a record answers."""
    judged = [one for one in read_judgments(DATA / "judgments.jsonl") if one.is_answered and half_of(one.text) == FITS]
    qrels = {one.text: {record: grade for record, grade in one.grades.items() if grade >= ANSWERS} for one in judged}
    return Judged("judged-fitting", starter, find_all(starter, {text: text for text in qrels}, encoder, progress), qrels)


def _judge_contrasts(encoder: CachedEncoder, folder: Path, progress: Progress) -> Judged:
    """The fitting halves of the contrast pairs, all their records and the starter corpus in one index."""
    pairs = [pair for path in CONTRASTS for pair in read_contrast_pairs(path) if half_of(pair.question) == FITS]
    build_index(chain(records_of(pairs), import_records([STARTER_CORPUS], ImportReport())), folder, encoder, progress=progress)
    searcher = Searcher.open(folder, encoder)
    qrels = {pair.question: {pair.right.id: 1} for pair in pairs}
    return Judged("contrast-fitting", searcher, find_all(searcher, {text: text for text in qrels}, encoder, progress), qrels)


if __name__ == "__main__":
    run(main)
