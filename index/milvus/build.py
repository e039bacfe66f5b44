"""From records to a published generation in Milvus: the same records, units, tokens and vectors as `index.build` makes.

Records are first put into a file beside which everything is counted, since BM25 and the manifest need to know all of them; then they
are put in, a bounded number at a time.
"""

from __future__ import annotations

import importlib.metadata
import json
import sqlite3
import tempfile
from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from corpus.record import DoctorAnswer
from corpus.segment import record_tokens
from index import answers
from index.answer_vectors import answer_vectors, background_of, sample_of
from index.answers import AnswerStore
from index.arrays import refuse_no_directions
from index.build import NoProgress, Progress, counted, counts_of, golden_questions, identity_of, segmentation_identity
from index.encoder import TextEncoder
from index.generation import KEPT_GENERATIONS
from index.holdings import Holdings
from index.manifest import IndexFolderError, Manifest
from index.milvus.bm25 import DocumentWeights
from index.milvus.collections import EXACT, EXACT_UP_TO, GRAPH, filtered_fields
from index.milvus.engine import Engine
from index.milvus.publishing import MilvusGenerations, summary_files
from index.milvus.searched import MilvusIndex
from index.milvus.store import Stored, row_of_record, summary_of
from index.units import PASSAGE, QUESTION, Unit, units_of

_CHUNK = 256  # records that are embedded and put in together
_MESSAGE = 8 << 20  # bytes of one insert, well under the server's limit of 64 MiB
_PLACE = np.dtype([("row", "<u4"), ("kind", "u1")])


@dataclass(frozen=True, slots=True)
class MilvusBuild:
    """What a build published.

    Attributes:
        index: the new generation, open.
        records, units: how many.
    """

    index: MilvusIndex
    records: int
    units: int


def build_milvus(
    records: Iterable[DoctorAnswer],
    generations: MilvusGenerations,
    encoder: TextEncoder,
    *,
    sources: Iterable[str] = (),
    progress: Progress | None = None,
    keep: int = KEPT_GENERATIONS,
    exact_up_to: int = EXACT_UP_TO,
) -> MilvusBuild:
    """Build a generation from a stream of records with distinct ids and publish it.

    Args:
        records: read once; their text is never held in memory together.
        generations: where they go.
        encoder: embeds; one that remembers (`index.embedding_cache`) makes a rebuild embed only what is new.
        sources: where the records come from, for the manifest.
        progress: told of each stage.
        keep: how many generations stay, the new one included.
        exact_up_to: units up to which every vector is compared in a search.

    Raises:
        IndexFolderError: no records, a full disk, a server that fails; the published generation is then untouched.
    """
    progress = progress or NoProgress()
    try:
        with tempfile.TemporaryDirectory(prefix="doctor-answers-") as folder:
            return _build(records, generations, encoder, Path(folder), list(sources), progress, keep, exact_up_to)
    except (OSError, sqlite3.OperationalError) as error:
        raise IndexFolderError(
            f"写入临时文件时出错：{error}（{tempfile.gettempdir()}）；已发布的索引没有改动，请看磁盘空间与权限再重建"
        ) from error


def _build(
    records: Iterable[DoctorAnswer],
    generations: MilvusGenerations,
    encoder: TextEncoder,
    folder: Path,
    sources: list[str],
    progress: Progress,
    keep: int,
    exact_up_to: int,
) -> MilvusBuild:
    progress.start("读取与清洗", None)
    if not AnswerStore.build(counted(records, progress), folder / answers.FILE):
        raise IndexFolderError("没有一条可用的记录，索引没有改动")
    holdings = Holdings(folder / answers.FILE)
    words = DocumentWeights(folder / "words")
    places = _count(holdings, words, progress)
    dense_index = EXACT if len(places) <= exact_up_to else GRAPH
    summary = json.dumps(
        {**summary_of(holdings), "background": _background(holdings, encoder), "dense_index": dense_index},
        ensure_ascii=False,
        sort_keys=True,
    )
    manifest = Manifest(
        created=generations.time_of_next(),
        counts=counts_of(holdings, len(places)),
        encoder=identity_of(encoder),
        segmentation=segmentation_identity(),
        libraries={"pymilvus": importlib.metadata.version("pymilvus"), "milvus": generations.engine.version()},
        sources=sources,
        golden=golden_questions(holdings, places),
        files=summary_files(summary),
    )
    with generations.staged(manifest, dense_index) as staged:
        progress.start("编码与写入", len(places))
        into_records = _Inserter(generations.engine, staged.records)
        into_units = _Inserter(generations.engine, staged.units)
        weights = iter(words)
        unit_number = 0
        for first, stored in _chunks(holdings):
            for row, one in enumerate(stored, start=first):
                into_records.put(row_of_record(row, one, next(weights)))
            for unit in _unit_rows(first, [one.record for one in stored], encoder):
                into_units.put({"unit": unit_number, **unit})
                unit_number += 1
                progress.advance(1)
        into_records.flush()
        into_units.flush()
        progress.start("校验与发布", None)
        index = generations.publish(staged, manifest, summary, encoder, keep=keep)
    return MilvusBuild(index, len(holdings), len(places))


