"""Fitting what speaks for whom a question is about (`corpus.patient_choice`), on labelled questions.

A label says for whom a question is: `life`, `state`, `sex` and `conditions`, or all `groups` at once. Of the people whom a question names those
are right whose groups (`corpus.audience.groups_of`) agree with it best.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import minimize
from scipy.special import logsumexp

from corpus.atomic import atomic_writer
from corpus.audience import groups_of, vocabulary
from corpus.clean import search_key
from corpus.patient import possible_patients
from corpus.patient_choice import EVIDENCE, likeliest

#: Pull of the weights towards zero: with a few hundred questions that name several people, more evidence than this proves is luck.
PENALTY = 0.01

#: The people of a question: evidence [people, EVIDENCE], and whether each is right, bool [people].
Choice = tuple[np.ndarray, np.ndarray]


def choice_of(row: Mapping[str, Any]) -> Choice | None:
    """The people of a labelled question; None where there is nothing to tell apart, or nobody is right."""
    key = search_key(row["question"])
    people = possible_patients(key)
    found = np.array([agreement(groups_of(patient, key), row) for patient, _ in people])
    if not len(found) or found.max() < 1 or found.max() == found.min():
        return None
    return np.array([evidence for _, evidence in people]), found >= found.max() - 0.05


def agreement(read: Iterable[str], row: Mapping[str, Any]) -> float:
    """How well groups agree with a label: 1 and more for the right stage of life and state, a little more for sex and illnesses."""
    if "groups" in row:
        return float(_but_sex_and_adults(read) == _but_sex_and_adults(row["groups"]))
    groups = set(read)
    is_right = _stage_of(groups) == {row["life"]} - {"", "成人"} and _of(groups, "state") == {row["state"]} - {""}
    sexes = _of(groups, "sex")
    same_sex = not row["sex"] or not sexes or sexes == {row["sex"]}
    return float(is_right) + 0.4 * same_sex + 0.1 * (_of(groups, "condition") == set(row["conditions"]))


def _stage_of(groups: set[str]) -> set[str]:
    """Adults are left out, since who names nobody is taken for one."""
    return _of(groups, "life") - {"成人"}


def fit(choices: Sequence[Choice]) -> list[float]:
    """The weights under which the right people are likeliest: maximum likelihood of a conditional logit, with an L2 penalty."""

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        total, slope = PENALTY * float(weights @ weights), 2 * PENALTY * weights
        for evidence, right in choices:
            scores = evidence @ weights
            everybody, those = logsumexp(scores), logsumexp(scores[right])
            total += float(everybody - those) / len(choices)
            slope = slope + (np.exp(scores - everybody) - np.where(right, np.exp(scores - those), 0.0)) @ evidence / len(choices)
        return total, slope

    return [float(weight) for weight in minimize(loss, np.zeros(len(EVIDENCE)), jac=True, method="L-BFGS-B").x]


def share_right(weights: Sequence[float], choices: Sequence[Choice]) -> float:
    """Share of the questions in which the likeliest person is right, in [0, 1]."""
    return float(np.mean([right[likeliest(evidence.tolist(), weights)] for evidence, right in choices]))


def write_weights(weights: Sequence[float], path: Path) -> None:
    """The table that `corpus.patient_choice` reads."""
    lines = [
        "# How much each piece of evidence tells of who the patient is (corpus/patient_choice.py). Written by scripts/fit_patient.py.",
        "[weights]",
        *(f"{name} = {weight:.3f}" for name, weight in zip(EVIDENCE, weights, strict=True)),
    ]
    with atomic_writer(path) as file:
        file.write(("\n".join(lines) + "\n").encode())


def _but_sex_and_adults(groups: Iterable[str]) -> set[str]:
    return set(groups) - {"女性", "男性", "成人"}


def _of(groups: set[str], dimension: str) -> set[str]:
    return {group for group in groups if vocabulary().dimension[group] == dimension}
