"""Which record comes first where the likeliest is written for somebody else."""

from __future__ import annotations

import math
from types import SimpleNamespace

import numpy as np
import pytest

from index.fuse import Fusion
from index.relevance import Calibration
from index.search import Candidates, Searcher

#: Its probability is the logistic of ten times (the cosine with the record's question - .5).
CALIBRATION = Calibration((-5.0, 10.0, 0.0, 0.0, 0.0, 0.0), (0.0, 0.0, 0.0), floor=0.01, answer_floor=0.01)


def cosine(probability: float) -> float:
    return 0.5 + math.log(probability / (1 - probability)) / 10


def order(for_somebody_else: float, for_the_asker: list[float], *, near: bool = False) -> list[int]:
    """Places of the ranked candidates: 0 is the one for somebody else; all with the probability that is given."""
    similarities = np.array([cosine(probability) for probability in (for_somebody_else, *for_the_asker)])
    size = len(similarities)
    found = Candidates(
        rows=np.arange(size),
        by_words=np.zeros(size, dtype=bool),
        by_vectors=np.ones(size, dtype=bool),
        lexical=np.zeros(size, dtype=np.float32),
        question_similarity=similarities,
        passage_similarity=similarities,
        passage_spans=np.zeros((size, 2), dtype=int),
        share=np.array([0.8 if near else 0.5] + [1.0] * len(for_the_asker)),
        for_whom=("女性",),
        fits=np.array([False] + [True] * len(for_the_asker)),
        near=np.array([near] + [False] * len(for_the_asker)),
        tokens=3,
        length=8,
        asked_tokens=None,
        health=0.0,
    )
    searcher = object.__new__(Searcher)
    searcher.fusion = Fusion(dense_range=1.0)
    searcher.calibration = CALIBRATION
    searcher._index = SimpleNamespace(background=0.0)
    return searcher.rank(found, size)[0].tolist()


@pytest.mark.parametrize(
    ("for_somebody_else", "for_the_asker", "expected"),
    [
        # Half as likely, and for the asker: it stands before the one that repeats the question.
        (0.99, [0.5], [1, 0]),
        (0.99, [0.2], [1, 0]),
        # Under .05 it is about something else, and serves nobody.
        (0.99, [0.06], [1, 0]),
        (0.99, [0.04], [0, 1]),
        # Behind the relevant one for the asker comes the one for somebody else, then what is about something else.
        (0.99, [0.6, 0.02], [1, 0, 2]),
    ],
)
def test_a_record_for_the_asker_comes_first_if_it_is_about_what_is_asked(
    for_somebody_else: float, for_the_asker: list[float], expected: list[int]
) -> None:
    assert order(for_somebody_else, for_the_asker) == expected


@pytest.mark.parametrize(("for_the_asker", "expected"), [(0.15, [1, 0]), (0.1, [0, 1])])
def test_what_is_for_a_neighbouring_stage_of_life_gives_way_to_what_is_likelier_to_answer(
    for_the_asker: float, expected: list[int]
) -> None:
    """A record for an adolescent is of use to a child of twelve; one for somebody else altogether (.1 is enough there) is not."""
    assert order(0.99, [for_the_asker], near=True) == expected
    assert order(0.99, [for_the_asker]) == [1, 0]
