"""The vector index of many units: coarse lists find, embeddings score."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from index import vector_kinds
from index.units import EMBEDDINGS
from index.vector_kinds import EXACT, LISTS, exact_nearest, lists_for
from index.vectors import FILE, VectorIndex


def clustered(count: int, dimension: int = 32) -> np.ndarray:
    """Unit vectors round 60 centres, as texts lie round topics."""
    generator = np.random.default_rng(11)
    vectors = generator.standard_normal((60, dimension))[generator.integers(0, 60, count)]
    vectors += 0.5 * generator.standard_normal((count, dimension))
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


@pytest.fixture
def many(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, np.ndarray]:
    monkeypatch.setattr(vector_kinds, "EXACT_UP_TO", 1_000)
    embeddings = clustered(6_000)
    np.save(tmp_path / EMBEDDINGS, embeddings)
    kind = VectorIndex.build(embeddings, tmp_path / FILE)
    assert (kind.kind, kind.lists) == (LISTS, 128)
    assert kind.recall >= vector_kinds.RECALL
    assert f"{kind.probes} 组" in kind.why
    return tmp_path / FILE, embeddings


def test_few_units_are_compared_one_by_one(tmp_path: Path) -> None:
    kind = VectorIndex.build(clustered(300), tmp_path / FILE)
    assert (kind.kind, kind.recall) == (EXACT, 1.0)
    assert "300 个单元" in kind.why


def test_lists_grow_as_twice_the_root() -> None:
    # 2 * sqrt(100,000) = 632, nearer to 512 on the scale of powers; 2 * sqrt(1,000,000) = 2,000
    assert [lists_for(units) for units in (100_000, 1_000_000)] == [512, 2048]


def test_what_is_found_among_many_is_scored_exactly_and_nearly_all_of_it(many: tuple[Path, np.ndarray]) -> None:
    path, embeddings = many
    index = VectorIndex.open(path)
    assert (len(index), index.dimension) == embeddings.shape
    hits = []
    for unit in range(0, 6_000, 100):
        units, scores = index.search(embeddings[unit], 100)
        assert units[0] == unit
        assert scores == pytest.approx(embeddings[units] @ embeddings[unit], abs=1e-6)
        assert np.all(np.diff(scores) <= 0)
        hits.append(len(np.intersect1d(units, exact_nearest(embeddings, embeddings[unit : unit + 1], 100)[0])))
    assert np.mean(hits) >= 98


@pytest.mark.parametrize("share", [0.1, 0.01, 0.001])
def test_a_filter_costs_no_recall(many: tuple[Path, np.ndarray], share: float) -> None:
    path, embeddings = many
    index = VectorIndex.open(path)
    allowed = np.random.default_rng(2).random(6_000) < share
    hits, wanted = 0, 0
    for unit in range(0, 6_000, 100):
        units, _ = index.search(embeddings[unit], 100, allowed)
        assert allowed[units].all()
        best = np.flatnonzero(allowed)[np.argsort(-(embeddings[allowed] @ embeddings[unit]))][:100]
        assert len(units) == len(best)
        hits, wanted = hits + len(np.intersect1d(units, best)), wanted + len(best)
    assert hits >= 0.98 * wanted
    assert len(index.search(embeddings[0], 100, np.zeros(6_000, bool))[0]) == 0


def test_more_than_the_lists_looked_into_hold_can_be_asked_for(many: tuple[Path, np.ndarray]) -> None:
    path, embeddings = many
    assert sorted(VectorIndex.open(path).search(embeddings[3], 6_000)[0].tolist()) == list(range(6_000))


def test_two_builds_are_equal_to_the_byte(many: tuple[Path, np.ndarray], monkeypatch: pytest.MonkeyPatch) -> None:
    path, embeddings = many
    monkeypatch.setattr(vector_kinds.os, "cpu_count", lambda: 1)
    VectorIndex.build(embeddings, path.with_name("again"))
    assert path.read_bytes() == path.with_name("again").read_bytes()


def test_the_nearest_over_several_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vector_kinds, "_COMPARED", 7)
    embeddings = clustered(50, 8)
    found = exact_nearest(embeddings, embeddings[:3], 4)
    expected = np.argsort(-(embeddings[:3] @ embeddings.T), axis=1)[:, :4]
    assert np.sort(found, axis=1).tolist() == np.sort(expected, axis=1).tolist()
