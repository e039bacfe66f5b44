"""Fit the probability of relevance, what a question about health is, and the floor for an encoder; keep them under its fingerprint."""

from __future__ import annotations

import argparse
import contextlib
import gzip
import json
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from _benches import benches_and_encoder
from _console import console_progress, run, say

from corpus.importer import ImportReport, import_records
from corpus.lexicon import load_medical_terms
from corpus.paths import ROOT, STARTER_CORPUS
from index.build import build_index
from index.embedding_cache import CachedEncoder
from index.encoder import DEFAULT_ENCODER
from index.evaluation import build_benchmark_index, find_all
from index.fuse import FITS_FOLDER
from index.halves import half_of
from index.health_fit import fit_health_topic, held_back_log_odds, read_lines, write_health_topic
from index.relevance import Calibration
from index.relevance_fit import (
    Examples,
    best_probability,
    brier,
    fit,
    fit_floor,
    fit_trust,
    judge_by_rank,
    judge_by_topic,
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
_SEED = 1


def main() -> None:
    """Fit on the halves for fitting, report on the others."""
    parser = argparse.ArgumentParser(
        description="为一个编码器拟合“相关的概率”和下限，存到 index/fits/。先运行 fit_fusion.py。用一半示例问题和一半非健康问题拟合，另一半报告。"
    )
    parser.add_argument("bench", nargs="+", type=Path, help="BEIR 文件夹，语料只有回答、没有问题")
    parser.add_argument("--encoder", metavar="NAME_OR_PATH", default=DEFAULT_ENCODER, help="编码器，默认用自带的")
    parser.add_argument("--out", type=Path, default=FITS_FOLDER, help="存到哪个文件夹，默认 index/fits/")
    arguments = parser.parse_args()
    benches, encoder = benches_and_encoder(arguments.bench, arguments.encoder)
    floors = {half: _lines(DATA / f"floor_{half}.jsonl") for half in ("dev", "heldout", "heldout_2")}
    others = {half: {row["question"]: row["question"] for row in rows if not row["health"]} for half, rows in floors.items()}

    with contextlib.ExitStack() as stack:
        progress = stack.enter_context(console_progress())
        health_questions, other_questions = _health_questions(floors)
        learnt = [encoder.encode_questions([_searched(text) for text in texts]) for texts in (health_questions, other_questions)]
        health_topic = fit_health_topic(*learnt)
        write_health_topic(encoder.fingerprint, encoder.name, health_topic, arguments.out)
        # What it learnt from it knows too well; to fit a floor each is judged by a fit on the others.
        others["many"] = {text: text for text in other_questions}
        judged_by_others = dict(zip(other_questions, held_back_log_odds(*learnt), strict=True))

        def health_of(questions: Sequence[str]) -> np.ndarray:
            vectors = encoder.encode_questions([_searched(text) for text in questions])
            odds = (health_topic.log_odds(vector) for vector in vectors)
            return np.array([judged_by_others.get(text, known) for text, known in zip(questions, odds, strict=True)])

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
        # A floor is fitted on all that nothing reports on.
        floors["dev"] += [{"question": text, "health": True} for text in halves[0]]
        floors["dev"] += [{"question": text, "health": False} for text in other_questions]
        tops = {half: _tops(starter, rows, encoder, calibration) for half, rows in floors.items()}
        # Half of a bench's questions fit the floor under answers that stand alone, the other half reports.
        alone_tops = {
            half: _joined(
                [
                    (text, True, best_probability(searcher, asked[key], calibration))
                    for (bench, searcher), asked in zip(indexes, found, strict=True)
                    for key, text in list(bench.questions.items())[start::2]
                ]
                + [
                    (text, False, best_probability(searcher, candidates, calibration))
                    for (_, searcher), odd in zip(indexes, strange, strict=True)
                    for other in kinds
                    for text, candidates in odd[other].items()
                ]
            )
            for half, start, kinds in (("dev", 0, ("dev", "many")), ("heldout", 1, ("heldout",)), ("heldout_2", 1, ("heldout_2",)))
        }
        for tables in (tops, alone_tops):
            for half, table in tables.items():
                tables[half] = table._replace(health=health_of(table.questions))
        floor, trust = _floor(tops["dev"])
        answer_floor, answer_trust = _floor(alone_tops["dev"])
        calibration = Calibration(with_question, answer_only, floor, answer_floor, trust, answer_trust)  # type: ignore[arg-type]
        progress.close()

    probabilities = 1 / (1 + np.exp(-(with_question[0] + reporting.features @ np.array(with_question[1:]))))
    evidence = {
        **_told("", tops, floor, trust),
        **_told("-answers-alone", alone_tops, answer_floor, answer_trust),
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


class Tops(NamedTuple):
    """Questions, whether each is about health, the probability of its likeliest candidate, and its log-odds of being about health."""

    questions: list[str]
    about_health: np.ndarray
    best: np.ndarray
    health: np.ndarray


def _joined(rows: list[tuple[str, bool, float]]) -> Tops:
    questions, about_health, best = zip(*rows, strict=True)
    return Tops(list(questions), np.array(about_health), np.array(best), np.zeros(len(rows)))


def _tops(searcher: Searcher, rows: list[dict], encoder: CachedEncoder, calibration: Calibration) -> Tops:
    found: dict[str, Candidates | None] = find_all(searcher, {row["question"]: row["question"] for row in rows}, encoder)
    return _joined([(row["question"], row["health"], best_probability(searcher, found[row["question"]], calibration)) for row in rows])


def _floor(tops: Tops) -> tuple[float, float]:
    """The floor at even odds, and how far the odds of being about health move it."""
    trust = fit_trust(tops.best, tops.health, tops.about_health)
    moved = with_trust(tops.best, tops.health, trust)
    return fit_floor(moved[tops.about_health], moved[~tops.about_health]), trust


def _told(kind: str, tables: Mapping[str, Tops], floor: float, trust: float) -> dict[str, float]:
    """Shares of questions about health that are answered, and of others that are not, on what nothing was fitted on."""
    evidence: dict[str, float] = {}
    for half in ("heldout", "heldout_2"):
        table, name = tables[half], f"{kind}{'-2' if half == 'heldout_2' else ''}"
        passes = with_trust(table.best, table.health, trust) >= floor
        evidence[f"health-answered{name}"] = float(np.mean(passes[table.about_health]))
        evidence[f"other-refused{name}"] = float(np.mean(~passes[~table.about_health]))
        if not kind:
            evidence[f"floor-precision{name}"] = float(np.mean(table.about_health[passes]))
    return evidence


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
