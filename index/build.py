"""From records to a published generation: store, embed, index, verify, publish."""

from __future__ import annotations

import importlib.metadata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from corpus.record import DoctorAnswer
from corpus.segment import record_tokens
from index import answers, units, vectors, words
from index.answers import AnswerStore
from index.arrays import map_array
from index.check import check, segmentation_identity
from index.embedding_files import write_embeddings
from index.encoder import TextEncoder, token_encoder
from index.generation import KEPT_GENERATIONS, IndexFolder
from index.integrity import verify
from index.manifest import Generation, IndexFolderError, Manifest, stored_path
from index.progress import NoProgress, Progress
from index.resume import InterruptedWork
from index.steps import Step
from index.units import EMBEDDINGS, QUESTION, UNIT, units_of
from index.vector_kinds import VectorKind
from index.vectors import VectorIndex
from index.words import WordIndex

_UNIT_CHUNK = 65_536
_GOLDEN_QUESTIONS = 5


@dataclass(frozen=True)
class BuildResult:
    """What a build published.

    Attributes:
        reused: units whose embeddings it took over from the last generation.
        resumed: units whose embeddings an interrupted build had left.
    """

    generation: Generation
    records: int
    units: int
    reused: int
    resumed: int = 0


def build_index(
    records: Iterable[DoctorAnswer],
    folder: Path | IndexFolder,
    encoder: TextEncoder,
    *,
    sources: Iterable[str] = (),
    progress: Progress | None = None,
    keep: int = KEPT_GENERATIONS,
    resume: bool = False,
    interrupted: InterruptedWork | None = None,
    tokens: bool = False,
) -> BuildResult:
    """Build a generation from a stream of records with distinct ids and publish it.

    Args:
        records: read once; their text is never held in memory together.
        folder: the index folder (an `IndexFolder` may bring a hook or a clock).
        encoder: embeds; its fingerprint decides whether the last generation's embeddings can be re-used.
        sources: where the records come from, for the manifest.
        progress: told of each stage.
        keep: how many generations stay, the new one included.
        resume: use the embeddings that an interrupted build has left; without it they are dropped.
        interrupted: where those are kept, if not in the usual place.
        tokens: keep the vectors of tokens, which a second look needs (`index.late_interaction`) and which take most of the disk.

    Raises:
        IndexFolderError: no records, another builder at work, a full disk; the published index is then untouched.
    """
    progress = progress or NoProgress()
    index = folder if isinstance(folder, IndexFolder) else IndexFolder(folder)
    keeps_tokens = tokens and token_encoder(encoder) is not None
    with index.builder() as staging:
        work = interrupted or InterruptedWork(index.path, encoder.fingerprint, encoder.dimension)
        if not resume:
            work.forget()
        try:
            progress.start("读取与清洗", None)
            count = AnswerStore.build(counted(records, progress), staging / answers.FILE)
            if not count:
                raise IndexFolderError("没有一条可用的记录，索引没有改动")
            index.hook(Step.RECORDS)
            store = AnswerStore(staging / answers.FILE)
            unit_table = _write_units(store, staging, progress)
            index.hook(Step.UNITS)
            embedding = write_embeddings(store, unit_table, index, encoder, work, staging, progress=progress, tokens=keeps_tokens)
            index.hook(Step.EMBEDDINGS)
            progress.start("分词与词索引", count)
            WordIndex.build(_tokens(store, progress), staging / words.FOLDER)
            index.hook(Step.WORDS)
            progress.start("向量索引", len(unit_table))
            vector_kind = write_vectors(staging, unit_table)
            progress.advance(len(unit_table))
            index.hook(Step.VECTORS)
            manifest = Manifest(
                created=index.time_of_next(),
                counts=counts_of(store, len(unit_table)),
                encoder=identity_of(encoder, tokens=keeps_tokens),
                segmentation=segmentation_identity(),
                libraries=library_versions(),
                sources=[stored_path(source) for source in sources],
                vector_index=vector_kind.to_dict(),
                golden=golden_questions(store, unit_table),
            )
            progress.start("校验与发布", None)
            sealed = index.seal(staging, manifest)
            check(verify(sealed.path), encoder)
            index.hook(Step.VERIFIED)
            generation = index.publish(sealed, keep=keep)
            work.forget()
        finally:
            work.close()
    return BuildResult(generation, count, len(unit_table), embedding.reused, embedding.resumed)


def library_versions() -> dict[str, str]:
    """The versions of the libraries that write an index's files."""
    return {name: importlib.metadata.version(name) for name in ("faiss-cpu", "bm25s", "numpy")}


def write_vectors(staging: Path, unit_table: np.ndarray) -> VectorKind:
    """Write the vector index over the staged embeddings; a coarse one is tuned with the records' own questions."""
    questions = np.flatnonzero(unit_table["kind"] == QUESTION)
    embeddings = map_array(staging / EMBEDDINGS)
    return VectorIndex.build(embeddings, staging / vectors.FILE, tried=questions)


def counts_of(store: AnswerStore, unit_count: int) -> dict[str, int]:
    """Records, units, and records by kind."""
    return {"records": len(store), "units": unit_count, **store.facet("kind")}


def identity_of(encoder: TextEncoder, *, tokens: bool) -> dict[str, Any]:
    """What a manifest says of the encoder, so that a reader can tell its own from another, and whether the vectors of its tokens are kept."""
    return {
        "name": encoder.name,
        "fingerprint": encoder.fingerprint,
        "dimension": encoder.dimension,
        "prompts": encoder.prompts,
        "max_tokens": encoder.max_tokens,
        "tokens": tokens,
    }


def counted(records: Iterable[DoctorAnswer], progress: Progress) -> Iterator[DoctorAnswer]:
    """The records as they come, `progress` told of each."""
    for record in records:
        yield record
        progress.advance(1)


def _tokens(store: AnswerStore, progress: Progress) -> Iterator[list[str]]:
    for record in store:
        yield record_tokens(record)
        progress.advance(1)


def _write_units(store: AnswerStore, staging: Path, progress: Progress) -> np.ndarray:
    progress.start("切分段落", len(store))
    pieces: list[np.ndarray] = [np.zeros(0, dtype=UNIT)]
    rows: list[tuple[int, int, int, int, bytes]] = []
    for row, record in enumerate(store):
        rows += [(row, unit.kind, unit.start, unit.end, unit.hash) for unit in units_of(record)]
        progress.advance(1)
        if len(rows) >= _UNIT_CHUNK:  # a tuple takes five times the memory of a row
            pieces.append(np.array(rows, dtype=UNIT))
            rows = []
    table = np.concatenate([*pieces, np.array(rows, dtype=UNIT)])
    np.save(staging / units.FILE, table, allow_pickle=False)
    return table


def golden_questions(store: AnswerStore, table: np.ndarray) -> list[dict[str, object]]:
    """A few records' own questions, spread over the index."""
    rows = np.unique(table["row"][table["kind"] == QUESTION])
    if not len(rows):
        return []
    chosen = np.unique(rows[np.linspace(0, len(rows) - 1, _GOLDEN_QUESTIONS).astype(int)])
    return [{"question": record.question, "row": int(row)} for row, record in zip(chosen, store.get(chosen.tolist()), strict=True)]
