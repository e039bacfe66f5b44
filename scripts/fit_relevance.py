"""Fit the probability of relevance, what a question about health is, and the floors for an encoder; keep them under its fingerprint."""

from __future__ import annotations

import argparse
import contextlib
import gzip
import json
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
from _benches import benches_and_encoder
from _console import console_progress, run, say

from corpus.importer import ImportReport, import_records
from corpus.lexicon import load_medical_terms
from corpus.paths import ROOT, STARTER_CORPUS
from index.benchmark import Benchmark
from index.build import build_index
from index.embedding_cache import CachedEncoder
from index.encoder import DEFAULT_ENCODER
from index.evaluation import build_benchmark_index, find_all
from index.fuse import FITS_FOLDER
from index.halves import FITS, REPORTS, half_of
from index.health import HealthTopic
from index.health_fit import fit_health_topic, held_back_log_odds, read_lines, write_health_topic
from index.judgments import JudgedQuestion, read_judgments
from index.progress import Progress
from index.relevance import Calibration, logistic
from index.relevance_fit import (
    ONE_SUBJECT,
    Examples,
    best_probability,
    brier,
    fit,
    fit_floor,
    fit_trust,
    floor_that_keeps,
    judge_all_wrong,
    judge_by_grades,
    judge_by_rank,
    reliability,
    with_trust,
    write_calibration,
)
from index.search import Candidates, QuestionError, Searcher, embedded_part, prepare_question

DATA = ROOT / "tests" / "data"
# Our own questions: those that the encoder learns from, as people ask, and those that say what health is not.
QUESTIONS = ROOT / "index" / "training" / "questions"
MOST_QUESTIONS = 8000
MOST_TERMS = 3000
#: Share of the questions that some record answers which the floor must not cost.
KEPT = 0.95
#: How many of the candidates shown for an answered question are right where answers stand alone.
SHOWN_RIGHT = 0.1
#: Sets of questions about health and others (`floor_<set>.jsonl`) that report, and what their figures' names end in.
REPORTED = {"heldout": "", "heldout_2": "-2"}
_SEED = 1


def main() -> None:
    """Fit on the halves for fitting, report on the others."""
    parser = argparse.ArgumentParser(
        description="为一个编码器拟合“相关的概率”和下限，存到 index/fits/。先运行 fit_fusion.py。用一半评过分的问题和一半非健康问题拟合，另一半报告。"
    )
    parser.add_argument("bench", nargs="+", type=Path, help="BEIR 文件夹，语料只有回答、没有问题")
    parser.add_argument("--encoder", metavar="NAME_OR_PATH", default=DEFAULT_ENCODER, help="编码器，默认用自带的")
    parser.add_argument("--out", type=Path, default=FITS_FOLDER, help="存到哪个文件夹，默认 index/fits/")
    arguments = parser.parse_args()
    benches, encoder = benches_and_encoder(arguments.bench, arguments.encoder)
    floors = {half: _lines(DATA / f"floor_{half}.jsonl") for half in ("dev", *REPORTED)}

    with contextlib.ExitStack() as stack:
        progress = stack.enter_context(console_progress())
        health = _learn_health(encoder, floors)
        write_health_topic(encoder.fingerprint, encoder.name, health.topic, arguments.out)
        calibration, evidence, bins = _fit_with_question(encoder, health, floors, stack, progress)
        calibration, alone = _fit_answers_alone(benches, encoder, health, floors, calibration, stack, progress)
        evidence |= alone
        progress.close()

    path = write_calibration(encoder.fingerprint, encoder.name, calibration, evidence, arguments.out)
    print(f"{path}：{calibration}")
    for key, value in evidence.items():
        print(f"{key}：{value:.3f}")
    for mean, share, count in bins:
        print(f"预测 {mean:.2f}，实际 {share:.2f}（{count} 个候选）")
    say("以上都在没有用来拟合的一半问题上")


class Health(NamedTuple):
    """The regression that tells what is about health, and the log-odds of the questions it learnt from by fits that did not see them."""

    topic: HealthTopic
    encoder: CachedEncoder
    others: list[str]
    held_back: Mapping[str, float]

    def of(self, questions: Sequence[str]) -> np.ndarray:
        """Log-odds that each is about health, float64 [questions]."""
        vectors = self.encoder.encode_questions([_searched(text) for text in questions])
        odds = (self.topic.log_odds(vector) for vector in vectors)
        return np.array([self.held_back.get(text, known) for text, known in zip(questions, odds, strict=True)])


