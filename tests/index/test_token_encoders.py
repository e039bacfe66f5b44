"""Encoders of other make: which of them give vectors of tokens, and that these are those of the text itself."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from sentence_transformers import SentenceTransformer
from sentence_transformers.base.modules import Router
from sentence_transformers.sentence_transformer.modules import Dense, Normalize, Pooling

from index.build import build_index
from index.encoder import Encoder, load_encoder
from index.search import Searcher
from tests.index.some_records import numbered
from tests.toy_model import WIDTH, toy_transformer

PROMPTS = {"query": "", "document": ""}
RECORDS = [
    numbered(number, question=question, answer=answer) for number, (question, answer) in enumerate([("甲乙", "丙丁戊"), ("甲乙丙", "己庚")])
]


@pytest.mark.parametrize("dimension", [WIDTH // 2, WIDTH + 16])
@pytest.mark.parametrize("fast", [True, False])
def test_tokens_of_another_length_than_the_texts_are_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, dimension: int, fast: bool
) -> None:
    """A layer behind the pooling: an index is built and searched without a second look."""
    monkeypatch.setattr("index.fast_encoder.FOLDER", tmp_path / "converted")
    modules = [toy_transformer(tmp_path / "parts"), Pooling(WIDTH), Dense(WIDTH, dimension), Normalize()]
    SentenceTransformer(modules=modules, prompts=PROMPTS, device="cpu").save(str(tmp_path / "model"))
    encoder = load_encoder(str(tmp_path / "model"), fast=fast)
    assert isinstance(encoder, Encoder) != fast
    assert (encoder.dimension, encoder.gives_tokens) == (dimension, False)
    searcher = Searcher(build_index(RECORDS, tmp_path / "index", encoder).generation, encoder)
    assert not searcher.takes_second_look
    assert len(searcher.search("甲乙").results) == 2


def test_a_text_has_the_same_tokens_beside_longer_ones_that_pad_it_on_the_left(tmp_path: Path) -> None:
    modules = [toy_transformer(tmp_path, padded_left=True), Pooling(WIDTH, pooling_mode="lasttoken"), Normalize()]
    encoder = Encoder("left", SentenceTransformer(modules=modules, prompts=PROMPTS, device="cpu").eval())
    assert encoder.gives_tokens
    _, (_, beside) = encoder.encode_passages_with_tokens(["甲乙丙丁戊己庚辛", "壬癸"])
    _, (alone,) = encoder.encode_passages_with_tokens(["壬癸"])
    assert alone.shape == (2, WIDTH)
    assert np.abs(beside - alone).max() < 1e-5


def test_the_vector_with_tokens_is_the_one_without(tmp_path: Path) -> None:
    """An encoder may send questions another way than passages."""
    first = toy_transformer(tmp_path / "first")
    router = Router.for_query_document(
        query_modules=[first, Pooling(WIDTH), Dense(WIDTH, WIDTH)], document_modules=[toy_transformer(tmp_path / "second"), Pooling(WIDTH)]
    )
    encoder = Encoder("router", SentenceTransformer(modules=[router, Normalize()], prompts=PROMPTS, device="cpu").eval())
    texts = ["甲乙丙", "丁"]
    for alone, together in (
        (encoder.encode_questions, encoder.encode_questions_with_tokens),
        (encoder.encode_passages, encoder.encode_passages_with_tokens),
    ):
        assert alone(texts) == pytest.approx(together(texts)[0], abs=1e-6)
    assert abs(encoder.encode_questions(texts) - encoder.encode_passages(texts)).max() > 0.01
