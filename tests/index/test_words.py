"""The lexical arm against the plain way: bm25s over everything in memory, every list added up."""

from __future__ import annotations

import hashlib
import tempfile
from pathlib import Path

import bm25s
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index import maxscore, postings, terms
from index.postings import open_postings
from index.terms import term_of
from index.words import WordIndex, best

TOKENS = ["咳嗽", "发热", "头痛", "怎么", "办", "不", "血压", "a", "腿", "抽筋"]
# Skewed as words are: the first stand nearly everywhere.
documents = st.lists(st.lists(st.integers(0, 99).map(lambda n: TOKENS[min(n * n // 900, 9)]), max_size=12), min_size=1, max_size=60)
questions = st.lists(st.sampled_from([*TOKENS, "没见过"]), max_size=12)


def plain(texts: list[list[str]]) -> bm25s.BM25:
    bm25 = bm25s.BM25(method="lucene")
    vocabulary = {token: number for number, token in enumerate(dict.fromkeys(token for text in texts for token in text))}
    bm25.index(([[vocabulary[token] for token in text] for text in texts], vocabulary), show_progress=False)
    return bm25


def plain_scores(bm25: bm25s.BM25, tokens: list[str], records: int) -> np.ndarray:
    known = bm25.get_tokens_ids(tokens)
    return bm25.get_scores(known) if known else np.zeros(records, np.float32)


@pytest.fixture
def small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every branch is taken by a few documents too."""
    monkeypatch.setattr(maxscore, "_FIRST", 4)
    monkeypatch.setattr(maxscore, "_LOOK_UP", 1)
    monkeypatch.setattr(postings, "_SPOOLED", 7)


@pytest.mark.usefixtures("small_steps")
@settings(max_examples=150, deadline=None)
@given(documents, questions, questions, st.integers(0, 20), st.randoms(use_true_random=False))
def test_scores_and_the_best_are_those_of_the_plain_way(texts, tokens, others, count, random) -> None:
    others = list(dict.fromkeys(others))
    allowed = np.array([random.random() < 0.6 for _ in texts])
    with tempfile.TemporaryDirectory() as folder:
        WordIndex.build(texts, Path(folder) / "words")
        index = WordIndex.open(Path(folder) / "words")
        if any(texts):
            bm25 = plain(texts)
            expected = plain_scores(bm25, tokens, len(texts)) + 0.3 * plain_scores(bm25, others, len(texts))
        else:
            expected = np.zeros(len(texts), np.float32)
        asked = index.ask(tokens, others, 0.3)
        assert asked.all_scores().tolist() == expected.tolist()
        rows = np.flatnonzero(allowed)
        assert asked.scores(rows).tolist() == expected[rows].tolist()
        for mask in (None, allowed):
            masked = expected if mask is None else expected * mask
            order = [row for row in np.lexsort((np.arange(len(texts)), -masked)) if masked[row] > 0][:count]
            found, scores = asked.best(count, mask)
            assert found.tolist() == order
            assert scores.tolist() == masked[order].tolist()


@pytest.mark.usefixtures("small_steps")
def test_the_best_of_many_are_found_without_adding_up_the_common_lists(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [["怎么", "办"] + ["抽筋"] * (row % 97 == 0) for row in range(2_000)]
    WordIndex.build(texts, tmp_path / "w")
    index = WordIndex.open(tmp_path / "w")
    lists = open_postings(tmp_path / "w")
    added: list[int] = []
    real = maxscore._add
    monkeypatch.setattr(maxscore, "_add", lambda sums, lists, term, shares: (added.append(term), real(sums, lists, term, shares)))
    rows, _ = index.search(["怎么", "抽筋", "办"], 10)
    assert rows.tolist() == [97 * place for place in range(10)]
    assert [int(lists.terms[term]) for term in added] == [term_of("抽筋")]  # none of the two lists that have 2,000 rows


def test_an_index_that_bm25s_saved_reads_the_same(tmp_path: Path) -> None:
    texts = [["咳嗽", "发热"], ["头痛"], ["咳嗽", "咳嗽"], []]
    plain(texts).save(tmp_path / "old", show_progress=False)
    WordIndex.build(texts, tmp_path / "new")
    old, new = open_postings(tmp_path / "old"), open_postings(tmp_path / "new")
    assert old.documents == new.documents == 4
    for name in ("terms", "starts", "rows", "weights", "peaks"):
        assert getattr(old, name).tolist() == getattr(new, name).tolist(), name


def test_the_files_do_not_depend_on_how_much_is_held_in_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    generator = np.random.default_rng(5)
    texts = [[f"词{number}" for number in generator.zipf(1.3, 20) if number < 500] for _ in range(200)]
    WordIndex.build(texts, tmp_path / "one")
    monkeypatch.setattr(postings, "_SPOOLED", 50)
    WordIndex.build(texts, tmp_path / "other")
    files = {path.name: path.read_bytes() for path in (tmp_path / "one").iterdir()}
    assert files == {path.name: path.read_bytes() for path in (tmp_path / "other").iterdir()}


def test_tokens_with_one_hash_count_as_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postings, "term_of", lambda token: 7)
    monkeypatch.setattr(terms, "term_of", lambda token: 7)
    WordIndex.build([["甲", "乙", "甲"], ["乙"]], tmp_path / "w")
    lists = open_postings(tmp_path / "w")
    assert lists.rows.tolist() == [0, 1]
    assert WordIndex.open(tmp_path / "w").search(["甲"], 5)[0].tolist() == [0, 1]


def test_a_term_is_the_same_everywhere() -> None:
    # blake2b-64 of the three bytes of 痛, big-endian; the files depend on it.
    assert term_of("痛") == int.from_bytes(hashlib.blake2b("痛".encode(), digest_size=8).digest(), "big")


def test_best_keeps_the_lowest_rows_of_those_that_tie_for_the_last_place() -> None:
    assert best(np.array([2.0, 5.0, 2.0, 2.0, 0.0], np.float32), 2)[0].tolist() == [1, 0]
    assert best(np.array([2.0], np.float32), 0)[0].tolist() == []
