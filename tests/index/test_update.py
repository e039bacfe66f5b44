"""An updated index is the one that a build from nothing gives, and only what changed is embedded."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus.importer import ImportReport, import_records
from corpus.paths import STARTER_CORPUS
from index.build import build_index
from index.encoder import Encoder
from index.search import Searcher
from index.units import units_of
from tests.index.some_records import numbered
from tests.stub_encoder import StubEncoder

# A record's number, and which version of its question and of its answer it has; few texts, so that records share some.
EDITIONS = st.dictionaries(
    st.integers(0, 8), st.tuples(st.sampled_from(["", "头痛怎么办", "咳嗽吃什么药"]), st.integers(0, 2)), min_size=1, max_size=6
)


def corpus(editions: dict[int, tuple[str, int]]) -> list:
    return [
        numbered(number, question=question, answer=f"第{version}版的回答。多喝水，注意休息。" * (1 + 20 * version))
        for number, (question, version) in editions.items()
    ]


@given(history=st.lists(EDITIONS, min_size=2, max_size=3))
@settings(deadline=None, max_examples=8, suppress_health_check=[HealthCheck.too_slow])
@pytest.mark.slow
def test_changed_added_and_removed_records_give_the_index_of_a_build_from_nothing(
    history: list[dict[int, tuple[str, int]]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("update")
    for editions in history:
        updated = build_index(corpus(editions), folder / "updated", StubEncoder(), tokens=True).generation
    fresh = build_index(corpus(history[-1]), folder / "fresh", StubEncoder(), tokens=True).generation
    assert updated.manifest.files == fresh.manifest.files  # sizes and hashes
    assert updated.manifest.golden == fresh.manifest.golden
    assert updated.manifest.counts == fresh.manifest.counts


def test_a_change_of_one_percent_embeds_one_percent(tmp_path: Path) -> None:
    records = [numbered(number) for number in range(200)]
    build_index(records, tmp_path / "index", StubEncoder(), tokens=True)
    changed = [numbered(number, question=f"改过的问题{number}") if number in (20, 120) else records[number] for number in range(199)]
    changed.insert(50, numbered(999))  # one removed, one added; no golden question, which is encoded again to check the index
    encoder = StubEncoder()
    result = build_index(changed, tmp_path / "index", encoder, tokens=True)
    assert (result.units, result.reused) == (400, 396)
    golden = {item["question"] for item in result.generation.manifest.golden}
    assert set(encoder.encoded) - golden == {"改过的问题20", "改过的问题120", numbered(999).question, numbered(999).answer}


class Counting:
    """An encoder that counts what it encodes."""

    gives_tokens = True

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self.passages = 0
        self.questions: list[str] = []
        self.name, self.dimension, self.fingerprint = encoder.name, encoder.dimension, encoder.fingerprint
        self.prompts, self.max_tokens = encoder.prompts, encoder.max_tokens

    def encode_questions(self, questions: Sequence[str]) -> np.ndarray:
        self.questions += questions
        return self._encoder.encode_questions(questions)

    def encode_passages(self, passages: Sequence[str]) -> np.ndarray:
        self.passages += len(passages)
        return self._encoder.encode_passages(passages)

    def encode_questions_with_tokens(self, questions: Sequence[str]) -> tuple[np.ndarray, list[np.ndarray]]:
        self.questions += questions
        return self._encoder.encode_questions_with_tokens(questions)

    def encode_passages_with_tokens(self, passages: Sequence[str]) -> tuple[np.ndarray, list[np.ndarray]]:
        self.passages += len(passages)
        return self._encoder.encode_passages_with_tokens(passages)


@pytest.mark.slow
def test_with_the_real_encoder_an_update_answers_as_a_build_from_nothing(tmp_path: Path, encoder: Encoder) -> None:
    starter = import_records([STARTER_CORPUS], ImportReport())
    before = list(itertools.islice(starter, 300))
    added = list(itertools.islice(starter, 3))
    # One record in a hundred is worded anew, four are gone, three come in the middle.
    after = [
        dataclasses.replace(record, answer=f"{record.answer}\n复诊时请带上以前的检查单。") if place % 100 == 7 else record
        for place, record in enumerate(before)
        if place % 80 != 11
    ]
    after[150:150] = added
    build_index(before, tmp_path / "updated", encoder, tokens=True)
    counting = Counting(encoder)
    updated = build_index(after, tmp_path / "updated", counting, tokens=True)
    fresh = build_index(after, tmp_path / "fresh", encoder, tokens=True)

    # What is embedded: the units of new content, and the golden questions that check the index.
    known = {unit.hash for record in before for unit in units_of(record)}
    new = {unit.hash for record in after for unit in units_of(record)} - known
    golden = [golden["question"] for golden in updated.generation.manifest.golden]
    embedded = counting.passages + len(counting.questions) - len(golden)
    assert embedded == len(new) == updated.units - updated.reused
    print(f"embedded again: {embedded} of {updated.units} units ({embedded / updated.units:.1%}), after a change of 1 % of the records")
    assert embedded / updated.units < 0.03

    first, second = (Searcher.open(tmp_path / name, encoder) for name in ("updated", "fresh"))
    assert [record.id for record in first.store] == [record.id for record in second.store] == [record.id for record in after]
    assert updated.generation.manifest.files == fresh.generation.manifest.files  # sizes and hashes: vectors too
    questions = [record.question for record in after[::10] if record.question] + ["小腿抽筋怎么办", "孩子半夜发烧要不要去医院"]
    for question in questions:
        top, again = ([(result.record.id, result.score) for result in searcher.search(question).results] for searcher in (first, second))
        assert top == again
        assert len(top) == 10
