"""The task that every contestant gets: the same records, the same questions, the same encoder."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from index.benchmark import Benchmark, BenchmarkError, read_benchmark
from index.units import QUESTION, units_of


@dataclass(frozen=True, slots=True)
class Task:
    """Files in one folder, written once and read by every contestant's process.

    Attributes:
        folder: a BEIR folder (`corpus.jsonl`, `queries.jsonl`, `qrels.tsv`) and `units.jsonl`.
        encoder: the encoder as a sentence-transformers folder, its weights in float32.
        product_encoder: the same encoder as the product is asked for it.
    """

    folder: str
    encoder: str
    product_encoder: str

    def benchmark(self) -> Benchmark:
        """The records as the product reads them, the questions and the judgements."""
        return read_benchmark(Path(self.folder))

    def texts(self) -> list[tuple[str, str]]:
        """(record's id, its whole text) as a program gets it that does not clean."""
        rows = _lines(Path(self.folder) / "corpus.jsonl")
        return [(row["_id"], f"{row.get('title', '')}\n{row['text']}".strip()) for row in rows]

    def units(self) -> list[tuple[str, str]]:
        """(record's id, text) of every passage that the product embeds, cut beforehand."""
        return [(row["_id"], row["text"]) for row in _lines(Path(self.folder) / "units.jsonl")]

    def save(self, path: Path) -> None:
        """Write it for another process."""
        path.write_text(json.dumps(asdict(self)), encoding="utf-8")

    @staticmethod
    def load(path: Path) -> Task:
        """What `save` wrote."""
        return Task(**json.loads(path.read_text(encoding="utf-8")))


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much the contestants got."""

    records: int
    units: int
    questions: int
    characters: int


def write_task(source: Benchmark, folder: Path, *, records: int, questions: int, seed: int = 0) -> Sizes:
    """A part of a benchmark as a benchmark: some questions, all records that answer them, and others up to `records`.

    Args:
        source: the whole.
        folder: where to write; made if need be.
        records: how many; more where the questions' answers alone are more. 0: all.
        questions: how many; 0: all.
        seed: of the draw.

    Raises:
        BenchmarkError: none of the questions has an answer among the records.
    """
    draw = random.Random(seed)  # noqa: S311 - a draw, not a secret
    names = sorted(source.questions)
    asked = sorted(draw.sample(names, min(questions or len(names), len(names))))
    all_records = list(source.records())
    there = {record.id for record in all_records}
    answers = {document for name in asked for document in source.qrels[name]} & there
    if not answers:
        raise BenchmarkError(f"{source.folder}：没有一个问题的答案在语料里")
    others = sorted(there - answers)
    room = max((records or len(there)) - len(answers), 0)
    kept = answers | set(draw.sample(others, min(room, len(others))))
    chosen = [record for record in all_records if record.id in kept]
    folder.mkdir(parents=True, exist_ok=True)
    passages = [{"_id": record.id, "text": unit.text} for record in chosen for unit in units_of(record) if unit.kind != QUESTION]
    headings = [{"_id": record.id, "text": unit.text} for record in chosen for unit in units_of(record) if unit.kind == QUESTION]
    _write(folder / "corpus.jsonl", ({"_id": record.id, "title": record.question, "text": record.answer} for record in chosen))
    _write(folder / "units.jsonl", [*headings, *passages])
    _write(folder / "queries.jsonl", ({"_id": name, "text": source.questions[name]} for name in asked))
    judged = [f"{name}\t{document}\t{grade}" for name in asked for document, grade in source.qrels[name].items() if document in kept]
    (folder / "qrels.tsv").write_text("\n".join(["query-id\tcorpus-id\tscore", *judged]) + "\n", encoding="utf-8")
    characters = sum(len(record.question) + len(record.answer) for record in chosen)
    return Sizes(len(chosen), len(headings) + len(passages), len(asked), characters)


def _write(path: Path, rows: Iterator[dict[str, str]] | list[dict[str, str]]) -> None:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")


def _lines(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)
