from __future__ import annotations

import math
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.importer import ImportReport, import_records
from corpus.paths import ROOT
from index.build import build_index
from index.encoder import TextEncoder
from index.relevance import Calibration, Evidence, calibration_of, label
from index.relevance_fit import Examples, brier, fit, fit_floor, fit_trust, floor_that_keeps, reliability, with_trust, write_calibration
from index.search import Searcher

CALIBRATION = Calibration(with_question=(-2.0, 1.0, 2.0, 0.5, 0.25, -0.1), answer_only=(-1.0, 3.0, 1.0), floor=0.4, answer_floor=0.25)


def test_probabilities_worked_out_by_hand() -> None:
    measured = np.array([0.5, -np.inf]), np.array([1.0, 0.5]), np.array([4.0, 2.0])
    probabilities = CALIBRATION.probabilities(Evidence(*measured, tokens=4, length=10, health=-3.0))
    with_question = -2 + 1 * 0.5 + 2 * 1.0 + 0.5 * (4 / 4) + 0.25 * math.log(10) - 0.1 * -3
    answer_only = -1 + 3 * 0.5 + 1 * (2 / 4)
    assert probabilities == pytest.approx([1 / (1 + math.exp(-with_question)), 1 / (1 + math.exp(-answer_only))])


def test_in_an_index_about_one_subject_what_lies_near_is_likelier() -> None:
    """Answers with a cosine of .7 where a broad index has .5, at 10 a unit: log-odds of 2 more; none less in an index that is broader."""
    narrow = replace(CALIBRATION, one_subject=10.0, broad=0.5)
    lie = Evidence(np.array([0.5]), np.array([1.0]), np.array([4.0]), tokens=4, length=10, health=0.0)
    log_odds = [float(np.log(p / (1 - p))[0]) for p in (narrow.probabilities(lie, background=background) for background in (0.3, 0.5, 0.7))]
    assert log_odds[0] == pytest.approx(log_odds[1])
    assert log_odds[2] == pytest.approx(log_odds[1] + 2)


def test_floors_worked_out_by_hand() -> None:
    """Alone: odds of 1 : 3, and log-odds of ln 2 believed wholly make 1 : 6 of them. What health is counts in the other's probability."""
    trusting = replace(CALIBRATION, answer_trust=1.0)
    assert trusting.floors(np.array([True, False]), math.log(2)) == pytest.approx([0.4, 1 / 7])
    assert trusting.floors(np.array([True, False]), 0.0) == pytest.approx([0.4, 0.25])
    assert CALIBRATION.floors(np.array([True, False]), 3.0) == pytest.approx([0.4, 0.25])


@given(st.floats(0.01, 0.99), st.floats(-4, 4), st.floats(0, 3), st.floats(0.01, 0.99))
def test_moving_the_floor_down_is_moving_the_probability_up(floor: float, health: float, trust: float, probability: float) -> None:
    moved = replace(CALIBRATION, answer_floor=floor, answer_trust=trust).floors(np.array([False]), health)[0]
    seen = with_trust(np.array([probability]), np.array([health]), trust)[0]
    if abs(seen - floor) > 1e-9:
        assert (probability >= moved) == (seen >= floor)


def test_what_tells_health_better_is_trusted_more() -> None:
    rng = np.random.default_rng(0)
    about = np.repeat([True, False], 500)
    probabilities = np.clip(rng.normal(np.where(about, 0.6, 0.4), 0.2), 0.01, 0.99)
    telling = fit_trust(probabilities, rng.normal(np.where(about, 3, -3), 1), about)
    silent = fit_trust(probabilities, rng.normal(0, 1, 1000), about)
    assert telling > 1
    assert silent < 0.2


def test_a_question_without_tokens_is_no_division_by_nothing() -> None:
    nothing = Evidence(np.array([0.5]), np.array([0.5]), np.array([0.0]), tokens=0, length=0, health=0.0)
    assert np.isfinite(CALIBRATION.probabilities(nothing)).all()


@pytest.mark.parametrize(("probability", "word"), [(1.0, "高"), (0.6, "高"), (0.59, "中"), (0.3, "中"), (0.29, "低"), (0.0, "低")])
def test_words(probability: float, word: str) -> None:
    assert label(probability).value == word


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    write_calibration("abc", "some/encoder", CALIBRATION, {"brier": 0.1}, tmp_path)
    assert calibration_of("abc", tmp_path) == CALIBRATION
    assert calibration_of("another", tmp_path) is None


