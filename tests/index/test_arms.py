from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.record import DoctorAnswer
from corpus.segment import content_words
from index.explain import mark, matched_words
from index.fuse import Fusion, fuse
from index.units import MAX_PASSAGES, PASSAGE, QUESTION, units_of
from index.vectors import VectorIndex
from index.words import WordIndex, best


def test_fusion_by_hand() -> None:
    # dense scaled over [.8, .9]: 1, .5, 0; words over their maximum 4: .5, 0, 1; weight .4 on words
    fused = fuse(np.array([0.9, 0.85, 0.8]), np.array([2.0, 0.0, 4.0]), dense_floor=0.8, word_weight=0.4)
    assert fused == pytest.approx([0.6 + 0.2, 0.3, 0.4])


def test_the_range_of_dense_scores_is_the_encoders_or_the_candidates_own() -> None:
    dense, by_vectors = np.array([0.9, 0.8, 0.5]), np.array([True, True, False])
    assert Fusion(dense_range=0.25).dense_floor(dense, by_vectors) == pytest.approx(0.65)
    assert Fusion().dense_floor(dense, by_vectors) == pytest.approx(0.8)


def test_an_arm_that_found_nothing_is_dropped() -> None:
    assert fuse(np.array([0.9, 0.8]), np.zeros(2), dense_floor=0.8) == pytest.approx([1.0, 0.05])


def test_what_lies_below_the_floor_counts_for_next_to_nothing_and_keeps_its_order() -> None:
    fused = fuse(np.array([0.9, 0.7, 0.6]), np.zeros(3), dense_floor=0.8)
    assert fused[0] == pytest.approx(1.0)
    # Scaled to -1 and -2: .1 / (2 + 10) and .1 / (2 + 20).
    assert fused[1:] == pytest.approx([0.1 / 12, 0.1 / 22])
    # One range below the floor vectors take as much as they give the best: -.7 + .3, faded to .1 / (2 + 4).
    assert fuse(np.array([0.9, 0.7]), np.array([0.0, 5.0]), dense_floor=0.8, word_weight=0.3) == pytest.approx([0.7, 0.1 / 6])


@given(st.lists(st.tuples(st.integers(0, 100), st.integers(0, 50)), min_size=2, max_size=20), st.integers(0, 10))
def test_fading_keeps_the_order_of_the_weighted_sum(pairs: list[tuple[int, int]], tenths: int) -> None:
    dense, words = (np.array(column, dtype=np.float64) for column in zip(*pairs, strict=True))
    weight, floor = tenths / 10, float(dense.max()) - 50
    fused = fuse(dense, words, dense_floor=floor, word_weight=weight)
    weight = weight if words.max() > 0 else 0.0
    linear = (1 - weight) * (dense - floor) / 50 + weight * words / max(words.max(), 1.0)
    assert fused[np.argsort(linear)] == pytest.approx(np.sort(fused), rel=1e-9)


@given(st.lists(st.tuples(st.floats(-1, 1), st.floats(0, 50)), min_size=1, max_size=30), st.floats(0, 1))
def test_fused_scores_lie_between_0_and_1(pairs: list[tuple[float, float]], weight: float) -> None:
    dense, words = (np.array(column) for column in zip(*pairs, strict=True))
    fused = fuse(dense, words, dense_floor=float(dense.min()), word_weight=weight)
    assert np.all((fused >= 0) & (fused <= 1 + 1e-9))


def test_vectors_are_searched_exactly_and_under_a_filter(tmp_path: Path) -> None:
    generator = np.random.default_rng(3)
    vectors = generator.standard_normal((500, 16)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    VectorIndex.build(vectors, tmp_path / "v")
    index = VectorIndex.open(tmp_path / "v")
    question = vectors[7]
    similarity = vectors @ question
    units, scores = index.search(question, 10)
    assert units.tolist() == np.argsort(-similarity, kind="stable")[:10].tolist()
    assert scores == pytest.approx(similarity[units], abs=1e-5)
    allowed = generator.random(500) < 0.05
    units, _ = index.search(question, 10, allowed)
    assert units.tolist() == [unit for unit in np.argsort(-similarity) if allowed[unit]][:10]
    assert len(index.search(question, 10, np.zeros(500, bool))[0]) == 0
    only = np.zeros(500, bool)
    only[[3, 499]] = True
    assert set(index.search(question, 10, only)[0].tolist()) == {3, 499}


def test_words_score_what_they_share(tmp_path: Path) -> None:
    WordIndex.build([["咳嗽", "发热"], ["头痛"], ["咳嗽", "咳嗽"], []], tmp_path / "w")
    index = WordIndex.open(tmp_path / "w")
    assert len(index) == 4
    rows, scores = index.search(["咳嗽", "没见过的词"], 10)
    assert rows.tolist() == [2, 0]
    assert scores[0] > scores[1] > 0
    assert index.search(["没见过的词"], 10)[0].tolist() == []
    assert index.search([], 10)[0].tolist() == []
    rows, _ = index.search(["咳嗽"], 10, np.array([True, True, False, True]))
    assert rows.tolist() == [0]


def test_words_of_nothing_but_empty_documents(tmp_path: Path) -> None:
    WordIndex.build([[], []], tmp_path / "w")
    assert WordIndex.open(tmp_path / "w").scores(["咳嗽"]).tolist() == [0, 0]


def test_best_breaks_ties_by_row() -> None:
    assert best(np.array([1.0, 2.0, 2.0, 0.0]), 10)[0].tolist() == [1, 2, 0]


def test_units_are_the_question_and_the_passages() -> None:
    record = DoctorAnswer(id="1", question="咳嗽怎么办", answer="多喝水。" * 100, source="s")
    units = list(units_of(record))
    assert [unit.kind for unit in units] == [QUESTION, *[PASSAGE] * (len(units) - 1)]
    assert all(record.answer[unit.start : unit.end] == unit.text for unit in units[1:])
    assert len({unit.hash for unit in units}) == len({(unit.kind, unit.text) for unit in units})
    assert [unit.kind for unit in units_of(DoctorAnswer(id="2", question="", answer="好。", source="s"))] == [PASSAGE]


def test_a_monstrous_answer_costs_a_bounded_number_of_units() -> None:
    record = DoctorAnswer(id="1", question="", answer="这是很长的回答。" * 100_000, source="s")
    assert len(list(units_of(record))) == MAX_PASSAGES


def test_matched_words_are_whole_words_of_the_record() -> None:
    record = DoctorAnswer(id="1", question="腿抽筋", answer="头孢过敏的人要告诉医生。小腿抽筋时拉伸。", source="s")
    assert matched_words(content_words("半夜小腿抽筋，头疼"), record) == ("小腿抽筋",)


@given(st.text(max_size=80))
def test_marking_changes_no_text(text: str) -> None:
    assert "".join(piece for piece, _ in mark(text, ("抽筋", "a"))) == text


def test_marks() -> None:
    assert mark("小腿抽筋时拉伸", ("抽筋", "拉伸")) == [("小腿", False), ("抽筋", True), ("时", False), ("拉伸", True)]
