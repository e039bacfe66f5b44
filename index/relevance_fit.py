"""Fitting the probability of relevance (`index.relevance`) for an encoder.

For records with questions it is what readers judged among the best results (`index.judgments`), and what is found for questions that are
not about health, all of it wrong. For answers that stand alone a labelled record at the top is right and what ranks far below it wrong;
anything else is not counted, since an unlabelled record on the same topic may well be right.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import brier_score_loss

from index.fuse import FITS_FOLDER
from index.judgments import ANSWERS, JudgedQuestion
from index.relevance import Calibration, calibration_path
from index.search import Candidates, Searcher

#: Candidates at the top that are judged: what a page shows.
SHOWN = 10
#: What an index about one subject adds (`Calibration.one_subject`), by hand: asked of a page of 18 answers about cramps whose answers have a
#: cosine of .78 (the starter corpus .56), the likeliest record of 14 questions that it answers lay at -6 to 1.7 and of 14 others at -13 to
#: -2, all but three of those under -4; with it most of the former are over .3.
ONE_SUBJECT = 11.0
#: Candidates further down that stand for other topics where the corpus has no topics: (from, to) in rank.
FAR = (100, 160)


@dataclass(frozen=True)
class Examples:
    """Judged candidates.

    Attributes:
        features: of `index.relevance.Evidence` [examples, features].
        right: bool [examples].
    """

    features: np.ndarray
    right: np.ndarray

    def __add__(self, other: Examples) -> Examples:
        return Examples(np.concatenate([self.features, other.features]), np.concatenate([self.right, other.right]))


def judge_by_grades(searcher: Searcher, found: Mapping[str, Candidates | None], judged: Iterable[JudgedQuestion]) -> Examples:
    """Every judged record that the search brought, right from the grade that answers (`index.judgments.ANSWERS`)."""
    features, right = [], []
    for question in judged:
        candidates = found[question.text]
        if candidates is None:
            continue
        table = candidates.evidence.with_question()
        ids = [record.id for record in searcher.store.get(candidates.rows.tolist())]
        places = [place for place, record in enumerate(ids) if record in question.grades]
        features += [table[place] for place in places]
        right += [question.grades[ids[place]] >= ANSWERS for place in places]
    return Examples(np.array(features), np.array(right))


def judge_all_wrong(searcher: Searcher, found: Iterable[Candidates | None]) -> Examples:
    """What stands at the top for questions that nothing answers."""
    tables = [candidates.evidence.with_question()[searcher.rank(candidates, SHOWN)[0]] for candidates in found if candidates is not None]
    features = np.concatenate(tables)
    return Examples(features, np.zeros(len(features), dtype=bool))


def judge_by_rank(searcher: Searcher, found: Mapping[str, Candidates | None], qrels: Mapping[str, Mapping[str, int]]) -> Examples:
    """Examples from questions over answers that stand alone: the right ones at the top, and what ranks far below them."""
    features, right = [], []
    for question, candidates in found.items():
        if candidates is None:
            continue
        labelled = qrels.get(question, {})
        order = searcher.rank(candidates, len(candidates.rows))[0]
        ids = [record.id for record in searcher.store.get(candidates.rows[order].tolist())]
        table = candidates.evidence.answer_only()
        far = range(*FAR) if labelled else range(SHOWN)
        for rank, (place, record) in enumerate(zip(order, ids, strict=True)):
            if (record in labelled and rank < SHOWN) or (record not in labelled and rank in far):
                features.append(table[place])
                right.append(record in labelled)
    return Examples(np.array(features), np.array(right))


def fit(examples: Examples, share_right: float | None = None) -> tuple[float, ...]:
    """Intercept and weights.

    Args:
        examples: judged candidates, right and wrong ones.
        share_right: how many of the shown candidates are right, where the examples do not have that share by themselves.
    """
    weights = None
    if share_right is not None:
        there = float(examples.right.mean())
        weights = np.where(examples.right, share_right / there, (1 - share_right) / (1 - there))
    model = LogisticRegression(C=100.0, max_iter=1000).fit(examples.features, examples.right, sample_weight=weights)
    return (float(model.intercept_[0]), *(float(weight) for weight in model.coef_[0]))


def best_probability(searcher: Searcher, candidates: Candidates | None) -> float:
    """The probability of the likeliest candidate among those shown, by the searcher's calibration; 0 where there is none."""
    if candidates is None or not len(candidates.rows):
        return 0.0
    probabilities = searcher.probabilities(candidates)
    assert probabilities is not None
    return float(probabilities[searcher.rank(candidates, SHOWN)[0]].max())


