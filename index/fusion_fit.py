"""Fitting the fusion's weights for an encoder, with figures from data that the weights have not seen."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from index.evaluation import measure, rank_all
from index.fuse import FITS_FOLDER, Fusion
from index.search import Arm, Candidates, Searcher

#: Weights tried.
STEPS = tuple(round(float(step), 2) for step in np.arange(0, 0.85, 0.05))


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

    def ndcg10(self, fusion: Fusion, arm: Arm = Arm.FUSED) -> float:
        """nDCG@10 in percent with these weights."""
        self.searcher.fusion = fusion
        return measure(self.name, arm.value, rank_all(self.searcher, self.found, arm), self.qrels).figures["ndcg10"]


def fit_answer_weight(benches: Sequence[Judged], start: Fusion) -> tuple[Fusion, dict[str, float]]:
    """The word share for records without a question that is best on the mean of the benches.

    Returns:
        (weights, bench -> nDCG@10 with the share fitted on all other benches): no figure is of what was fitted on.
    """
    tried = {step: [bench.ndcg10(replace(start, answer_word_weight=step)) for bench in benches] for step in STEPS}
    best = _best((step, sum(figures)) for step, figures in tried.items())
    left_out = {}
    for number, bench in enumerate(benches):
        others = _best((step, sum(figures) - figures[number]) for step, figures in tried.items()) if len(benches) > 1 else best
        left_out[bench.name] = tried[others][number]
    return replace(start, answer_word_weight=best), left_out


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
        "",
        "# nDCG@10 in percent on what these weights were not fitted on.",
        "[evidence]",
        *(f'"{bench}" = {figure:.1f}' for bench, figure in evidence.items()),
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def _best(scored: Iterable[tuple[float, float]]) -> float:
    return max(scored, key=lambda pair: pair[1])[0]
