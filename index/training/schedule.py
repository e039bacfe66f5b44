"""The order in which pairs are learnt.

With in-batch negatives, a batch decides how hard the task is. Two rules: no question and no answer stands twice in a batch (it
would be its own negative), and, where asked for, a batch is put together of small blocks of pairs on like topics, so that many
of its negatives are hard (topic-aware sampling: Hofstätter et al., "Efficiently Teaching an Effective Dense Retriever with
Balanced Topic Aware Sampling", SIGIR 2021). That costs nothing, where mined negatives cost half a pass more.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence

import numpy as np

from index.training.pairs import Pair

#: Pairs in a block of like ones.
BLOCK = 8


def schedule(
    pairs: Sequence[Pair], batch_size: int, rng: np.random.Generator, *, repeat: int = 1, vectors: np.ndarray | None = None
) -> list[Pair]:
    """Pairs in the order to learn them; every run of `batch_size` (from the start) is a batch without a text twice.

    Args:
        pairs: at least one.
        batch_size: pairs a batch.
        rng: shuffles.
        repeat: how often each pair comes.
        vectors: [pairs, dimension], to put pairs whose vectors are near into one block; None for a plain shuffle. Pairs of one
            topic always share a block.
    """
    ordered: list[Pair] = []
    for _ in range(repeat):
        waiting: list[Pair] = []
        for members in distinct_rounds(pairs, rng):
            blocks = _blocks(pairs, members, vectors, rng)
            rng.shuffle(blocks)  # type: ignore[arg-type]
            waiting += [pairs[number] for block in blocks for number in block]
        ordered += _without_clashes(waiting, batch_size)
    return ordered


def sharing_blocks(members: Sequence[Sequence[Hashable]], size: int, rng: np.random.Generator) -> list[int]:
    """Numbers of lists in an order in which every `size` that follow each other share members; the blocks are in random order.

    Each block begins with a list drawn at random and takes, one after the other, the waiting list that shares most with what it holds.

    Args:
        members: what each list holds.
        size: lists a block; 1 for a plain shuffle. The last block may be shorter and then comes last.
        rng: shuffles.
    """
    where: dict[Hashable, list[int]] = {}
    for number, held in enumerate(members):
        for member in set(held):
            where.setdefault(member, []).append(number)
    waiting = [int(number) for number in rng.permutation(len(members))]
    left = set(waiting)
    blocks: list[list[int]] = []
    for first in waiting:
        if first not in left:
            continue
        left.discard(first)
        block, inside = [first], set(members[first])
        shared = Counter(number for member in inside for number in where[member] if number in left)
        while len(block) < size and left:
            best = max(shared, key=lambda number: (shared[number], -number)) if shared else min(left)
            left.discard(best)
            del shared[best]
            block.append(best)
            new = set(members[best]) - inside
            inside |= new
            shared.update(number for member in new for number in where[member] if number in left)
        blocks.append(block)
    whole = [block for block in blocks if len(block) == size]
    rng.shuffle(whole)  # type: ignore[arg-type]
    return [number for block in (*whole, *(block for block in blocks if len(block) < size)) for number in block]


def distinct_rounds(pairs: Sequence[Pair], rng: np.random.Generator) -> list[list[int]]:
    """Numbers of the pairs in rounds; within a round no question and no answer comes twice. Pairs of one topic stay in one round."""
    groups: dict[str, list[int]] = {}
    for number, pair in enumerate(pairs):
        groups.setdefault(pair.topic or f"\x00{number}", []).append(number)
    units = list(groups.values())
    rounds: list[list[int]] = []
    used: list[set[str]] = []
    first_free: dict[str, int] = {}
    for place in rng.permutation(len(units)):
        texts = {text for number in units[place] for text in (pairs[number].query, pairs[number].positive)}
        turn = max((first_free.get(text, 0) for text in texts), default=0)
        while turn < len(rounds) and not used[turn].isdisjoint(texts):
            turn += 1
        if turn == len(rounds):
            rounds.append([])
            used.append(set())
        rounds[turn] += units[place]
        used[turn] |= texts
        first_free.update(dict.fromkeys(texts, turn + 1))
    return rounds


def _blocks(pairs: Sequence[Pair], members: list[int], vectors: np.ndarray | None, rng: np.random.Generator) -> list[list[int]]:
    topics: dict[str, list[int]] = {}
    for number in members:
        topics.setdefault(pairs[number].topic or f"\x00{number}", []).append(number)
    grouped = [block for block in topics.values() if len(block) > 1]
    single = np.array([block[0] for block in topics.values() if len(block) == 1], dtype=int)
    if vectors is None or len(single) <= BLOCK:
        return grouped + [[int(number)] for number in single]
    return grouped + [single[leaf].tolist() for leaf in _halve(vectors[single], np.arange(len(single)), rng)]


def _halve(vectors: np.ndarray, members: np.ndarray, rng: np.random.Generator) -> list[np.ndarray]:
    """Blocks of at most `BLOCK` near vectors: halved at the median along a direction in which they differ, again and again.

    The direction is from a random member to the one farthest from it, which is cheap and different at each pass.
    """
    if len(members) <= BLOCK:
        return [members]
    start = vectors[rng.choice(members)]
    far = vectors[members[np.argmax(np.linalg.norm(vectors[members] - start, axis=1))]]
    order = members[np.argsort(vectors[members] @ (start - far), kind="stable")]
    middle = len(order) // 2
    return _halve(vectors, order[:middle], rng) + _halve(vectors, order[middle:], rng)


def _without_clashes(waiting: list[Pair], batch_size: int) -> list[Pair]:
    """The pairs in order, except that one which would repeat a text of its batch moves to a later batch (or is left out at the end)."""
    ordered: list[Pair] = []
    put_off: list[Pair] = []
    seen: set[str] = set()
    for pair in waiting:
        if len(ordered) % batch_size == 0:
            seen = set()
            again, put_off = put_off, []
            for earlier in again:
                _place(earlier, ordered, put_off, seen)
        _place(pair, ordered, put_off, seen)
    return ordered


def _place(pair: Pair, ordered: list[Pair], put_off: list[Pair], seen: set[str]) -> None:
    if pair.query in seen or pair.positive in seen:
        put_off.append(pair)
        return
    seen |= {pair.query, pair.positive}
    ordered.append(pair)
