"""Which kind of vector index serves a number of units, and how it is made.

Few units are compared one by one. Many are put into lists round centres (IVF), one byte a dimension, and a search looks into the
lists that are nearest to the question only; what it finds there is scored anew from the embeddings themselves, so that the
coarse codes decide what is looked at and never how it ranks. How many lists must be looked into depends on the embeddings: the
build tries it out on units of its own and takes the smallest number that loses too little.

Everything is decided by the embeddings alone (a fixed seed, evenly spread samples), so that two builds of one corpus are equal.
"""

from __future__ import annotations

import contextlib
import dataclasses
import math
import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import faiss
import numpy as np

EXACT, LISTS = "exact", "ivf-sq8"
#: Up to so many units comparing with every one costs a question less than a millisecond or two.
EXACT_UP_TO = 20_000
#: Of the nearest `RECALL_AT` units, the share that must be found, on the units that are tried.
RECALL_AT, RECALL = 100, 0.99
#: Units found by their codes are this many times those asked for; the best of them by their embeddings are kept.
SHORTLIST = 2

_TRIED = 256
_PROBES = (4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512, 768, 1024)
_POINTS_A_LIST = 40  # FAISS warns below 39
_ROUNDS = 10
_SEED = 1234
_PIECE = 65_536
_COMPARED = 8_192


@dataclass(frozen=True, slots=True)
class VectorKind:
    """What the manifest says of the vector index.

    Attributes:
        kind: `EXACT` or `LISTS`.
        why: a sentence (Chinese) for whoever looks after the index.
        lists: how many lists there are; 0 for an exact index.
        probes: how many of them a question looks into.
        recall: the share of the nearest `RECALL_AT` units that the build found again; 1 for an exact index.
    """

    kind: str
    why: str
    lists: int = 0
    probes: int = 0
    recall: float = 1.0

    def to_dict(self) -> dict[str, Any]:
        """As it stands in the manifest."""
        return dataclasses.asdict(self)


def make_index(embeddings: np.ndarray, tried: np.ndarray | None = None) -> tuple[faiss.Index, VectorKind]:
    """The index that serves these embeddings [units, dimension] best, filled.

    Args:
        embeddings: float32, rows of length 1; read in pieces, may be memory-mapped.
        tried: numbers of units to try the index with, None for any.
    """
    with _threads(os.cpu_count() or 1):
        if len(embeddings) <= EXACT_UP_TO:
            flat = faiss.IndexFlatIP(embeddings.shape[1])
            _fill(flat, embeddings)
            return flat, VectorKind(EXACT, f"{len(embeddings)} 个单元，不超过 {EXACT_UP_TO}：逐个比较，结果精确")
        lists = lists_for(len(embeddings))
        index = _trained(embeddings, lists)
        _fill(index, embeddings)
        index.nprobe, recall = _probes(index, embeddings, tried)
    why = (
        f"{len(embeddings)} 个单元，超过 {EXACT_UP_TO}：分成 {lists} 组，每次查最近的 {index.nprobe} 组，再用原向量重新打分；"
        f"实测找回前 {RECALL_AT} 名的 {recall:.1%}"
    )
    return index, VectorKind(LISTS, why, lists, int(index.nprobe), round(recall, 4))


def lists_for(units: int) -> int:
    """About twice the square root, a power of two: then the centres and the lists looked into cost about the same."""
    return 2 ** round(math.log2(2 * math.sqrt(units)))


def _trained(embeddings: np.ndarray, lists: int) -> faiss.IndexIVFScalarQuantizer:
    dimension = embeddings.shape[1]
    centres = faiss.IndexFlatIP(dimension)
    index = faiss.IndexIVFScalarQuantizer(centres, dimension, lists, faiss.ScalarQuantizer.QT_8bit, faiss.METRIC_INNER_PRODUCT)
    index.cp.seed, index.cp.niter = _SEED, _ROUNDS
    index.cp.min_points_per_centroid = 1
    index.cp.max_points_per_centroid = _POINTS_A_LIST
    index.train(_spread(embeddings, _POINTS_A_LIST * lists))
    return index


def _spread(embeddings: np.ndarray, count: int) -> np.ndarray:
    numbers = np.unique(np.linspace(0, len(embeddings) - 1, min(count, len(embeddings))).astype(np.int64))
    return np.ascontiguousarray(embeddings[numbers], dtype=np.float32)


def _fill(index: faiss.Index, embeddings: np.ndarray) -> None:
    for start in range(0, len(embeddings), _PIECE):
        index.add(np.ascontiguousarray(embeddings[start : start + _PIECE], dtype=np.float32))


def _probes(index: faiss.IndexIVFScalarQuantizer, embeddings: np.ndarray, tried: np.ndarray | None) -> tuple[int, float]:
    """The fewest lists to look into that reach `RECALL`, and what they reach."""
    numbers = np.arange(len(embeddings)) if tried is None or not len(tried) else tried
    numbers = numbers[np.unique(np.linspace(0, len(numbers) - 1, _TRIED).astype(np.int64))]
    questions = np.ascontiguousarray(embeddings[numbers], dtype=np.float32)
    nearest, recall = exact_nearest(embeddings, questions, RECALL_AT), 0.0
    for probes in _PROBES:
        probes = min(probes, index.nlist)
        parameters = faiss.SearchParametersIVF(nprobe=probes)  # type: ignore[call-arg]
        _, found = index.search(questions, SHORTLIST * RECALL_AT, params=parameters)
        recall = float(np.mean([len(np.intersect1d(one, other)) / len(one) for one, other in zip(nearest, found, strict=True)]))
        if recall >= RECALL or probes == index.nlist:
            return probes, recall
    return index.nlist, recall


def exact_nearest(embeddings: np.ndarray, questions: np.ndarray, count: int) -> np.ndarray:
    """The numbers of the `count` nearest units of each question, in no order, int64 [questions, count]."""
    scores = np.zeros((len(questions), 0), dtype=np.float32)
    numbers = np.zeros((len(questions), 0), dtype=np.int64)
    for start in range(0, len(embeddings), _COMPARED):
        piece = questions @ np.asarray(embeddings[start : start + _COMPARED]).T
        scores = np.concatenate([scores, piece], axis=1)
        numbers = np.concatenate([numbers, np.broadcast_to(np.arange(start, start + piece.shape[1]), piece.shape)], axis=1)
        if scores.shape[1] > count:
            best = np.argpartition(scores, -count, axis=1)[:, -count:]
            scores, numbers = np.take_along_axis(scores, best, axis=1), np.take_along_axis(numbers, best, axis=1)
    return numbers


@contextlib.contextmanager
def _threads(count: int) -> Iterator[None]:
    """FAISS with so many threads; it has one number for the whole process."""
    before = faiss.omp_get_max_threads()
    faiss.omp_set_num_threads(count)
    try:
        yield
    finally:
        faiss.omp_set_num_threads(before)
