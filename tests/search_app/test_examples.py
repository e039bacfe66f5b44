"""The questions on the first visit: short, no emergencies, and answered by the starter corpus."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.importer import ImportReport, import_records
from corpus.paths import STARTER_CORPUS
from corpus.red_flags import find_red_flags
from index.build import build_index
from index.embedding_cache import CachedEncoder
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
def test_the_starter_corpus_answers_every_example(tmp_path: Path, remembering_encoder: CachedEncoder) -> None:
    build_index(import_records([STARTER_CORPUS], ImportReport()), tmp_path / "index", remembering_encoder)
    searcher = Searcher.open(tmp_path / "index", remembering_encoder)
    assert [question for question in QUESTIONS if not searcher.search(question).answered] == []