def test_weights_of_an_earlier_version_are_told_by_their_file(tmp_path: Path) -> None:
    written = write_calibration("abc", "some/encoder", replace(CALIBRATION, with_question=(-2.0, 1.0, 2.0, 0.5)), {}, tmp_path)  # type: ignore[arg-type]
    with pytest.warns(match=re.escape(str(written))):
        assert calibration_of("abc", tmp_path) is None


def test_the_fit_finds_what_made_the_examples() -> None:
    rng = np.random.default_rng(0)
    features = rng.uniform(0, 1, (20_000, 2))
    right = rng.random(20_000) < 1 / (1 + np.exp(-(-1 + 4 * features[:, 0] + 0 * features[:, 1])))
    intercept, one, other = fit(Examples(features, right))
    assert (intercept, one, other) == pytest.approx((-1, 4, 0), abs=0.25)


def test_a_share_that_is_asked_for_moves_the_mean_probability_there() -> None:
    rng = np.random.default_rng(1)
    features = rng.uniform(0, 1, (5_000, 1))
    right = rng.random(5_000) < 0.5
    intercept, weight = fit(Examples(features, right), share_right=0.2)
    assert float(np.mean(1 / (1 + np.exp(-(intercept + weight * features))))) == pytest.approx(0.2, abs=0.02)


def test_the_floor_parts_what_can_be_parted() -> None:
    assert 0.3 < fit_floor([0.9, 0.8, 0.6], [0.3, 0.1, 0.2]) < 0.6


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30), st.floats(0.5, 1))
def test_the_floor_that_keeps_costs_no_more_than_it_may(best: list[float], share: float) -> None:
    floor = floor_that_keeps(best, share)
    assert np.mean(np.array(best) >= floor) >= share - 1e-9
    higher = [value for value in best if value > floor]
    assert not higher or np.mean(np.array(best) >= min(higher)) < share + 1 / len(best)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=20), st.lists(st.floats(0, 1), min_size=1, max_size=20))
def test_no_other_floor_is_better(health: list[float], other: list[float]) -> None:
    values = np.unique([*health, *other])
    if len(values) < 2:
        return

    def accuracy(floor: float) -> float:
        return float(np.mean(np.array(health) >= floor) + np.mean(np.array(other) < floor))

    best = accuracy(fit_floor(health, other))
    assert all(best >= accuracy(float(floor)) - 1e-9 for floor in (values[:-1] + values[1:]) / 2)


def test_reliability_and_brier_by_hand() -> None:
    probabilities, right = np.array([0.1, 0.15, 0.9, 1.0]), np.array([False, True, True, True])
    assert reliability(probabilities, right) == [(pytest.approx(0.125), 0.5, 2), (pytest.approx(0.95), 1.0, 2)]
    assert brier(probabilities, right) == pytest.approx((0.01 + 0.7225 + 0.01 + 0.0) / 4)


@pytest.mark.parametrize(
    ("question", "answered"),
    [("半夜小腿老抽筋怎么办", True), ("腿抽筋是缺钙吗", True), ("嗓子突然喘不上气", True), ("怎么修自行车链条", False)],
)
def test_the_floor_holds_in_a_small_corpus_on_one_subject(cramp_index: Searcher, question: str, answered: bool) -> None:
    found = cramp_index.search(question)
    assert found.answered is answered
    assert found.results
    assert answered or not found.agreement


@pytest.mark.parametrize("question", ["小腿抽筋怎么办", "感冒发烧怎么办", "怎么修自行车链条"])
def test_whether_a_question_is_answered_does_not_depend_on_how_many_results_are_wanted(cramp_index: Searcher, question: str) -> None:
    assert len({cramp_index.search(question, top=top).answered for top in (1, 3, 10, 30)}) == 1


@pytest.fixture(scope="module")
def cramp_index(tmp_path_factory: pytest.TempPathFactory, encoder: TextEncoder) -> Searcher:
    seed = ROOT.parent / "shared" / "seed" / "muscle_cramp_page.txt"
    if not seed.exists():
        pytest.skip("the page lies beside the repository only where this project is developed")
    folder = tmp_path_factory.mktemp("cramp") / "index"
    build_index(import_records([seed], ImportReport()), folder, encoder)
    return Searcher.open(folder, encoder)
