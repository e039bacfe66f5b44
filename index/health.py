"""Whether a question is about health at all, told from its vector alone.

What a corpus of answers cannot tell: how near a question comes to the nearest answer depends as much on how full the corpus is as on
what is asked. So a logistic regression over the question's embedding, fitted by `scripts/fit_relevance.py` on questions about health
and about anything else, is part of how likely a record answers, and moves the floor under answers that stand alone (`index.relevance`). Weights belong to an encoder.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from index.fuse import FITS_FOLDER

#: Log-odds are believed no further. That a question is about health does not make a record its answer, so that side is believed
#: less far: a list of answers would have no end.
LEAST, MOST = -4.0, 1.0
#: Log-odds under which a question that nothing answers is told to be about something else: one in eight.
ELSEWHERE = -2.0


@dataclass(frozen=True)
class HealthTopic:
    """Intercept and weights of the regression.

    Attributes:
        weights: float64 [dimension].
    """

    intercept: float
    weights: np.ndarray

    def log_odds(self, vector: np.ndarray) -> float:
        """That a question with this vector [dimension] is about health, in [LEAST, MOST]."""
        return float(np.clip(self.intercept + vector.astype(np.float64) @ self.weights, LEAST, MOST))


def health_topic_of(fingerprint: str, folder: Path = FITS_FOLDER) -> HealthTopic | None:
    """What was fitted for the encoder with this fingerprint; None where nothing was."""
    path = health_path(fingerprint, folder)
    if not path.exists():
        return None
    fields = tomllib.loads(path.read_text(encoding="utf-8"))["health"]
    return HealthTopic(fields["intercept"], np.array(fields["weights"], dtype=np.float64))


def health_path(fingerprint: str, folder: Path = FITS_FOLDER) -> Path:
    """Where the regression of an encoder lies."""
    return folder / f"{fingerprint}.health.toml"
