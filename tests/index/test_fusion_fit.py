"""Fitting the fusion's weights: what is chosen, and that no figure is of what was fitted on."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from index.fuse import Fusion, fusion_of
from index.fusion_fit import fit_answer_side, plateau, write_fit


@dataclass(frozen=True)
class Bench:
    """Best with one word share and a range of .085; every .01 beside the share costs a point, every .001 beside the range too."""

    name: str
    share: float

    def usual_range(self, fusion: Fusion) -> float:
        return 0.1

    def ndcg10(self, fusion: Fusion) -> float:
        assert fusion.dense_range is not None
        return 100 - 100 * abs(fusion.answer_word_weight - self.share) - 1_000 * abs(fusion.dense_range - 0.085)


def test_the_answer_side_is_fitted_on_all_and_reported_with_one_left_out() -> None:
    benches: Any = [Bench("low", 0.2), Bench("middle", 0.3), Bench("high", 0.4)]
    fusion, evidence = fit_answer_side(benches, Fusion(word_weight=0.1))
    assert fusion == Fusion(word_weight=0.1, answer_word_weight=0.3, dense_range=0.085)
    # Without one, every share between the other two serves them alike; the lowest whose neighbours do too is taken: .35, .25 and .25.
    assert evidence == pytest.approx({"low": 85.0, "middle": 95.0, "high": 85.0})


def test_a_broad_height_is_preferred_to_a_lone_peak() -> None:
    figures = np.zeros((4, 6))
    figures[0, 0] = 1.0
    figures[1:, 3:] = 0.9
    assert plateau(figures) == (2, 4)


def test_one_bench_alone_reports_what_it_was_fitted_on() -> None:
    benches: Any = [Bench("only", 0.25)]
    fusion, evidence = fit_answer_side(benches, Fusion())
    assert (fusion.answer_word_weight, evidence["only"]) == pytest.approx((0.25, 100.0))


@pytest.mark.parametrize("fusion", [Fusion(), Fusion(0.1, 0.2, 0.3, 0.09)])
def test_a_fit_is_read_as_it_was_written(tmp_path: Path, fusion: Fusion) -> None:
    write_fit("0123456789abcdef", "default", fusion, {"bench": 47.12}, tmp_path)
    assert fusion_of("0123456789abcdef", tmp_path) == fusion
    assert fusion_of("fedcba9876543210", tmp_path) == Fusion()
