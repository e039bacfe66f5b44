"""Fit what speaks for whom a question is about (`corpus.patient_choice`); keep the weights in the lexicon."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
from _console import fail, run
from scipy.optimize import minimize
from scipy.special import logsumexp

from corpus.atomic import atomic_writer
from corpus.audience import groups_of, vocabulary
from corpus.clean import search_key
from corpus.lexicon import PATIENT
from corpus.paths import ROOT
from corpus.patient import possible_patients
from corpus.patient_choice import EVIDENCE, likeliest

DATA = ROOT / "tests" / "data"
SETS = (DATA / "audience_dev.jsonl", DATA / "audience_dev_2.jsonl")
#: Pull of the weights towards zero: with a few hundred questions that name several people, more evidence than this proves is luck.
PENALTY = 0.01

#: The people of a question: evidence [people, EVIDENCE], and for whom the groups are as labelled, bool [people].
Choice = tuple[np.ndarray, np.ndarray]


def main() -> None:
    """Fit on all writers, report each with the weights of the others, write the table."""
    parser = argparse.ArgumentParser(description="拟合“问题说的是谁”的权重，存到 corpus/lexicon/。报告时轮流留出一位写作者。")
    parser.add_argument("--out", type=Path, default=PATIENT, help="存到哪个文件")
    arguments = parser.parse_args()
    try:
        rows = [json.loads(line) for path in SETS for line in path.read_text(encoding="utf-8").splitlines()]
        writers = [row.get("writer", 0) for row in rows]
        choices = [_choice(row) for row in rows]
    except (OSError, KeyError, json.JSONDecodeError) as error:
        fail(f"用来拟合的问题读不了：{error}")
    told = [(writer, choice) for writer, choice in zip(writers, choices, strict=True) if choice is not None]
    for left_out in sorted(set(writers)):
        mine = [choice for writer, choice in told if writer == left_out]
        if mine:
            weights = fit([choice for writer, choice in told if writer != left_out])
            print(f"写作者 {left_out}：{len(mine)} 个要分辨的问题，选对 {_share_right(weights, mine):.1%}")
    weights = fit([choice for _, choice in told])
    lines = [
        "# How much each piece of evidence tells of who the patient is (corpus/patient_choice.py). Written by scripts/fit_patient.py.",
        "[weights]",
        *(f"{name} = {weight:.3f}" for name, weight in zip(EVIDENCE, weights, strict=True)),
    ]
    with atomic_writer(arguments.out) as file:
        file.write(("\n".join(lines) + "\n").encode())
    print(f"{arguments.out}：{len(told)} 个要分辨的问题（共 {len(rows)} 个）")


def fit(choices: Sequence[Choice]) -> list[float]:
    """The weights under which the right people are likeliest (maximum likelihood of a conditional logit, with an L2 penalty)."""

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        total, slope = PENALTY * float(weights @ weights), 2 * PENALTY * weights
        for evidence, right in choices:
            scores = evidence @ weights
            everybody, those = logsumexp(scores), logsumexp(scores[right])
            total += float(everybody - those) / len(choices)
            slope = slope + (np.exp(scores - everybody) - np.where(right, np.exp(scores - those), 0.0)) @ evidence / len(choices)
        return total, slope

    return [float(weight) for weight in minimize(loss, np.zeros(len(EVIDENCE)), jac=True, method="L-BFGS-B").x]


def _choice(row: dict) -> Choice | None:
    """The people of a labelled question; None where there is nothing to tell apart."""
    people = possible_patients(search_key(row["question"]))
    fits = np.array([agreement(groups_of(patient, row["question"]), row) for patient, _ in people])
    if not len(fits) or fits.max() < 1 or fits.max() == fits.min():
        return None
    return np.array([evidence for _, evidence in people]), fits >= fits.max() - 0.05


def agreement(read: Iterable[str], row: dict) -> float:
    """How well groups agree with a label: 1 and more for the right stage of life and state, a little more for sex and illnesses."""
    if "groups" in row:
        return float(_relevant(read) == _relevant(row["groups"]))
    read = set(read)
    stage = _of(read, "life") - {"成人"} == {row["life"]} - {"", "成人"} and _of(read, "state") == {row["state"]} - {""}
    sexes = _of(read, "sex")
    return (
        float(stage)
        + 0.4 * (not row["sex"] or not sexes or sexes == {row["sex"]})
        + 0.1 * (_of(read, "condition") == set(row["conditions"]))
    )


def _relevant(groups: Iterable[str]) -> set[str]:
    return set(groups) - {"女性", "男性", "成人"}


def _of(groups: set[str], dimension: str) -> set[str]:
    return {group for group in groups if vocabulary().dimension[group] == dimension}


def _share_right(weights: Sequence[float], choices: Sequence[Choice]) -> float:
    return float(np.mean([right[likeliest(evidence.tolist(), weights)] for evidence, right in choices]))


if __name__ == "__main__":
    run(main)
