"""An updated index is the one that a build from nothing gives, and only what changed is embedded."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.build import build_index
from tests.index.some_records import numbered
from tests.stub_encoder import StubEncoder

# A record's number, and which version of its question and of its answer it has; few texts, so that records share some.
EDITIONS = st.dictionaries(
    st.integers(0, 8), st.tuples(st.sampled_from(["", "头痛怎么办", "咳嗽吃什么药"]), st.integers(0, 2)), min_size=1, max_size=6
)


def corpus(editions: dict[int, tuple[str, int]]) -> list:
    return [
        numbered(number, question=question, answer=f"第{version}版的回答。多喝水，注意休息。" * (1 + 20 * version))
        for number, (question, version) in editions.items()
    ]


@given(history=st.lists(EDITIONS, min_size=2, max_size=3))
@settings(deadline=None, max_examples=8, suppress_health_check=[HealthCheck.too_slow])
@pytest.mark.slow
def test_changed_added_and_removed_records_give_the_index_of_a_build_from_nothing(
    history: list[dict[int, tuple[str, int]]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("update")
    for editions in history:
        updated = build_index(corpus(editions), folder / "updated", StubEncoder()).generation
    fresh = build_index(corpus(history[-1]), folder / "fresh", StubEncoder()).generation
    assert updated.manifest.files == fresh.manifest.files  # sizes and hashes
    assert updated.manifest.golden == fresh.manifest.golden
    assert updated.manifest.counts == fresh.manifest.counts


def test_a_change_of_one_percent_embeds_one_percent(tmp_path: Path) -> None:
    records = [numbered(number) for number in range(200)]
    build_index(records, tmp_path / "index", StubEncoder())
    changed = [numbered(number, question=f"改过的问题{number}") if number in (20, 120) else records[number] for number in range(199)]
    changed.insert(50, numbered(999))  # one removed, one added; no golden question, which is encoded again to check the index
    encoder = StubEncoder()
    result = build_index(changed, tmp_path / "index", encoder)
    assert (result.units, result.reused) == (400, 396)
    golden = {item["question"] for item in result.generation.manifest.golden}
    assert set(encoder.encoded) - golden == {"改过的问题20", "改过的问题120", numbered(999).question, numbered(999).answer}