def floor_that_keeps(best: Sequence[float] | np.ndarray, share: float) -> float:
    """The highest floor under which no more than 1 - `share` of the questions fall, by the probability of each one's likeliest candidate."""
    return float(np.quantile(best, 1 - share, method="lower"))


def fit_trust(probabilities: np.ndarray, health: np.ndarray, about_health: np.ndarray) -> float:
    """By how much of its log-odds of being about health a question's floor sinks, on the log-odds of the probability; 0 at least.

    Args:
        probabilities: of each question's likeliest candidate.
        health: each question's log-odds of being about health, from a fit that did not see it.
        about_health: whether it is.
    """
    features = np.column_stack([log_odds(probabilities), health])
    weights = LogisticRegression(C=1.0, class_weight="balanced", max_iter=1000).fit(features, about_health).coef_[0]
    return max(0.0, float(weights[1] / weights[0])) if weights[0] > 0 else 0.0


def log_odds(probabilities: np.ndarray) -> np.ndarray:
    """Finite ones: what is sure counts as one in a million the other way."""
    clipped = np.clip(probabilities, 1e-6, 1 - 1e-6)
    return np.log(clipped / (1 - clipped))


def with_trust(probabilities: np.ndarray, health: np.ndarray, trust: float) -> np.ndarray:
    """The probabilities as an unmoved floor sees them: moving a floor down is moving them up."""
    return 1 / (1 + np.exp(-(log_odds(probabilities) + trust * health)))


def fit_floor(health: Sequence[float] | np.ndarray, other: Sequence[float] | np.ndarray) -> float:
    """The floor that parts questions about health from others best: most right on the mean of both kinds, the middle of such floors."""
    values = np.unique([*health, *other])
    floors = (values[:-1] + values[1:]) / 2
    accuracy = [(np.mean(np.array(health) >= floor) + np.mean(np.array(other) < floor)) / 2 for floor in floors]
    best = np.flatnonzero(np.isclose(accuracy, max(accuracy)))
    return float(floors[best[len(best) // 2]])


def reliability(probabilities: np.ndarray, right: np.ndarray, bins: int = 5) -> list[tuple[float, float, int]]:
    """A calibration plot's data: (mean probability, share that is right, how many) for equal bins of probability."""
    numbers = np.minimum((probabilities * bins).astype(int), bins - 1)
    rows = [(probabilities[numbers == one], right[numbers == one]) for one in range(bins)]
    return [(float(mean.mean()), float(share.mean()), len(mean)) for mean, share in rows if len(mean)]


def brier(probabilities: np.ndarray, right: np.ndarray) -> float:
    """Mean squared error of probabilities (Brier 1950); 0 is best."""
    return float(brier_score_loss(right, probabilities))


def write_calibration(
    fingerprint: str, name: str, calibration: Calibration, evidence: Mapping[str, float], folder: Path = FITS_FOLDER
) -> Path:
    """The file that `index.relevance.calibration_of` reads."""
    folder.mkdir(parents=True, exist_ok=True)
    path = calibration_path(fingerprint, folder)
    lines = [
        f"# Written by scripts/fit_relevance.py for the encoder {name!r}; run it again when the encoder or the fusion changes.",
        "[calibration]",
        "with_question = [" + ", ".join(f"{weight:.6g}" for weight in calibration.with_question) + "]",
        "answer_only = [" + ", ".join(f"{weight:.6g}" for weight in calibration.answer_only) + "]",
        f"floor = {calibration.floor:.6g}",
        f"answer_floor = {calibration.answer_floor:.6g}",
        f"answer_trust = {calibration.answer_trust:.6g}",
        f"one_subject = {calibration.one_subject:.6g}",
        f"broad = {calibration.broad:.6g}",
        "",
        "# On questions that nothing was fitted on.",
        "[evidence]",
        *(f'"{key}" = {value:.4g}' for key, value in evidence.items()),
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path
