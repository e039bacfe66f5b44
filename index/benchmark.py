"""Benchmarks on disk: BEIR folders (corpus, queries, judgements) and labelled pairs.

BEIR: Thakur et al., "BEIR: A Heterogeneous Benchmark for Zero-shot Evaluation of Information Retrieval Models", 2021.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from corpus.readers import Rejection
from corpus.readers import read as read_corpus
from corpus.readers.source import Source
from corpus.record import DoctorAnswer


class BenchmarkError(Exception):
    """A benchmark that cannot be used; the message (Chinese) names file and line."""


@dataclass(frozen=True)
class Benchmark:
    """Questions over a corpus, with judgements.

    Attributes:
        name: the folder's.
        folder: where it lies.
        questions: question id -> text, only those with a judged document above 0.
        qrels: question id -> document id -> grade, grades above 0.
        rejected: corpus lines that could not be read; filled while `records` is read.
    """

    name: str
    folder: Path
    questions: dict[str, str]
    qrels: dict[str, dict[str, int]]
    rejected: list[Rejection] = field(default_factory=list)

    def records(self) -> Iterator[DoctorAnswer]:
        """The corpus, read and cleaned as an import does, except that equal texts are kept: each has its own judgements.

        Raises:
            BenchmarkError: two documents of one id.
        """
        path = _first(self.folder, "corpus.jsonl", "corpus.jsonl.gz")
        seen: set[str] = set()
        for item in read_corpus(Source(path), format_name="jsonl"):
            if isinstance(item, Rejection):
                self.rejected.append(item)
            elif isinstance(item, DoctorAnswer):
                if item.id in seen:
                    raise BenchmarkError(f"{path}：_id“{item.id}”出现了两次")
                seen.add(item.id)
                yield item


def read_benchmark(folder: Path) -> Benchmark:
    """A BEIR folder: `corpus.jsonl[.gz]`, `queries.jsonl[.gz]`, and `qrels.tsv` or `qrels/test.tsv`.

    Raises:
        BenchmarkError: a file is missing or broken.
    """
    _first(folder, "corpus.jsonl", "corpus.jsonl.gz")
    queries = _first(folder, "queries.jsonl", "queries.jsonl.gz")
    texts: dict[str, str] = {}
    for number, row in _json_lines(queries):
        if "_id" not in row or "text" not in row:
            raise BenchmarkError(f"{queries} 第 {number} 行：要有 _id 和 text")
        texts[str(row["_id"])] = str(row["text"])
    judgements = _first(folder, "qrels.tsv", "qrels/test.tsv")
    qrels = _read_qrels(judgements)
    unknown = sorted(qrels.keys() - texts.keys())
    if unknown:
        raise BenchmarkError(f"{judgements}：{len(unknown)} 个问题不在 {queries.name} 里，例如 {unknown[0]}")
    if not qrels:
        raise BenchmarkError(f"{judgements}：没有一条大于 0 的判断")
    return Benchmark(folder.resolve().name, folder, {key: texts[key] for key in texts if key in qrels}, qrels)


@dataclass(frozen=True, slots=True)
class LabelledPair:
    """Two questions and whether they mean the same (1) or not (0)."""

    query: str
    other: str
    label: int


def read_pairs(path: Path) -> list[LabelledPair]:
    """A JSON Lines file of `query, other, label`, plain or gzip.

    Raises:
        BenchmarkError: a line is broken, or all labels are the same.
    """
    pairs = []
    for number, row in _json_lines(path):
        if not {"query", "other", "label"} <= row.keys() or row["label"] not in (0, 1):
            raise BenchmarkError(f"{path} 第 {number} 行：要有 query、other 和 label（0 或 1）")
        pairs.append(LabelledPair(str(row["query"]), str(row["other"]), int(row["label"])))
    if len({pair.label for pair in pairs}) < 2:
        raise BenchmarkError(f"{path}：要有标为 0 的，也要有标为 1 的")
    return pairs


def _read_qrels(path: Path) -> dict[str, dict[str, int]]:
    """Tab-separated question, document, grade; TREC's form with an iteration in the second column is read too."""
    qrels: dict[str, dict[str, int]] = {}
    for number, line in _lines(path):
        cells = line.split("\t") if "\t" in line else line.split()
        try:
            query, document, grade = cells[0], cells[-2], int(cells[-1])
        except (IndexError, ValueError):
            if number == 1:  # the header
                continue
            raise BenchmarkError(f"{path} 第 {number} 行：应为 问题、文档、等级（整数），以制表符分隔") from None
        if len(cells) not in (3, 4):
            raise BenchmarkError(f"{path} 第 {number} 行：应有三列，却有 {len(cells)} 列")
        if grade > 0:
            qrels.setdefault(query, {})[document] = grade
    return qrels


def _first(folder: Path, *names: str) -> Path:
    found = next((folder / name for name in names if (folder / name).is_file()), None)
    if found is None:
        raise BenchmarkError(f"{folder} 里没有 {' 或 '.join(names)}")
    return found


def _json_lines(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    for number, line in _lines(path):
        try:
            row = json.loads(line)
        except (ValueError, RecursionError):
            row = None
        if not isinstance(row, dict):
            raise BenchmarkError(f"{path} 第 {number} 行：不是 JSON 对象")
        yield number, row


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    try:
        for item in Source(path).lines():
            if isinstance(item, Rejection):
                raise BenchmarkError(str(item))
            if item[1].strip():
                yield item
    except OSError as error:
        raise BenchmarkError(f"{path} 读不了：{error.strerror or error}") from error
