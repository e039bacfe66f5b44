from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.record import DoctorAnswer
from corpus.synonyms import synonym_pairs, synonyms_of
from index.build import build_index
from index.explain import ArmScores, Explainer, fired_synonyms, ranks_of
from index.fuse import fuse, fuse_parts
from index.search import Arm, Searcher
from tests.stub_encoder import StubEncoder


def record(number: int, question: str, answer: str) -> DoctorAnswer:
    return DoctorAnswer(id=f"r{number}", question=question, answer=answer, source="test")


RECORDS = [
    record(0, "小腿痉挛怎么办", "痉挛时拉伸小腿。"),
    record(1, "半夜抽筋", "抽筋就是肌肉痉挛，拉伸一下。"),
    record(2, "", "腓肠肌收缩过强，按摩即可。"),
    record(3, "咳嗽", "多喝水。"),
]


def test_the_parts_of_a_score_by_hand() -> None:
    # dense scaled over [.8, .9]: 1, .5; words over their maximum 4: .5, 1; weight .4 on words
    dense, words = fuse_parts(np.array([0.9, 0.85]), np.array([2.0, 4.0]), dense_floor=0.8, word_weight=0.4)
    assert dense == pytest.approx([0.6, 0.3])
    assert words == pytest.approx([0.2, 0.4])


def test_what_vectors_take_away_words_have_not_given() -> None:
    # dense scaled: 1 and -.5; .6 * -.5 + .4 = .1, so .3 of the words' .4 are lost and vectors give nothing
    dense, words = fuse_parts(np.array([0.9, 0.75]), np.array([0.0, 4.0]), dense_floor=0.8, word_weight=0.4)
    assert dense == pytest.approx([0.6, 0.0])
    assert words == pytest.approx([0.0, 0.1])


@given(st.lists(st.tuples(st.floats(-1, 1), st.floats(0, 50)), min_size=1, max_size=20), st.floats(0, 1))
def test_the_parts_add_up_to_the_score(pairs: list[tuple[float, float]], weight: float) -> None:
    dense, words = (np.array(column) for column in zip(*pairs, strict=True))
    parts = fuse_parts(dense, words, dense_floor=float(dense.min()), word_weight=weight)
    assert sum(parts) == pytest.approx(fuse(dense, words, dense_floor=float(dense.min()), word_weight=weight))


def test_ranks_by_hand() -> None:
    scores, found = np.array([0.2, 0.9, 0.9, 0.5]), np.array([True, True, True, False])
    assert ranks_of(scores, found).tolist() == [3, 1, 2, 0]


def test_synonyms_that_fired() -> None:
    pairs = synonym_pairs("小腿抽筋")
    assert ("抽筋", "痉挛") in pairs
    assert fired_synonyms(pairs, RECORDS[0]) == (("抽筋", "痉挛"),)
    assert fired_synonyms(pairs, RECORDS[1]) == ()  # it has the asker's own word
    assert fired_synonyms(pairs, RECORDS[3]) == ()
    assert synonyms_of("小腿抽筋") == tuple(dict.fromkeys(other for _, other in pairs))


def test_an_explanation_by_hand() -> None:
    scores = ArmScores.of(
        question_similarity=np.array([0.8, -np.inf]),
        passage_similarity=np.array([0.6, 0.9]),
        dense=np.array([0.7, 0.9]),
        bm25=np.array([3.0, 0.0]),
        parts=(np.array([0.3, 0.6]), np.array([0.1, 0.0])),
        found=(np.array([True, True]), np.array([True, False])),
        looks=(np.array([0.4, 0.6]), np.array([0.6, 0.4])),
    )
    explainer = Explainer("小腿抽筋", scores)
    first = explainer.explain(0, RECORDS[0]).to_dict()
    assert first == {
        "matched": ["小腿"],
        "synonyms": [{"asked": "抽筋", "found": "痉挛"}],
        "question_similarity": 0.8,
        "passage_similarity": 0.6,
        "dense": 0.7,
        "bm25": 3.0,
        "dense_share": 0.75,
        "bm25_share": 0.25,
        "dense_rank": 2,
        "bm25_rank": 1,
        "moved_up": 1,
    }
    second = explainer.explain(1, RECORDS[2])
    assert (second.question_similarity, second.dense_rank, second.bm25_rank) == (None, 1, None)
    assert (second.dense_share, second.bm25_share, second.moved_up) == (1.0, 0.0, -1)


@pytest.mark.parametrize("arm", list(Arm))
def test_a_search_explains_every_result(tmp_path: Path, arm: Arm) -> None:
    build_index(RECORDS, tmp_path, StubEncoder(), tokens=True)
    results = Searcher.open(tmp_path, StubEncoder()).search("小腿抽筋怎么办", arm=arm).results
    assert results
    for result in results:
        explanation = result.explanation
        assert explanation is not None
        assert explanation.matched == result.matched
        assert (explanation.dense, explanation.bm25) == (result.dense, result.lexical)
        shares = explanation.dense_share + explanation.bm25_share
        assert shares == pytest.approx(1.0) if result.score > 0 else shares == pytest.approx(0.0)
        assert (explanation.question_similarity is None) == (not result.record.question)
        assert result.to_dict()["explanation"] == explanation.to_dict()
    if arm is Arm.VECTORS:
        assert [result.explanation.dense_rank for result in results] == [1, 2, 3, 4]
    if arm is Arm.WORDS:
        assert all(result.explanation.bm25_share == 1.0 for result in results)
