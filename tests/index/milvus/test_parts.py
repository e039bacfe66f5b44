"""What needs no server: weights, expressions, names, addresses."""

from __future__ import annotations

import math
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.answers import Filters
from index.manifest import IndexFolderError
from index.milvus.address import DEFAULT_ALIAS, MilvusAddress, is_milvus, parse
from index.milvus.bm25 import NO_TOKEN, DocumentWeights, dimension_of, question_vector
from index.milvus.collections import (
    Part,
    collection_name,
    containing,
    expression_of,
    filtered_fields,
    generation_of,
    packed,
    pieces,
    unpacked,
)
from index.words import WordIndex
from tests.index.some_records import numbered


def vectors(documents: list[list[str]], path: Path) -> list[dict[int, float]]:
    weights = DocumentWeights(path)
    for tokens in documents:
        weights.add(tokens)
    return list(weights)


def test_a_weight_worked_out_by_hand(tmp_path: Path) -> None:
    first, second, empty = vectors([["a", "a", "b"], ["b"], []], tmp_path / "words")
    # Three documents of 3, 1 and 0 tokens: 4/3 on the average. idf(a) = ln(1 + 2.5 / 1.5), idf(b) = ln(1 + 1.5 / 2.5).
    assert first[dimension_of("a")] == pytest.approx(math.log(1 + 2.5 / 1.5) * 2 / (2 + 1.5 * (0.25 + 0.75 * 3 / (4 / 3))))
    assert second == {dimension_of("b"): pytest.approx(math.log(1 + 1.5 / 2.5) / (1 + 1.5 * (0.25 + 0.75 / (4 / 3))))}
    assert empty == {NO_TOKEN: 1.0}


@settings(max_examples=30, deadline=None)
@given(
    documents=st.lists(st.lists(st.sampled_from("甲乙丙丁戊己庚辛"), max_size=12), min_size=1, max_size=8),
    question=st.lists(st.sampled_from("甲乙丙丁戊己庚辛壬"), max_size=6),
    synonyms=st.lists(st.sampled_from("甲乙丙丁戊己庚辛壬"), max_size=4, unique=True),
)
def test_an_inner_product_is_the_local_score(
    tmp_path_factory: pytest.TempPathFactory, documents: list[list[str]], question: list[str], synonyms: list[str]
) -> None:
    folder = tmp_path_factory.mktemp("words")
    WordIndex.build(documents, folder / "local")
    local = WordIndex.open(folder / "local")
    asked = question_vector(question, synonyms, 0.3)
    expected = local.scores(question) + 0.3 * local.scores(synonyms)
    for document, score in zip(vectors(documents, folder / "ours"), expected.tolist(), strict=True):
        assert sum(weight * document.get(dimension, 0.0) for dimension, weight in asked.items()) == pytest.approx(score, abs=1e-5)


@given(st.text())
def test_a_dimension_is_one_that_the_engine_takes_and_no_stand_in(token: str) -> None:
    assert NO_TOKEN < dimension_of(token) < 2**32 - 1


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Filters(), ""),
        (Filters(departments=("骨科", "儿科")), 'department in ["骨科", "儿科"]'),
        (Filters(departments=('x" or 1 == 1',)), r'department in ["x\" or 1 == 1"]'),
        (Filters(hospital_tiers=("三甲",), doctor_titles=("教授",)), 'hospital_tier in ["三甲"] and array_contains_any(titles, ["教授"])'),
        (Filters(since=date(2024, 1, 2)), "published >= 20240102"),
        (Filters(until=date(2024, 1, 2)), "published > 0 and published <= 20240102"),
        (Filters(departments=("",)), "row < 0"),  # no record has an empty department
    ],
)
def test_expressions(filters: Filters, expected: str) -> None:
    assert expression_of(filters) == expected


def test_a_title_is_found_by_every_run_of_its_words() -> None:
    assert filtered_fields(numbered(0, doctor_title="主任医师 教授 博导"))["titles"] == sorted(
        ["主任医师", "教授", "博导", "主任医师 教授", "教授 博导", "主任医师 教授 博导"]
    )
    assert filtered_fields(numbered(0)) == {"department": "", "hospital_tier": "", "titles": [], "published": 0}


def test_a_pattern_holds_no_sign_that_means_something_in_it() -> None:
    assert containing("question", ["50%", 'a"b\\']) == 'question like "%50_%" and question like "%a_b_%"'


@given(st.text(max_size=50_000))
@settings(max_examples=20)
def test_pieces_are_the_text_and_fit(text: str) -> None:
    assert "".join(pieces(text)) == text
    assert all(len(piece.encode("utf-8", "surrogatepass")) <= 65_535 for piece in pieces(text))


def test_codes_as_the_engine_keeps_them_worked_out_by_hand() -> None:
    """0, 1, 2 are the bits 000000 000000 000100 000010: A, A, E, C."""
    assert packed(np.array([[0, 1, 2], [255, 255, 255]], dtype=np.uint8)) == ["AAEC////"]
    assert unpacked(["AAE", "C////"], 3).tolist() == [[0, 1, 2], [255, 255, 255]]
    assert packed(np.zeros((0, 3), dtype=np.uint8)) == []
    assert unpacked([], 3).shape == (0, 3)


def test_codes_of_the_longest_text_fit() -> None:
    """512 tokens of our encoder are 65,536 characters, one more than a text of the engine holds."""
    codes = np.random.default_rng(0).integers(0, 256, (512, 96), dtype=np.uint8)
    assert sum(map(len, packed(codes))) == 65_536
    assert max(map(len, packed(codes))) < 65_535
    assert (unpacked(packed(codes), 96) == codes).all()


def test_names_lead_back_to_their_generation() -> None:
    name = "20260102T030405Z-0123456789abcdef"
    for part in Part:
        assert generation_of("my_alias", collection_name("my_alias", name, part)) == (name, part)
    for other in ("my_alias", "other_20260102T030405Z_0123456789abcdef_units", f"my_alias_{name}_units", "my_alias_2026_01_units"):
        assert generation_of("my_alias", other) is None


def test_addresses() -> None:
    assert parse("milvus:http://host:19530") == MilvusAddress("http://host:19530", DEFAULT_ALIAS)
    assert parse("milvus:data/a.db#epilepsy") == MilvusAddress("data/a.db", "epilepsy")
    assert str(parse("milvus:data/a.db#epilepsy")) == "milvus:data/a.db#epilepsy"
    assert is_milvus("milvus:x.db")
    assert not is_milvus(Path("data/index"))


@pytest.mark.parametrize("text", ["milvus:", "milvus:data/index", "milvus:ftp://host", "milvus:a.db#两个", "milvus:a.db#1x"])
def test_what_is_no_address_is_said(text: str) -> None:
    with pytest.raises(IndexFolderError, match=r"地址|别名"):
        parse(text)
