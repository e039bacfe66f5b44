"""Which units an index keeps the codes of tokens of, and where they come from."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np
import pytest

from index.build import build_index
from index.check import check
from index.embed import embed_units
from index.integrity import verify
from index.manifest import DamagedError, Generation
from index.token_codes import encode
from index.token_vectors import CODES, STARTS, TokenVectors
from index.units import PASSAGE, QUESTION, Unit, units_of
from tests.index.some_records import numbered
from tests.stub_encoder import StubEncoder

SAME = "多喝水，注意休息。"
build_with_tokens = partial(build_index, tokens=True)
ASKS, ALONE = numbered(1, answer=SAME), numbered(2, question="", answer=SAME)


def tokens_of(generation: Generation) -> list[int]:
    """How many each unit has."""
    found = TokenVectors.of_generation(generation)
    assert found is not None
    return np.diff(found.starts).tolist()


def files_of(generation: Generation) -> list[bytes]:
    return [(generation.path / name).read_bytes() for name in (CODES, STARTS)]


@pytest.mark.parametrize("records", [[ASKS, ALONE], [ALONE, ASKS]])
def test_only_records_that_ask_have_tokens_whatever_text_they_share(tmp_path: Path, records: list) -> None:
    """A token of the stub is a bigram: the question of eight characters has seven, the answer of nine has eight."""
    generation = build_with_tokens(records, tmp_path, StubEncoder()).generation
    assert [tokens for record in records for tokens in ([7, 8] if record is ASKS else [0])] == tokens_of(generation)


@pytest.mark.parametrize("before", [[ALONE], [ASKS], [ASKS, ALONE], [ALONE, ASKS]])
@pytest.mark.parametrize("after", [[ASKS], [ALONE, ASKS], [numbered(3, answer=SAME)]])
def test_an_update_has_the_tokens_of_a_build_from_nothing(tmp_path: Path, before: list, after: list) -> None:
    build_with_tokens(before, tmp_path / "updated", StubEncoder())
    updated = build_with_tokens(after, tmp_path / "updated", StubEncoder()).generation
    assert files_of(updated) == files_of(build_with_tokens(after, tmp_path / "fresh", StubEncoder()).generation)


def test_what_an_index_without_tokens_has_is_embedded_again_where_tokens_are_kept(tmp_path: Path) -> None:
    records = [*(numbered(number) for number in range(3, 7)), ALONE]
    without = build_index(records, tmp_path / "index", StubEncoder())
    assert TokenVectors.of_generation(without.generation) is None
    encoder = StubEncoder()
    built = build_with_tokens(records, tmp_path / "index", encoder)
    assert built.reused == 1  # of the record that does not ask
    assert SAME not in encoder.encoded
    assert files_of(built.generation) == files_of(build_with_tokens(records, tmp_path / "fresh", StubEncoder()).generation)
    again = build_with_tokens(records, tmp_path / "index", StubEncoder())
    assert again.reused == again.units
    assert TokenVectors.of_generation(build_index(records, tmp_path / "index", StubEncoder()).generation) is None


def test_the_codes_are_those_of_the_units_tokens(tmp_path: Path) -> None:
    records = [numbered(number) for number in range(3)]
    found = TokenVectors.of_generation(build_with_tokens(records, tmp_path, StubEncoder()).generation)
    assert found is not None
    for number, unit in enumerate(unit for record in records for unit in units_of(record)):
        assert np.array_equal(found.of(number), encode(StubEncoder().encode_passages_with_tokens([unit.text])[1][0]))


def test_units_are_embedded_by_kind_shortest_first_and_each_once() -> None:
    units = [
        Unit(PASSAGE, "丙丁戊", with_tokens=True),
        Unit(QUESTION, "甲乙"),
        Unit(PASSAGE, "己庚", with_tokens=True),
        Unit(PASSAGE, "辛"),
    ]
    found = list(embed_units(StubEncoder(), units, 2))
    assert [(one.places, one.codes is not None) for one in found] == [([1], False), ([3], False), ([2, 0], True)]
    assert [len(one) for one in found[2].codes or []] == [1, 2]
    assert np.array_equal(found[2].vectors, StubEncoder().encode_passages(["己庚", "丙丁戊"]))
    assert [len(one.places) for one in embed_units(StubEncoder(), [units[0]] * 5, 2)] == [2, 2, 1]


def test_tokens_that_do_not_fit_the_units_are_damage(tmp_path: Path) -> None:
    generation = verify(build_with_tokens([ASKS, ALONE], tmp_path, StubEncoder()).generation.path)
    starts = np.load(generation.path / STARTS)
    np.save(generation.path / STARTS, starts[:-1])
    with pytest.raises(DamagedError, match="应为 4 个 int64"):
        check(generation)
    np.save(generation.path / STARTS, starts.astype(np.float64))
    with pytest.raises(DamagedError, match="float64"):
        check(generation)
    np.save(generation.path / STARTS, starts)
    np.save(generation.path / CODES, np.zeros((int(starts[-1]), 3), np.uint8))
    with pytest.raises(DamagedError, match="每个应为 16 字节"):
        check(generation)
