"""The product as it is: `build_index` and `Searcher`."""

from __future__ import annotations

import time
from pathlib import Path

from corpus import segment
from corpus.points import read_points
from index.build import build_index
from index.encoder import TextEncoder, load_encoder
from index.evaluation import find_all, rank_all
from index.generation import IndexFolder
from index.search import Searcher
from peers.task import Task


class StageClock:
    """A build's progress, as seconds by stage: a stage lasts until the next begins."""

    def __init__(self) -> None:
        self._begun: list[tuple[str, float]] = []

    def start(self, stage: str, total: int | None) -> None:
        """A stage begins."""
        self._begun.append((stage, time.perf_counter()))

    def advance(self, count: int) -> None:
        """Nothing: only stages are timed."""

    def seconds(self, end: float) -> dict[str, float]:
        """Seconds by stage for a build that ended at `end` (`time.perf_counter`)."""
        until = [at for _, at in self._begun[1:]] + [end]
        return {stage: after - at for (stage, at), after in zip(self._begun, until, strict=True)}


class Ours:
    """The product's own build and search."""

    def __init__(self, encoder: TextEncoder | None = None) -> None:
        self._encoder = encoder

    def load(self, task: Task) -> None:
        """The fast encoder, jieba's dictionary, the table of points."""
        self._task = task
        self._encoder = self._encoder or load_encoder(task.product_encoder)
        segment.warm_up()
        read_points("多喝水。")

    def build(self, folder: Path) -> dict[str, float]:
        """Read, clean, cut, embed, index, verify, publish."""
        assert self._encoder is not None
        clock = StageClock()
        build_index(self._task.benchmark().records(), folder, self._encoder, progress=clock)
        return clock.seconds(time.perf_counter())

    def open(self, folder: Path) -> None:
        """The published generation."""
        assert self._encoder is not None
        self._searcher = Searcher(IndexFolder(folder).open(), self._encoder)

    def encode(self, question: str) -> None:
        """By the encoder as it was loaded, which is not remembered there."""
        assert self._encoder is not None
        self._encoder.encode_questions([question])

    def search(self, question: str, count: int) -> list[str]:
        """All that the page shows: results grouped and explained, emergencies, agreement."""
        return [result.record.id for result in self._searcher.search(question, top=count).results]

    def rank(self, question: str, count: int) -> list[str]:
        """As `scripts/evaluate.py` ranks."""
        assert self._encoder is not None
        return rank_all(self._searcher, find_all(self._searcher, {"": question}, self._encoder))[""][:count]
