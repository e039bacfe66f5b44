"""Each ingredient is really taken out, and put back."""

from __future__ import annotations

from pathlib import Path

import pytest
from ablate import without
from ablation.ingredients import INGREDIENTS, bigrams_alone, with_stop_words, words_alone

from corpus.segment import lexical_tokens
from index.build import build_index
from index.search import Searcher
from tests.index.some_records import numbered
from tests.stub_encoder import StubEncoder


def test_tokens_by_hand() -> None:
    assert words_alone("孩子的咳嗽") == ["孩子", "咳嗽"]
    assert bigrams_alone("孩子的咳嗽，CT") == ["孩子", "子的", "的咳", "咳嗽"]
    assert with_stop_words("孩子的") == ["孩子", "的", "孩子", "子的"]


def test_words_and_bigrams_together_are_what_the_product_indexes() -> None:
    text = "孩子的咳嗽三天，半夜腓肠肌痉挛"
    assert sorted(words_alone(text) + bigrams_alone(text)) == sorted(lexical_tokens(text))


@pytest.fixture
def searcher(tmp_path: Path) -> Searcher:
    records = [
        numbered(0, question="拉肚子怎么办", answer="腹泻时多喝水。"),
        numbered(1, question="腹泻吃什么药", answer="看腹泻的原因。"),
        numbered(2, question="咳嗽三天", answer="多喝水，好好休息。"),
    ]
    build_index(records, tmp_path / "index", StubEncoder())
    return Searcher.open(tmp_path / "index", StubEncoder())


def test_each_ingredient_goes_and_comes_back(searcher: Searcher) -> None:
    def found() -> list[tuple[int, float]]:
        candidates = searcher.candidates("老是拉肚子")
        return list(zip(candidates.rows.tolist(), searcher.rank(candidates, 3)[1].tolist(), strict=True))

    before = found()
    lexical = searcher.candidates("老是拉肚子").lexical
    for ingredient in INGREDIENTS:
        with without(ingredient, searcher):
            changed = searcher.candidates("老是拉肚子").lexical
        if ingredient.name == "同义词":
            assert lexical[1] > 0
            assert changed[1] == 0
        if ingredient.name == "字的二元组":
            assert changed[0] < lexical[0]
    assert found() == before
