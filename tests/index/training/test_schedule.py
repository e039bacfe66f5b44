from __future__ import annotations

from collections import Counter

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from index.training.pairs import Pair
from index.training.schedule import BLOCK, schedule, sharing_blocks

TEXTS = st.sampled_from([f"文{number}" for number in range(12)])
PAIRS = st.lists(st.builds(Pair, TEXTS, TEXTS.map(lambda text: "答" + text), st.just("")), min_size=1, max_size=60)


@settings(max_examples=60, deadline=None)
@given(PAIRS, st.integers(2, 9), st.integers(0, 3), st.booleans())
def test_no_text_stands_twice_in_a_batch_and_nothing_is_made_up(pairs: list[Pair], size: int, seed: int, hard: bool) -> None:
    vectors = np.random.default_rng(seed).normal(size=(len(pairs), 4)) if hard else None
    ordered = schedule(pairs, size, np.random.default_rng(seed), vectors=vectors)
    for start in range(0, len(ordered), size):
        batch = ordered[start : start + size]
        texts = [text for pair in batch for text in (pair.query, pair.positive)]
        assert len(texts) == len(set(texts))
    assert not Counter(ordered) - Counter(pairs)


def test_pairs_that_do_not_clash_are_all_learnt_as_often_as_asked() -> None:
    pairs = [Pair(f"问{number}", f"答{number}") for number in range(50)]
    ordered = schedule(pairs, 10, np.random.default_rng(0), repeat=3)
    assert Counter(ordered) == Counter(dict.fromkeys(pairs, 3))
    assert ordered[:50] != ordered[50:100]


def test_several_questions_for_one_answer_meet_in_no_batch_but_are_all_learnt() -> None:
    pairs = [Pair(f"问{answer}-{turn}", f"答{answer}") for answer in range(20) for turn in range(3)]
    ordered = schedule(pairs, 20, np.random.default_rng(0))
    assert Counter(ordered) == Counter(pairs)
    for start in range(0, 60, 20):
        assert len({pair.positive for pair in ordered[start : start + 20]}) == 20


def test_hard_batches_put_near_answers_beside_each_other() -> None:
    """Two far clusters, each the size of two blocks: every block is of one cluster."""
    pairs = [Pair(f"问{number}", f"答{number}") for number in range(4 * BLOCK)]
    cluster = np.arange(4 * BLOCK) % 2
    vectors = np.stack([np.where(cluster, 10.0, -10.0), np.arange(4 * BLOCK) * 1e-3], axis=1)
    ordered = schedule(pairs, 4 * BLOCK, np.random.default_rng(1), vectors=vectors)
    belongs = [int(pair.query[1:]) % 2 for pair in ordered]
    blocks = [belongs[start : start + BLOCK] for start in range(0, len(belongs), BLOCK)]
    assert sum(len(set(block)) == 1 for block in blocks) >= 3


def test_pairs_of_one_topic_share_a_batch() -> None:
    pairs = [Pair(f"问{topic}-{aspect}", f"答{topic}-{aspect}", f"题{topic}") for topic in range(8) for aspect in range(4)]
    ordered = schedule(pairs, 8, np.random.default_rng(2))
    for start in range(0, 32, 8):
        assert sorted(Counter(pair.topic for pair in ordered[start : start + 8]).values()) == [4, 4]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(st.integers(0, 9), min_size=1, max_size=4), max_size=30), st.integers(1, 5), st.integers(0, 3))
def test_every_list_comes_once_in_blocks_that_share(members: list[list[int]], size: int, seed: int) -> None:
    assert sorted(sharing_blocks(members, size, np.random.default_rng(seed))) == list(range(len(members)))


def test_lists_with_the_same_members_follow_each_other() -> None:
    members = [[topic, 10 + topic, 100 + number] for number, topic in enumerate([0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2])]
    ordered = sharing_blocks(members, 4, np.random.default_rng(0))
    assert [len({members[number][0] for number in ordered[start : start + 4]}) for start in (0, 4, 8)] == [1, 1, 1]
    # A block that cannot be filled comes last, so that the others stay whole batches.
    assert len(sharing_blocks(members[:6], 4, np.random.default_rng(0))) == 6
