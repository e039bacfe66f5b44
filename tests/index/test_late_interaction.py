from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from corpus.record import DoctorAnswer
from index.build import build_index
from index.encoder import Encoder, EncoderError, load_encoder
from index.fast_encoder import FastEncoder, own_tokens
from index.late_interaction import LOOKED_AT, WEIGHT, read_with_its_question, second_look, taken_up
from index.search import Arm, Searcher
from tests.stub_encoder import StubEncoder

SCORES = arrays.arrays(np.float64, st.integers(1, LOOKED_AT), elements=st.floats(0.001, 1))


def test_how_much_is_taken_up_worked_out_by_hand() -> None:
    """The first word of the question is there, the second half-way to what is there: (1 + .6) / 2."""
    question = np.array([[1.0, 0.0], [0.6, 0.8]], np.float32)
    assert taken_up(question, np.array([[1.0, 0.0], [-1.0, 0.0]], np.float32)) == pytest.approx(0.8)
    assert taken_up(question, np.zeros((0, 2), np.float32)) == 0
    assert taken_up(np.zeros((0, 2), np.float32), question) == 0


def test_scores_change_hands_worked_out_by_hand() -> None:
    """The second is ahead by 1/16 of likeness more than what it lies behind; the third is not."""
    assert second_look(np.array([0.9, 0.5, 0.2]), np.array([0.5, 0.5 + 0.41 / WEIGHT, 0.5])).tolist() == [0.5, 0.9, 0.2]
    assert second_look(np.array([0.9, 0.5, 0.2]), np.array([0.5, 0.5 + 0.39 / WEIGHT, 0.5])).tolist() == [0.9, 0.5, 0.2]


@given(SCORES, st.data())
def test_a_second_look_gives_out_the_same_scores(scores: np.ndarray, data: st.DataObject) -> None:
    likeness = data.draw(arrays.arrays(np.float64, len(scores), elements=st.floats(-1, 1)))
    given_out = second_look(scores, likeness)
    assert sorted(given_out) == sorted(scores)
    if not likeness.any():
        assert given_out.tolist() == scores.tolist()


def test_a_record_is_read_with_its_question() -> None:
    record = DoctorAnswer(id="1", source="test", question="腿抽筋", answer="先拉伸。再补钙。")
    assert read_with_its_question(record, 4, 8) == "腿抽筋\n再补钙。"
    assert read_with_its_question(DoctorAnswer(id="2", source="test", question="", answer="先拉伸。"), 0, 4) == "先拉伸。"


def test_tokens_of_the_prompt_and_of_the_ends_are_left_out() -> None:
    """<s> ▁query : ▁腿 抽筋 </s> behind a prompt of seven characters, and the same cut off after five tokens."""
    offsets = [(0, 0), (0, 5), (5, 6), (6, 8), (8, 10), (0, 0)]
    assert own_tokens(offsets, 7, 512).tolist() == [3, 4]
    assert own_tokens(offsets, 7, 5).tolist() == [3]


@pytest.fixture
def searcher(tmp_path: Path) -> Searcher:
    records = [
        DoctorAnswer(id="leg", source="test", question="腿抽筋", answer="先拉伸小腿。"),
        DoctorAnswer(id="pregnant", source="test", question="腿抽筋了怎么办", answer="怀孕以后夜里腿抽筋多半缺钙，可以补钙。"),
        DoctorAnswer(id="cough", source="test", question="咳嗽", answer="多喝水。"),
    ]
    build_index(records, tmp_path, StubEncoder())
    return Searcher.open(tmp_path, StubEncoder())


def test_what_takes_up_more_of_the_question_comes_first(searcher: Searcher) -> None:
    question = "夜里腿抽筋多半是缺什么"
    fused, again = (searcher.search(question, arm=arm).results for arm in (Arm.FUSED, Arm.RERANKED))
    assert again[0].record.id == "pregnant"
    assert sorted(result.score for result in fused) == sorted(result.score for result in again)
    assert [result.score for result in again] == sorted((result.score for result in again), reverse=True)


def test_an_encoder_without_tokens_is_told_of(searcher: Searcher, tmp_path: Path) -> None:
    class Whole:
        """Vectors of whole texts, and no others."""

        name, dimension, fingerprint, max_tokens = "whole", StubEncoder.dimension, StubEncoder().fingerprint, 512
        prompts = StubEncoder.prompts
        encode_questions = staticmethod(StubEncoder().encode_questions)
        encode_passages = staticmethod(StubEncoder().encode_passages)

    whole = Searcher.open(tmp_path, Whole())
    assert whole.search("腿抽筋").results
    with pytest.raises(EncoderError, match="whole"):
        whole.search("腿抽筋", arm=Arm.RERANKED)


def test_the_fast_way_gives_the_vectors_of_the_same_tokens(encoder: Encoder | FastEncoder) -> None:
    plain = load_encoder(fast=False)
    for texts in (["半夜小腿老抽筋咋回事", "感冒"], ["血压波动时不要自行停药。" * 60, "37.5℃，咳嗽"]):
        for mine, original in (
            (encoder.encode_question_tokens(texts), plain.encode_question_tokens(texts)),
            (encoder.encode_passage_tokens(texts), plain.encode_passage_tokens(texts)),
        ):
            assert [len(one) for one in mine] == [len(one) for one in original]
            assert all(len(one) < encoder.max_tokens for one in mine)
            for one, other in zip(mine, original, strict=True):
                assert np.einsum("ij,ij->i", one, other).min() > 0.98
                assert np.linalg.norm(one, axis=1) == pytest.approx(1, abs=1e-4)
