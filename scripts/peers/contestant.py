"""What a contestant does, and which there are. Each lives in a process of its own, so what it imports is its own affair."""

from __future__ import annotations

import importlib
import importlib.util
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from peers.task import Task


class Contestant(Protocol):
    """A way to make records searchable and to search them."""

    def load(self, task: Task) -> None:
        """Import what it needs and load the encoder and dictionaries: paid once a process, and measured apart."""

    def build(self, folder: Path) -> dict[str, float]:
        """Make an index of all records in `folder`; seconds by stage, empty where it cannot tell."""

    def open(self, folder: Path) -> None:
        """Open what another process has built."""

    def encode(self, question: str) -> None:
        """Only encode a question."""

    def search(self, question: str, count: int) -> list[str]:
        """The ids of the best `count` records, best first: all that a program does for somebody who asks."""

    def rank(self, question: str, count: int) -> list[str]:
        """The same as a plain ranking, without grouping or explaining; for measures of quality."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A contestant by name.

    Attributes:
        module, kind: where its class is.
        needs: the package that must be there; empty for what the product itself needs.
        what: for the table (Chinese).
    """

    module: str
    kind: str
    needs: str
    what: str


CONTESTANTS = {
    "ours": Entry("peers.ours", "Ours", "", "本项目：清洗、切分、两路检索、归并、解释"),
    "plain-units": Entry("peers.plain", "PlainUnits", "", "fp32 SentenceTransformer + FAISS Flat，同样的段落"),
    "plain-records": Entry("peers.plain", "PlainRecords", "", "fp32 SentenceTransformer + FAISS Flat，一条记录一段文字"),
    "txtai": Entry("peers.txtai_hybrid", "TxtaiHybrid", "txtai", "txtai 混合检索（FAISS + BM25 二元组）"),
    "chroma": Entry("peers.chroma", "Chroma", "chromadb", "Chroma（HNSW）"),
}


def is_installed(name: str) -> bool:
    """Whether the contestant's package is there."""
    needs = CONTESTANTS[name].needs
    return not needs or importlib.util.find_spec(needs) is not None


def make(name: str) -> Contestant:
    """A contestant, not loaded yet."""
    entry = CONTESTANTS[name]
    contestant: Contestant = getattr(importlib.import_module(entry.module), entry.kind)()
    return contestant
