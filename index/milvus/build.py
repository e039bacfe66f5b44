"""From records to a published generation in Milvus: the same records, units, tokens and vectors as `index.build` makes.

Records are first put into a file beside which everything is counted, since BM25 and the manifest need to know all of them; then they
are put in, a bounded number at a time.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

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
from index.manifest import IndexFolderError, Manifest, stored_path
from index.milvus.bm25 import DocumentWeights
from index.milvus.collections import EXACT, EXACT_UP_TO, GRAPH
from index.milvus.publishing import MilvusGenerations, summary_files
from index.milvus.scratch import scratch
from index.milvus.searched import MilvusIndex, RecordUnits
from index.milvus.writing import library_versions, summary_text, write
from index.units import PASSAGE, QUESTION, Unit, units_of

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
    reading: Mapping[str, str] | None = None,
    progress: Progress | None = None,
    keep: int = KEPT_GENERATIONS,
    exact_up_to: int = EXACT_UP_TO,
    scratch_folder: Path | None = None,
) -> MilvusBuild:
    """Build a generation from a stream of records with distinct ids and publish it.

    Args:
        records: read once; their text is never held in memory together.
        generations: where they go.
        encoder: embeds; one that remembers (`index.embedding_cache`) makes a rebuild embed only what is new.
        sources: where the records come from, for the manifest.
        reading: with which options of `rebuild_index.py` the sources were read, name -> value, for whoever rebuilds; None if unknown.
        progress: told of each stage.
        keep: how many generations stay, the new one included.
        exact_up_to: units up to which every vector is compared in a search.
        scratch_folder: where what was read lies meanwhile, if not in the usual place (`index.milvus.scratch`).

    Raises:
        IndexFolderError: no records, a full disk, a server that fails; the published generation is then untouched.
    """
    progress = progress or NoProgress()
    with scratch(scratch_folder) as folder:
        return _build(records, generations, encoder, folder, list(sources), reading, progress, keep, exact_up_to)


def _build(
    records: Iterable[DoctorAnswer],
    generations: MilvusGenerations,
    encoder: TextEncoder,
    folder: Path,
    sources: list[str],
    reading: Mapping[str, str] | None,
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
    summary = summary_text(holdings, _background(holdings, encoder), dense_index, reading)
    manifest = Manifest(
        created=generations.time_of_next(),
        counts=counts_of(holdings, len(places)),
        encoder=identity_of(encoder),
        segmentation=segmentation_identity(),
        libraries=library_versions(generations.engine),
        sources=[stored_path(source) for source in sources],
        golden=golden_questions(holdings, places),
        files=summary_files(summary),
    )
    with generations.staged(manifest, dense_index) as staged:
        progress.start("编码与写入", len(places))
        write(generations.engine, staged, holdings, words, lambda _, chunk: _units_of(chunk, encoder), progress)
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


def _units_of(records: list[DoctorAnswer], encoder: TextEncoder) -> list[RecordUnits]:
    """The units of each record, embedded; they have no numbers yet."""
    listed = [list(units_of(record)) for record in records]
    vectors = _embed([unit for units in listed for unit in units], encoder)
    ends = np.cumsum([len(units) for units in listed])
    tables = [np.array([(0, unit.kind, unit.start, unit.end) for unit in units], dtype=np.int64).reshape(-1, 4) for units in listed]
    return [RecordUnits(table, vectors[end - len(table) : end]) for table, end in zip(tables, ends, strict=True)]


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