def _count(holdings: Holdings, words: DocumentWeights, progress: Progress) -> np.ndarray:
    """Count every record's tokens; the row and kind of every unit."""
    progress.start("分词与词索引", len(holdings))
    # Arrays of the standard library: a list of tuples takes ten times the memory.
    rows, kinds = array("q"), array("b")
    for row, record in enumerate(holdings):
        words.add(record_tokens(record))
        for unit in units_of(record):
            rows.append(row)
            kinds.append(unit.kind)
        progress.advance(1)
    places = np.empty(len(rows), dtype=_PLACE)
    places["row"], places["kind"] = rows, kinds
    return places


def _background(holdings: Holdings, encoder: TextEncoder) -> float:
    """As `index.answer_vectors` finds it: from the same answers. It is part of the manifest's summary, so it must be known before."""
    rows = sample_of(np.arange(len(holdings))).tolist()
    listed = [(place, unit) for place, record in enumerate(holdings.get(rows)) for unit in units_of(record) if unit.kind == PASSAGE]
    vectors = _embed([unit for _, unit in listed], encoder)
    owner = np.array([place for place, _ in listed], dtype=np.int64)
    length = np.array([unit.end - unit.start for _, unit in listed])
    return background_of(answer_vectors(vectors, owner, np.zeros(len(listed), dtype=bool), length, len(rows))[0])


def _chunks(holdings: Holdings) -> Iterator[tuple[int, list[Stored]]]:
    """The records by row, with what was read of them: (first row, records)."""
    for first in range(0, len(holdings), _CHUNK):
        rows = list(range(first, min(first + _CHUNK, len(holdings))))
        yield first, [Stored(*parts) for parts in zip(holdings.get(rows), holdings.audiences(rows), holdings.points(rows), strict=True)]


def _unit_rows(first: int, records: list[DoctorAnswer], encoder: TextEncoder) -> Iterator[dict[str, Any]]:
    """The units of some records as the engine keeps them, but for their numbers."""
    listed = [(place, unit) for place, record in enumerate(records) for unit in units_of(record)]
    vectors = _embed([unit for _, unit in listed], encoder)
    filtered = [filtered_fields(record) for record in records]
    for (place, unit), vector in zip(listed, vectors, strict=True):
        own = {"row": first + place, "kind": unit.kind, "start": unit.start, "end": unit.end, "vector": vector}
        yield own | filtered[place]


def _embed(units: list[Unit], encoder: TextEncoder) -> np.ndarray:
    """The vectors of units, float32 [units, dimension]."""
    vectors = np.zeros((len(units), encoder.dimension), dtype=np.float32)
    for kind, encode in ((QUESTION, encoder.encode_questions), (PASSAGE, encoder.encode_passages)):
        places = [place for place, unit in enumerate(units) if unit.kind == kind]
        places.sort(key=lambda place: len(units[place].text))  # a batch is padded to its longest
        ordered = iter(places)
        while batch := list(islice(ordered, 64)):
            vectors[batch] = encode([units[place].text for place in batch])
    refuse_no_directions(vectors)
    return vectors


class _Inserter:
    """Puts rows into a collection, as many at once as a message holds."""

    def __init__(self, engine: Engine, collection: str) -> None:
        self._engine = engine
        self._collection = collection
        self._rows: list[dict[str, Any]] = []
        self._size = 0

    def put(self, row: dict[str, Any]) -> None:
        self._rows.append(row)
        self._size += _size(row)
        if self._size >= _MESSAGE:
            self.flush()

    def flush(self) -> None:
        self._engine.insert(self._collection, self._rows)
        self._rows, self._size = [], 0


def _size(row: dict[str, Any]) -> int:
    """About how many bytes a row takes in a message."""
    body = sum(4 * len(piece) for piece in row.get("body", ()))
    vector = row["vector"].nbytes if "vector" in row else 0
    return 500 + body + 4 * len(row.get("question", "")) + 12 * len(row.get("words", ())) + vector