def _learn_health(encoder: CachedEncoder, floors: Mapping[str, list[dict]]) -> Health:
    questions, others = _health_questions(floors)
    learnt = [encoder.encode_questions([_searched(text) for text in texts]) for texts in (questions, others)]
    held_back = dict(zip(others, held_back_log_odds(*learnt), strict=True))
    return Health(fit_health_topic(*learnt), encoder, others, held_back)


def _fit_with_question(
    encoder: CachedEncoder, health: Health, floors: Mapping[str, list[dict]], stack: contextlib.ExitStack, progress: Progress
) -> tuple[Calibration, dict[str, float], list[tuple[float, float, int]]]:
    """The probability for records with questions, fitted on half of the judged ones, and the floor that costs few of those that are answered.

    Returns:
        (calibration without a side for answers alone, figures of the other half, a calibration plot's data of it).
    """
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
    build_index(import_records([STARTER_CORPUS], ImportReport()), folder, encoder, progress=progress)
    starter = Searcher.open(folder, encoder)
    # What an earlier fit knew must not judge the next one's examples.
    starter.health_topic, starter.calibration = health.topic, None
    judged = read_judgments(DATA / "judgments.jsonl")
    halves = {half: [question for question in judged if half_of(question.text) == half] for half in (FITS, REPORTS)}

    def find(questions: Iterable[str]) -> dict[str, Candidates | None]:
        return find_all(starter, {text: text for text in questions}, encoder, progress)

    found = find(question.text for question in judged)
    told = {half: find(row["question"] for row in rows) for half, rows in floors.items()}
    strange = {half: [told[half][row["question"]] for row in rows if not row["health"]] for half, rows in floors.items()}

    weights = fit(judge_by_grades(starter, found, halves[FITS]) + judge_all_wrong(starter, strange["dev"]))
    calibration = Calibration(
        weights,  # type: ignore[arg-type]
        answer_only=(0.0, 0.0, 0.0),
        floor=0.0,
        answer_floor=1.0,
        one_subject=ONE_SUBJECT,
        broad=starter.background,
    )
    starter.calibration = calibration

    def best(questions: Iterable[JudgedQuestion]) -> np.ndarray:
        return np.array([best_probability(starter, found[question.text]) for question in questions])

    floor = floor_that_keeps(best(question for question in halves[FITS] if question.is_answered), KEPT)
    reporting = judge_by_grades(starter, found, halves[REPORTS])
    probabilities = logistic(weights, reporting.features)
    evidence = {
        "answered-of-the-answerable": float(np.mean(best(one for one in halves[REPORTS] if one.is_answered) >= floor)),
        "refused-of-what-nothing-answers": float(np.mean(best(one for one in halves[REPORTS] if not one.is_answered) < floor)),
        **{
            f"other-refused{name}": float(np.mean([best_probability(starter, one) < floor for one in strange[half]]))
            for half, name in REPORTED.items()
        },
        **{
            f"health-answered{name}": float(
                np.mean([best_probability(starter, told[half][row["question"]]) >= floor for row in floors[half] if row["health"]])
            )
            for half, name in REPORTED.items()
        },
        "brier": brier(probabilities, reporting.right),
        "brier-of-the-mean": float(reporting.right.mean() * (1 - reporting.right.mean())),
        "share-right": float(reporting.right.mean()),
    }
    return replace(calibration, floor=floor), evidence, reliability(probabilities, reporting.right)


