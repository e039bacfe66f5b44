"""From records to a published generation: store, embed, index, verify, publish."""

from __future__ import annotations

import errno
import importlib.metadata
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from corpus.record import DoctorAnswer
from corpus.segment import record_tokens
from index import answers, units, vectors, words
from index.answers import AnswerStore
from index.arrays import map_array, refuse_no_directions
from index.check import check, segmentation_identity
from index.encoder import TextEncoder
from index.generation import KEPT_GENERATIONS, IndexFolder
from index.integrity import verify
from index.manifest import Generation, IndexFolderError, Manifest, stored_path
from index.resume import InterruptedWork
from index.steps import Hook, Step
from index.units import EMBEDDINGS, QUESTION, UNIT, Unit, units_of
from index.vector_kinds import VectorKind
from index.vectors import VectorIndex
from index.words import WordIndex

__all__ = ["EMBEDDINGS", "BuildResult", "NoProgress", "Progress", "build_index", "segmentation_identity"]

_EMBED_CHUNK = 1024  # texts sorted by length together, so that a batch pads little
_EMBED_PIECE = 256  # texts after which the progress is told and kept; with 64 the cores wait for each other a twentieth of the time
_UNIT_CHUNK = 65_536
_GOLDEN_QUESTIONS = 5


class Progress(Protocol):
    """Told of the work: `start` names a stage (total None when unknown), `advance` counts."""

    def start(self, stage: str, total: int | None) -> None:
        """A stage begins."""

    def advance(self, count: int) -> None:
        """That many more are done."""


