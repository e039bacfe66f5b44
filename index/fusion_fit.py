"""Fitting the fusion's weights for an encoder, with figures from data that the weights have not seen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from scipy.ndimage import gaussian_filter

from index.evaluation import measure, rank_all
from index.fuse import FITS_FOLDER, Fusion
from index.search import Arm, Candidates, Searcher

#: Weights tried.
STEPS = tuple(round(float(step), 2) for step in np.arange(0, 0.85, 0.05))
#: Ranges of the dense scores tried, as shares of how far the vector arm's candidates usually reach in the benches.
RANGES = (0.7, 0.85, 1.0, 1.2)


@dataclass(frozen=True)
class Judged:
    """Questions with what the search found for them and what is right.

    Attributes:
        name: for reports.
        searcher: which found it.
        found: question id -> candidates.
        qrels: question id -> document id -> grade.
    """

    name: str
    searcher: Searcher
    found: Mapping[str, Candidates | None]
    qrels: Mapping[str, Mapping[str, int]]

    def usual_range(self, fusion: Fusion) -> float:
        """How far under the best dense score these weights' floor lies, on the mean of the questions."""
        answered = [found for found in self.found.values() if found is not None and found.by_vectors.any()]
        dense = [found.dense(fusion.question_weight) for found in answered]
        return float(np.mean([one.max() - fusion.dense_floor(one, found.by_vectors) for one, found in zip(dense, answered, strict=True)]))

    def ndcg10(self, fusion: Fusion, arm: Arm = Arm.FUSED) -> float:
        """nDCG@10 in percent with these weights."""
        self.searcher.fusion = fusion
        return measure(self.name, arm.value, rank_all(self.searcher, self.found, arm), self.qrels).figures["ndcg10"]


def fit_answer_side(benches: Sequence[Judged], start: Fusion) -> tuple[Fusion, dict[str, float]]:
    """The word share for records without a question and the range of the dense scores that are best on the mean of the benches.

    Returns:
        (weights, bench -> nDCG@10 with both fitted on all other benches): no figure is of what was fitted on.
    """
    usual = float(np.mean([bench.usual_range(replace(start, dense_range=None)) for bench in benches]))
    tried = [[replace(start, answer_word_weight=step, dense_range=round(share * usual, 3)) for step in STEPS] for share in RANGES]
    figures = np.array([[[bench.ndcg10(fusion) for fusion in row] for row in tried] for bench in benches])

    def best(members: Sequence[int]) -> tuple[int, int]:
        return plateau(figures[list(members)].mean(axis=0))

    everything = range(len(benches))
    row, column = best(everything)
    left_out = {}
    for number, bench in enumerate(benches):
        others = [other for other in everything if other != number] or [number]
        left_out[bench.name] = float(figures[number][best(others)])
    return tried[row][column], left_out


def fit_question_weights(fitting: Sequence[Judged], start: Fusion) -> Fusion:
    """The word share and the question's share that are best for records with a question, on the mean of these sets."""
    tried = [[replace(start, word_weight=word, question_weight=question) for question in STEPS] for word in STEPS]
    row, column = plateau(np.array([[np.mean([one.ndcg10(fusion) for one in fitting]) for fusion in row] for row in tried]))
    return tried[row][column]


def plateau(figures: np.ndarray) -> tuple[int, int]:
    """Where a cell and its eight neighbours are best, of figures [rows, columns]: (row, column), the first of equals.

    The highest cell by itself is often a lucky one: a few hundred questions move a figure by more than two steps of a weight do.
    """
    smooth = gaussian_filter(np.asarray(figures, dtype=np.float64), sigma=1, radius=1, mode="nearest")
    row, column = np.unravel_index(int(np.argmax(smooth.round(9))), smooth.shape)
    return int(row), int(column)


def write_fit(fingerprint: str, name: str, fusion: Fusion, evidence: Mapping[str, float], folder: Path = FITS_FOLDER) -> Path:
    """`<folder>/<fingerprint>.toml`, which `fuse.fusion_of` reads."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{fingerprint}.toml"
    lines = [
        f"# Written by scripts/fit_fusion.py for the encoder {name!r}; run it again when the encoder changes.",
        "[weights]",
        f"word_weight = {fusion.word_weight}",
        f"answer_word_weight = {fusion.answer_word_weight}",
        f"question_weight = {fusion.question_weight}",
        *([f"dense_range = {fusion.dense_range}"] if fusion.dense_range is not None else []),
        "",
        "# nDCG@10 in percent on what these weights were not fitted on.",
        "[evidence]",
        *(f'"{bench}" = {figure:.1f}' for bench, figure in evidence.items()),
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path
