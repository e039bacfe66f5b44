"""The questions on the first visit: short, no emergencies, and answered by the starter corpus."""

from __future__ import annotations

import pytest

from corpus.red_flags import find_red_flags
from index.search import Searcher
from search_app.components.examples import EXAMPLES
from search_app.components.markup import label

QUESTIONS = [question for questions in EXAMPLES.values() for question in questions]


@pytest.mark.parametrize("question", QUESTIONS)
def test_an_example_is_short_and_no_emergency(question: str) -> None:
    assert label(question) == question
    assert len(question) <= 18
    assert not find_red_flags(question)


@pytest.mark.slow
def test_the_starter_corpus_answers_every_example(starter_searcher: Searcher) -> None:
    assert [question for question in QUESTIONS if not starter_searcher.search(question).answered] == []
