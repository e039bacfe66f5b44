"""Fitting, for an encoder, whether a question is about health (`index.health`)."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression

from index.fuse import FITS_FOLDER
from index.health import HealthTopic, health_path

#: From .5 to 20 the held-back fifths of what it learns from are told alike (within .3 points).
_INVERSE_REGULARIZATION = 3.0
_DIGITS = 4
_PARTS = 5


def fit_health_topic(health: np.ndarray, other: np.ndarray) -> HealthTopic:
    """From questions' vectors, float32 [questions, dimension]; both kinds count alike, however many there are of each."""
    vectors = np.concatenate([health, other])
    labels = np.repeat([1, 0], [len(health), len(other)])
    model = LogisticRegression(C=_INVERSE_REGULARIZATION, class_weight="balanced", max_iter=5000).fit(vectors, labels)
    return HealthTopic(round(float(model.intercept_[0]), _DIGITS), np.round(model.coef_[0], _DIGITS))


def held_back_log_odds(health: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Log-odds of the `other` questions [questions], each by a fit that did not see it (fifths)."""
    fifths = np.arange(len(other)) % _PARTS
    odds = np.zeros(len(other))
    for part in range(_PARTS):
        topic = fit_health_topic(health, other[fifths != part])
        odds[fifths == part] = [topic.log_odds(vector) for vector in other[fifths == part]]
    return odds


def write_health_topic(fingerprint: str, name: str, topic: HealthTopic, folder: Path = FITS_FOLDER) -> Path:
    """The file that `index.health.health_topic_of` reads."""
    folder.mkdir(parents=True, exist_ok=True)
    path = health_path(fingerprint, folder)
    rows = [", ".join(f"{weight:g}" for weight in topic.weights[start : start + 12]) for start in range(0, len(topic.weights), 12)]
    lines = [
        f"# Written by scripts/fit_relevance.py for the encoder {name!r}; run it again when the encoder changes.",
        "[health]",
        f"intercept = {topic.intercept:g}",
        "weights = [",
        *(f"  {row}," for row in rows),
        "]",
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def read_lines(paths: Iterable[Path]) -> list[str]:
    """The distinct questions of text files, one a line; empty lines are none."""
    lines = (line.strip() for path in paths for line in path.read_text(encoding="utf-8").splitlines())
    return list(dict.fromkeys(line for line in lines if line))
