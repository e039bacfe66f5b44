from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from corpus.record import DoctorAnswer
from index.build import build_index
from index.encoder import Encoder, load_encoder
from index.fast_encoder import FastEncoder, own_tokens
from index.late_interaction import LOOKED_AT, WEIGHT, second_look, taken_up
from index.search import Arm, Searcher
from index.token_codes import encode
from index.token_vectors import TokenVectors
from index.units import QUESTION_TOKENS, units_of
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
    assert second_look(np.array([0.5, 0.3, 0.1]), np.array([0.5, 0.5 + 0.21 / WEIGHT, 0.5])).tolist() == [0.3, 0.5, 0.1]
    assert second_look(np.array([0.5, 0.3, 0.1]), np.array([0.5, 0.5 + 0.19 / WEIGHT, 0.5])).tolist() == [0.5, 0.3, 0.1]


@given(SCORES, st.data())
def test_a_second_look_gives_out_the_same_scores(scores: np.ndarray, data: st.DataObject) -> None:
    likeness = data.draw(arrays.arrays(np.float64, len(scores), elements=st.floats(-1, 1)))
    given_out = second_look(scores, likeness)
    assert sorted(given_out) == sorted(scores)
    if not likeness.any():
        assert given_out.tolist() == scores.tolist()


def test_tokens_of_the_prompt_and_of_the_ends_are_left_out() -> None:
    """<s> ▁query : ▁腿 抽筋 </s> behind a prompt of seven characters, and the same cut off after five tokens."""
    offsets = [(0, 0), (0, 5), (5, 6), (6, 8), (8, 10), (0, 0)]
    assert own_tokens(offsets, 7, 512).tolist() == [3, 4]
    assert own_tokens(offsets, 7, 5).tolist() == [3]


RECORDS = [
    DoctorAnswer(id="leg", source="test", question="腿抽筋", answer="先拉伸小腿。"),
    DoctorAnswer(id="night", source="test", question="腿抽筋了怎么办", answer="夜里着凉腿抽筋，多半是缺什么要查。"),
    DoctorAnswer(id="cough", source="test", question="咳嗽", answer="多喝水。"),
]
SHORT = DoctorAnswer(id="short", source="test", question="夜里腿抽筋多半是", answer="夜里腿抽筋多半是。")
QUESTION = "夜里腿抽筋多半是缺什么"


@pytest.fixture
def searcher(tmp_path: Path) -> Searcher:
    return searcher_over(RECORDS, tmp_path)


def searcher_over(records: list[DoctorAnswer], folder: Path, encoder: StubEncoder | None = None) -> Searcher:
    build_index(records, folder, encoder or StubEncoder(), tokens=True)
    return Searcher.open(folder, encoder or StubEncoder())


def ranked(searcher: Searcher, question: str, arm: Arm) -> tuple[list[str], list[float]]:
    found = searcher.candidates(question)
    places, scores = searcher.rank(found, len(found.rows), arm)
    return [record.id for record in searcher.store.get(found.rows[places].tolist())], scores[places].tolist()


def test_what_takes_up_more_of_the_question_comes_first(tmp_path: Path) -> None:
    """Word for word `SHORT` repeats the question, but for what is asked of it."""
    searcher = searcher_over([*RECORDS, SHORT], tmp_path)
    (fused, before), (again, after) = (ranked(searcher, QUESTION, arm) for arm in (Arm.FUSED, Arm.RERANKED))
    assert (fused[0], again[0]) == ("short", "night")
    assert before == after


def test_what_has_no_question_or_is_for_somebody_else_keeps_its_place(tmp_path: Path) -> None:
    others = [
        DoctorAnswer(id="alone", source="test", question="", answer="夜里腿抽筋多半是缺什么，缺钙。"),
        DoctorAnswer(id="child", source="test", question="三岁宝宝夜里腿抽筋多半是缺什么", answer="宝宝夜里腿抽筋多半是缺什么，缺钙。"),
    ]
    searcher = searcher_over([*RECORDS, *others], tmp_path)
    asked = "我今年70岁，" + QUESTION
    fused, again = (ranked(searcher, asked, arm)[0] for arm in (Arm.FUSED, Arm.RERANKED))
    for other in others:
        assert fused.index(other.id) == again.index(other.id)


