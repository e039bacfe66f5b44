"""Each ingredient is really taken out, and put back."""

from __future__ import annotations

from pathlib import Path

import pytest
from ablate import without
from ablation.ingredients import INGREDIENTS, bigrams_alone, with_stop_words, words_alone

from corpus.segment import lexical_tokens
from index.build import build_index
from index.search import Searcher, asked_part, prepare_question
from tests.index.some_records import numbered
from tests.stub_encoder import StubEncoder

#: Something in it for every ingredient: a greeting, a child, a synonym, a ruled-out illness, a word of the lexicon alone, a typing error.
QUESTION = "医生你好，孩子老是拉肚子三天了，没有发烧，腓肠肌痉挛，是腹泄吗"
BY_NAME = {ingredient.name: ingredient for ingredient in INGREDIENTS}


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
        numbered(2, question="咳嗽三天", answer="多喝水，好好休息，腓肠肌痉挛也会好。"),
        numbered(3, question="孩子拉肚子发烧", answer="孩子发烧要看儿科。", kind="article"),
    ]
    build_index(records, tmp_path / "index", StubEncoder())
    return Searcher.open(tmp_path / "index", StubEncoder())


def test_each_ingredient_goes_and_comes_back(searcher: Searcher) -> None:
    def found() -> list[tuple[int, float]]:
        candidates = searcher.candidates(prepare_question(QUESTION).text)
        return list(zip(candidates.rows.tolist(), searcher.rank(candidates, 4)[1].tolist(), strict=True))

    before = found()
    for ingredient in INGREDIENTS:
        with without(ingredient, searcher):
            assert (found() == before) is (ingredient.name == "无（完整）"), ingredient.name
        assert found() == before, ingredient.name


def test_what_goes_is_what_is_named(searcher: Searcher) -> None:
    lexical = searcher.candidates("老是拉肚子").lexical
    with without(BY_NAME["同义词"], searcher):
        assert lexical[1] > 0 == searcher.candidates("老是拉肚子").lexical[1]
    with without(BY_NAME["字的二元组"], searcher):
        assert lexical[0] > searcher.candidates("老是拉肚子").lexical[0]


def test_a_question_that_was_asked_before_is_worked_out_anew() -> None:
    question = "嗯那个，咳嗽三天，没有发烧"
    for name, asked in {"去口头语": "嗯那个，咳嗽三天", "去排除的病": "咳嗽三天，没有发烧"}.items():
        assert asked_part(question) == "咳嗽三天"
        with BY_NAME[name].stood_in_for():
            assert asked_part(question) == asked
        assert asked_part(question) == "咳嗽三天"