class NoProgress:
    """For tests and for other people's programs."""

    def start(self, stage: str, total: int | None) -> None:
        """Nothing."""

    def advance(self, count: int) -> None:
        """Nothing."""


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

    Raises:
        IndexFolderError: no records, another builder at work, a full disk; the published index is then untouched.
    """
    progress = progress or NoProgress()
    index = folder if isinstance(folder, IndexFolder) else IndexFolder(folder)
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
            embedder = _Embedder(encoder, work, progress, index.hook)
            reused = _write_embeddings(store, unit_table, index, embedder, staging)
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
                encoder=identity_of(encoder),
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
    return BuildResult(generation, count, len(unit_table), reused, embedder.resumed)


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


def identity_of(encoder: TextEncoder) -> dict[str, Any]:
    """What a manifest says of the encoder, so that a reader can tell its own from another."""
    return {
        "name": encoder.name,
        "fingerprint": encoder.fingerprint,
        "dimension": encoder.dimension,
        "prompts": encoder.prompts,
        "max_tokens": encoder.max_tokens,
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


def _write_embeddings(store: AnswerStore, table: np.ndarray, index: IndexFolder, embedder: _Embedder, staging: Path) -> int:
    """Fill `embeddings.npy` [units, dimension]; an embedding that exists under the same content hash is copied."""
    progress = embedder.progress
    embeddings = _room_for(staging / EMBEDDINGS, (len(table), embedder.encoder.dimension))
    progress.start("编码", len(table))
    reused = _copy_known(table, index, embedder.encoder, embeddings)
    progress.advance(int(reused.sum()))
    firsts = _first_alike(table["hash"])
    waiting: list[tuple[int, Unit]] = []
    for number, unit in enumerate(unit for record in store for unit in units_of(record)):
        if reused[number] or firsts[number] != number:
            continue
        waiting.append((number, unit))
        if len(waiting) == _EMBED_CHUNK:
            embedder.embed(waiting, embeddings)
            waiting = []
    embedder.embed(waiting, embeddings)
    repeats = np.flatnonzero(~reused & (firsts != np.arange(len(table))))
    for start in range(0, len(repeats), _UNIT_CHUNK):
        piece = repeats[start : start + _UNIT_CHUNK]
        embeddings[piece] = embeddings[firsts[piece]]
    progress.advance(len(repeats))
    for start in range(0, len(embeddings), _UNIT_CHUNK):
        refuse_no_directions(embeddings[start : start + _UNIT_CHUNK], start)
    embeddings.flush()
    return int(reused.sum())


def _first_alike(hashes: np.ndarray) -> np.ndarray:
    """For each unit the first one that has the same content hash, itself where it is the first; int64 [units]."""
    order = np.argsort(hashes, kind="stable")
    ordered = hashes[order]
    is_first = np.ones(len(hashes), dtype=bool)
    is_first[1:] = ordered[1:] != ordered[:-1]
    firsts = np.empty(len(hashes), dtype=np.int64)
    firsts[order] = order[np.maximum.accumulate(np.where(is_first, np.arange(len(hashes)), 0))]
    return firsts


def _room_for(path: Path, shape: tuple[int, int]) -> np.memmap:
    """A new float32 array on the disk, with the disk's room taken: a map into a file with holes kills the process when the disk is full.

    Raises:
        OSError: there is no room.
    """
    embeddings = np.lib.format.open_memmap(path, mode="w+", dtype=np.float32, shape=shape)
    if hasattr(os, "posix_fallocate"):
        with path.open("r+b") as file:
            try:
                os.posix_fallocate(file.fileno(), 0, path.stat().st_size)
            except OSError as error:
                if error.errno not in (errno.EOPNOTSUPP, errno.EINVAL, errno.ENOSYS):  # a file system that cannot
                    raise
    return embeddings


class _Embedder:
    """Encodes units, keeps what it has done for a build that may have to go on, and tells how far it is."""

    def __init__(self, encoder: TextEncoder, work: InterruptedWork, progress: Progress, hook: Hook) -> None:
        self.encoder = encoder
        self.progress = progress
        self.resumed = 0
        self._work = work
        self._hook = hook

    def embed(self, waiting: list[tuple[int, Unit]], embeddings: np.ndarray) -> None:
        """Encode a chunk, shortest first, in pieces small enough for the progress bar to move."""
        done = self._work.get([unit.hash for _, unit in waiting])
        for number, unit in waiting:
            if unit.hash in done:
                embeddings[number] = done[unit.hash]
        self.resumed += len(done)
        self.progress.advance(len(done))
        for kind, encode in ((QUESTION, self.encoder.encode_questions), (units.PASSAGE, self.encoder.encode_passages)):
            same = [(number, unit) for number, unit in waiting if unit.kind == kind and unit.hash not in done]
            same.sort(key=lambda pair: len(pair[1].text))
            for start in range(0, len(same), _EMBED_PIECE):
                piece = same[start : start + _EMBED_PIECE]
                vectors = np.asarray(encode([unit.text for _, unit in piece]), dtype=np.float32)
                embeddings[[number for number, _ in piece]] = vectors
                self._work.put([unit.hash for _, unit in piece], vectors)
                self.progress.advance(len(piece))
                self._hook(Step.EMBEDDED)


def _copy_known(table: np.ndarray, index: IndexFolder, encoder: TextEncoder, embeddings: np.ndarray) -> np.ndarray:
    """Copy embeddings of unchanged units from the published generation; bool [units]: which were."""
    copied = np.zeros(len(table), dtype=bool)
    try:
        # Hashed anew: damage that a stamp hides would be sealed into the new generation as right.
        old = index.open(thorough=True)
    except IndexFolderError:
        return copied
    if old.manifest.encoder["fingerprint"] != encoder.fingerprint:
        return copied
    old_table = map_array(old.path / units.FILE)
    old_embeddings = map_array(old.path / EMBEDDINGS)
    order = np.argsort(old_table["hash"], kind="stable")
    hashes = old_table["hash"][order]
    places = np.minimum(np.searchsorted(hashes, table["hash"]), max(len(hashes) - 1, 0))
    copied = hashes[places] == table["hash"] if len(hashes) else copied
    for start in range(0, len(table), 65_536):
        piece = np.flatnonzero(copied[start : start + 65_536]) + start
        embeddings[piece] = old_embeddings[order[places[piece]]]
    return copied


def golden_questions(store: AnswerStore, table: np.ndarray) -> list[dict[str, object]]:
    """A few records' own questions, spread over the index."""
    rows = np.unique(table["row"][table["kind"] == QUESTION])
    if not len(rows):
        return []
    chosen = np.unique(rows[np.linspace(0, len(rows) - 1, _GOLDEN_QUESTIONS).astype(int)])
    return [{"question": record.question, "row": int(row)} for row, record in zip(chosen, store.get(chosen.tolist()), strict=True)]
