"""From records to a published generation in Milvus: the same records, units, tokens and vectors as `index.build` makes.

Records are first put into a file beside which everything is counted, since BM25 and the manifest need to know all of them; then they
are put in, a bounded number at a time.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from corpus.record import DoctorAnswer
from corpus.segment import record_tokens
from index import answers
from index.answer_vectors import answer_vectors, background_of, sample_of
from index.answers import AnswerStore
from index.arrays import refuse_no_directions
from index.build import counted, counts_of, golden_questions, identity_of, segmentation_identity
from index.embed import embed_units, read_again
from index.encoder import TextEncoder, token_encoder
from index.generation import KEPT_GENERATIONS
from index.holdings import Holdings
from index.manifest import IndexFolderError, Manifest, stored_path
from index.milvus.bm25 import DocumentWeights
from index.milvus.collections import EXACT, EXACT_UP_TO, GRAPH
from index.milvus.publishing import MilvusGenerations, summary_files
from index.milvus.scratch import scratch
from index.milvus.searched import MilvusIndex, RecordUnits
from index.milvus.writing import library_versions, summary_text, write
from index.progress import NoProgress, Progress
from index.token_codes import width_of
from index.units import PASSAGE, Unit, units_of

_PLACE = np.dtype([("row", "<u4"), ("kind", "u1")])
_PIECE = 64  # texts that are embedded together


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
    tokens: bool = False,
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
        tokens: keep the vectors of tokens, which a second look needs (`index.late_interaction`) and which take most of the disk.

    Raises:
        IndexFolderError: no records, a full disk, a server that fails; the published generation is then untouched.
    """
    progress = progress or NoProgress()
    keeps_tokens = tokens and token_encoder(encoder) is not None
    with scratch(scratch_folder) as folder:
        return _build(records, generations, encoder, folder, list(sources), reading, progress, keep, exact_up_to, keeps_tokens)


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
    tokens: bool,
) -> MilvusBuild:
    progress.start("读取与清洗", None)
    if not AnswerStore.build(counted(records, progress), folder / answers.FILE):
        raise IndexFolderError("没有一条可用的记录，索引没有改动")
    holdings = Holdings(folder / answers.FILE)
    words = DocumentWeights(folder / "words")
    places = _count(holdings, words, progress)
    dense_index = EXACT if len(places) <= exact_up_to else GRAPH
    summary = summary_text(holdings, _background(holdings, encoder, tokens), dense_index, reading)
    manifest = Manifest(
        created=generations.time_of_next(),
        counts=counts_of(holdings, len(places)),
        encoder=identity_of(encoder, tokens=tokens),
        segmentation=segmentation_identity(),
        libraries=library_versions(generations.engine),
        sources=[stored_path(source) for source in sources],
        golden=golden_questions(holdings, places),
        files=summary_files(summary),
    )
    with generations.staged(manifest, dense_index) as staged:
        progress.start("编码与写入", len(places))
        write(generations.engine, staged, holdings, words, lambda _, chunk: _units_of(chunk, encoder, tokens), progress)
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


def _background(holdings: Holdings, encoder: TextEncoder, tokens: bool) -> float:
    """As `index.answer_vectors` finds it: from the same answers. It is part of the manifest's summary, so it must be known before.

    With tokens where those will be kept: an encoder that remembers would else embed these answers once more when they are written.
    """
    rows = sample_of(np.arange(len(holdings))).tolist()
    listed = [(place, unit) for place, record in enumerate(holdings.get(rows)) for unit in units_of(record) if unit.kind == PASSAGE]
    vectors, _ = _embed([unit for _, unit in listed], encoder, tokens)
    owner = np.array([place for place, _ in listed], dtype=np.int64)
    length = np.array([unit.end - unit.start for _, unit in listed])
    return background_of(answer_vectors(vectors, owner, np.zeros(len(listed), dtype=bool), length, len(rows))[0])


def _units_of(records: list[DoctorAnswer], encoder: TextEncoder, tokens: bool) -> list[RecordUnits]:
    """The units of each record, embedded; they have no numbers yet."""
    listed = [list(units_of(record)) for record in records]
    vectors, codes = _embed([unit for units in listed for unit in units], encoder, tokens)
    found = []
    first = 0
    for units in listed:
        table = np.array([(0, unit.kind, unit.start, unit.end) for unit in units], dtype=np.int64).reshape(-1, 4)
        own = slice(first, first + len(units))
        found.append(RecordUnits(table, vectors[own], codes[own] if tokens else None))
        first = own.stop
    return found


def _embed(units: list[Unit], encoder: TextEncoder, tokens: bool) -> tuple[np.ndarray, list[np.ndarray]]:
    """The vectors of units, float32 [units, dimension], and each one's codes, uint8 [tokens, width], without a row where they are not kept."""
    if not tokens:
        units = [replace(unit, with_tokens=False) for unit in units]
    vectors = np.zeros((len(units), encoder.dimension), dtype=np.float32)
    codes = [np.zeros((0, width_of(encoder.dimension)), dtype=np.uint8)] * len(units)
    for places, embedded, of_tokens in embed_units(encoder, units, _PIECE):
        vectors[places] = embedded
        for place, one in zip(places, of_tokens or (), strict=of_tokens is not None):
            codes[place] = read_again(units[place], one)
    refuse_no_directions(vectors)
    return vectors, codes
