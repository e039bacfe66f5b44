"""Fitting the probability of relevance (`index.relevance`) for an encoder.

What is judged is what a search shows: the candidates at the top. A labelled record is right; a record on another topic, or one found
for a question that is not about health, is wrong; anything else at the top is not counted, since an unlabelled record on the same
topic may well be right.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import brier_score_loss

from index.fuse import FITS_FOLDER
from index.relevance import Calibration, calibration_path, features_answer_only, features_with_question
from index.search import Candidates, Searcher

#: Candidates at the top that are judged: what a page shows.
SHOWN = 10
#: Candidates further down that stand for other topics where the corpus has no topics: (from, to) in rank.
FAR = (100, 160)


@dataclass(frozen=True)
class Examples:
    """Judged candidates.

    Attributes:
        features: what `index.relevance` computes [examples, features].
        right: bool [examples].
    """

    features: np.ndarray
    right: np.ndarray

    def __add__(self, other: Examples) -> Examples:
        return Examples(np.concatenate([self.features, other.features]), np.concatenate([self.right, other.right]))


def judge_by_topic(
    searcher: Searcher,
    found: Mapping[str, Candidates | None],
    qrels: Mapping[str, Mapping[str, int]],
    topics: Mapping[str, str],
) -> Examples:
    """Examples from questions over records with topics; a question without a judgement (not about health) has no right candidate.

    Args:
        searcher: over records that have questions.
        found: question -> candidates.
        qrels: question -> ids of the right records.
        topics: record id -> topic.
    """
    features, right = [], []
    for question, candidates in found.items():
        if candidates is None:
            continue
        labelled = qrels.get(question, {})
        own = {topics[record] for record in labelled}
        top = searcher.rank(candidates, SHOWN)[0]
        ids = [record.id for record in searcher.store.get(candidates.rows[top].tolist())]
        table = _with_question(candidates)
        for place, record in zip(top, ids, strict=True):
            if record in labelled or topics[record] not in own:
                features.append(table[place])
                right.append(record in labelled)
    return Examples(np.array(features), np.array(right))


def judge_by_rank(searcher: Searcher, found: Mapping[str, Candidates | None], qrels: Mapping[str, Mapping[str, int]]) -> Examples:
    """Examples from questions over answers that stand alone: the right ones at the top, and what ranks far below them."""
    features, right = [], []
    for question, candidates in found.items():
        if candidates is None:
            continue
        labelled = qrels.get(question, {})
        order = searcher.rank(candidates, len(candidates.rows))[0]
        ids = [record.id for record in searcher.store.get(candidates.rows[order].tolist())]
        table = features_answer_only(candidates.passage_similarity, candidates.lexical, candidates.tokens)
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


def best_probability(searcher: Searcher, candidates: Candidates | None, calibration: Calibration) -> float:
    """The probability of the likeliest candidate among those shown; 0 where there is none."""
    if candidates is None or not len(candidates.rows):
        return 0.0
    top = searcher.rank(candidates, SHOWN)[0]
    probabilities = calibration.probabilities(
        candidates.question_similarity, candidates.passage_similarity, candidates.lexical, candidates.tokens
    )
    return float(probabilities[top].max())


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
        f"trust = {calibration.trust:.6g}",
        f"answer_trust = {calibration.answer_trust:.6g}",
        "",
        "# On questions that nothing was fitted on.",
        "[evidence]",
        *(f'"{key}" = {value:.4g}' for key, value in evidence.items()),
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def _with_question(candidates: Candidates) -> np.ndarray:
    return features_with_question(candidates.question_similarity, candidates.passage_similarity, candidates.lexical, candidates.tokens)