def _fit_answers_alone(
    benches: Sequence[Benchmark],
    encoder: CachedEncoder,
    health: Health,
    floors: Mapping[str, list[dict]],
    calibration: Calibration,
    stack: contextlib.ExitStack,
    progress: Progress,
) -> tuple[Calibration, dict[str, float]]:
    """The probability and the floor for answers without a question: half of each benchmark's questions fit the floor, the others report."""
    others = {half: {row["question"]: row["question"] for row in rows if not row["health"]} for half, rows in floors.items()}
    others["many"] = {text: text for text in health.others}
    indexes = [
        (bench, build_benchmark_index(bench, Path(stack.enter_context(tempfile.TemporaryDirectory())), encoder, progress))
        for bench in benches
    ]
    for _, searcher in indexes:
        searcher.health_topic, searcher.calibration = health.topic, None
    found = [find_all(searcher, bench.questions, encoder, progress) for bench, searcher in indexes]
    strange = [{half: find_all(searcher, questions, encoder, progress) for half, questions in others.items()} for _, searcher in indexes]
    examples = sum(
        (
            judge_by_rank(searcher, asked, bench.qrels) + judge_by_rank(searcher, odd["dev"], {})
            for (bench, searcher), asked, odd in zip(indexes, found, strange, strict=True)
        ),
        start=Examples(np.zeros((0, 2)), np.zeros(0, dtype=bool)),
    )
    calibration = replace(calibration, answer_only=fit(examples, share_right=SHOWN_RIGHT), answer_floor=0.0)  # type: ignore[arg-type]
    for _, searcher in indexes:
        searcher.calibration = calibration
    tops = {}
    for half, start, kinds in (("dev", 0, ("dev", "many")), *((half, 1, (half,)) for half in REPORTED)):
        rows: list[tuple[str, bool, float]] = []
        for (bench, searcher), asked, odd in zip(indexes, found, strange, strict=True):
            rows += [(text, True, best_probability(searcher, asked[key])) for key, text in list(bench.questions.items())[start::2]]
            rows += [(text, False, best_probability(searcher, one)) for kind in kinds for text, one in odd[kind].items()]
        questions, about_health, best = zip(*rows, strict=True)
        tops[half] = Tops(np.array(about_health), np.array(best), health.of(questions))
    floor, trust = _floor(tops["dev"])
    evidence: dict[str, float] = {}
    for half, name in REPORTED.items():
        table = tops[half]
        passes = with_trust(table.best, table.health, trust) >= floor
        evidence[f"health-answered-answers-alone{name}"] = float(np.mean(passes[table.about_health]))
        evidence[f"other-refused-answers-alone{name}"] = float(np.mean(~passes[~table.about_health]))
    return replace(calibration, answer_floor=floor, answer_trust=trust), evidence


class Tops(NamedTuple):
    """Of each question whether it is about health, the probability of its likeliest candidate, and its log-odds of being about health."""

    about_health: np.ndarray
    best: np.ndarray
    health: np.ndarray


def _floor(tops: Tops) -> tuple[float, float]:
    """The floor at even odds, and how far the odds of being about health move it."""
    trust = fit_trust(tops.best, tops.health, tops.about_health)
    moved = with_trust(tops.best, tops.health, trust)
    return fit_floor(moved[tops.about_health], moved[~tops.about_health]), trust


def _health_questions(floors: Mapping[str, list[dict]]) -> tuple[list[str], list[str]]:
    """Questions about health, single terms among them, and others; none that a floor is fitted or reported on."""
    own = [text for name in ("starter", "consultations") for row in _gzipped(QUESTIONS / f"{name}.jsonl.gz") for text in row["queries"]]
    own += [pair[0] for row in _gzipped(QUESTIONS / "topics.jsonl.gz") for pair in row["qa"]]
    terms = sorted(load_medical_terms())
    health = _some(own, MOST_QUESTIONS) + _some(terms, MOST_TERMS) + read_lines([QUESTIONS / "health_unlike.txt"])
    reported = {row["question"] for rows in floors.values() for row in rows}
    others = read_lines([QUESTIONS / "not_health.txt"])
    return [text for text in health if text not in reported], [text for text in others if text not in reported]


def _some(texts: list[str], most: int) -> list[str]:
    places = np.random.default_rng(_SEED).permutation(len(texts))[:most]
    return [texts[place] for place in sorted(places)]


def _searched(question: str) -> str:
    """As the search embeds it; what it refuses stays as it is."""
    with contextlib.suppress(QuestionError):
        return embedded_part(prepare_question(question).text)
    return question


def _gzipped(path: Path) -> list[dict]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def _lines(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


if __name__ == "__main__":
    run(main)
