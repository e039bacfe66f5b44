"""Fitting the fusion's weights for an encoder, with figures from data that the weights have not seen."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

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
    ranges = [round(share * usual, 3) for share in RANGES]

    @functools.cache
    def figures(step: float, dense_range: float) -> list[float]:
        return [bench.ndcg10(replace(start, answer_word_weight=step, dense_range=dense_range)) for bench in benches]

    def best(members: Sequence[int]) -> tuple[float, float]:
        tried = ((step, dense_range) for dense_range in ranges for step in STEPS)
        return max(tried, key=lambda pair: sum(figures(*pair)[number] for number in members))

    everything = range(len(benches))
    step, dense_range = best(everything)
    left_out = {}
    for number, bench in enumerate(benches):
        others = [other for other in everything if other != number] or [number]
        left_out[bench.name] = figures(*best(others))[number]
    return replace(start, answer_word_weight=step, dense_range=dense_range), left_out


def fit_question_weights(fitting: Judged, start: Fusion) -> Fusion:
    """The word share and the question's share that are best for records with a question."""
    weights = (replace(start, word_weight=word, question_weight=question) for word, question in itertools.product(STEPS, STEPS))
    return max(weights, key=fitting.ndcg10)


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