def test_only_the_best_change_places(tmp_path: Path) -> None:
    many = [
        DoctorAnswer(
            id=str(at), source="test", question="夜里腿抽筋多半"[: 3 + at % 5], answer=f"腿抽筋{'了' * at}，{'多半是缺什么'[at % 7 :]}。"
        )
        for at in range(20)
    ]
    searcher = searcher_over(many, tmp_path)
    fused, again = (ranked(searcher, QUESTION, arm)[0] for arm in (Arm.FUSED, Arm.RERANKED))
    assert fused[LOOKED_AT:] == again[LOOKED_AT:]
    assert set(fused) == set(again)
    assert fused != again


def test_the_same_question_is_encoded_once(tmp_path: Path) -> None:
    encoder = StubEncoder()
    searcher = searcher_over(RECORDS, tmp_path, encoder)
    first = ranked(searcher, QUESTION, Arm.RERANKED)
    encoder.encoded.clear()
    assert ranked(searcher, QUESTION, Arm.RERANKED) == first
    assert encoder.encoded == []


class Whole:
    """Vectors of whole texts, and no others."""

    name, dimension, fingerprint, max_tokens = "whole", StubEncoder.dimension, StubEncoder().fingerprint, 512
    prompts = StubEncoder.prompts
    encode_questions = staticmethod(StubEncoder().encode_questions)
    encode_passages = staticmethod(StubEncoder().encode_passages)


def test_without_vectors_of_tokens_the_fused_scores_rank(tmp_path: Path) -> None:
    """The encoder may give none, and an index may have none."""
    records = [*RECORDS, SHORT]
    searcher = searcher_over(records, tmp_path / "whole")
    assert searcher.takes_second_look
    build_index(records, tmp_path / "none", StubEncoder())
    for without in (Searcher.open(tmp_path / "whole", Whole()), Searcher.open(tmp_path / "none", StubEncoder())):
        assert not without.takes_second_look
        assert ranked(without, QUESTION, Arm.RERANKED) == ranked(searcher, QUESTION, Arm.FUSED)
    assert ranked(searcher, QUESTION, Arm.RERANKED)[0] != ranked(searcher, QUESTION, Arm.FUSED)[0]


def test_an_index_of_an_encoder_without_tokens_has_none(tmp_path: Path) -> None:
    assert TokenVectors.of_generation(build_index(RECORDS, tmp_path, Whole(), tokens=True).generation) is None


def test_the_question_and_the_passage_that_fits_are_read(tmp_path: Path) -> None:
    """A passage of another complaint, however like the question its words are, is not."""
    long = DoctorAnswer(id="long", source="test", question="腿抽筋", answer="先拉伸小腿。" * 60 + "\n\n" + "夜里要补钙。" * 60)
    searcher = searcher_over([long], tmp_path)
    index = searcher._index
    units = list(units_of(long))
    assert len(units) > 2
    for unit in units[1:]:
        (codes,) = index.token_codes([0], [unit.start])
        vectors = [StubEncoder().encode_questions_with_tokens([text])[1][0] for text in ("腿抽筋", unit.text)]
        assert np.array_equal(codes, encode(np.concatenate(vectors)))


def test_of_a_long_question_the_beginning_is_read(tmp_path: Path) -> None:
    """A long story takes up whatever is asked by being long. A token of the stub is a bigram."""
    story = "痛了很久" * 100
    searcher = searcher_over([DoctorAnswer(id="1", source="test", question=story, answer="先拉伸。")], tmp_path)
    (codes,) = searcher._index.token_codes([0], [0])
    assert len(codes) == QUESTION_TOKENS + len("先拉伸。") - 1


def test_the_fast_way_gives_the_vectors_of_the_same_tokens(encoder: Encoder | FastEncoder) -> None:
    plain = load_encoder(fast=False)
    for texts in (["半夜小腿老抽筋咋回事", "感冒"], ["血压波动时不要自行停药。" * 60, "37.5℃，咳嗽"]):
        for (vectors, mine), (_, original), alone in (
            (encoder.encode_questions_with_tokens(texts), plain.encode_questions_with_tokens(texts), encoder.encode_questions(texts)),
            (encoder.encode_passages_with_tokens(texts), plain.encode_passages_with_tokens(texts), encoder.encode_passages(texts)),
        ):
            assert np.array_equal(vectors, alone)
            assert [len(one) for one in mine] == [len(one) for one in original]
            assert all(len(one) < encoder.max_tokens for one in mine)
            for one, other in zip(mine, original, strict=True):
                assert np.einsum("ij,ij->i", one, other).min() > 0.98
                assert np.linalg.norm(one, axis=1) == pytest.approx(1, abs=1e-4)
