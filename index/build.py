"""From records to a published generation: store, embed, index, verify, publish."""

from __future__ import annotations

import hashlib
import importlib.metadata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np

from corpus.audience import AUDIENCE
from corpus.lexicon import SYNONYMS
from corpus.points import POINTS
from corpus.record import DoctorAnswer
from corpus.segment import lexical_tokens, lexicon_files
from index import answers, units, vectors, words
from index.answers import AnswerStore
from index.encoder import TextEncoder
from index.generation import DamagedError, Generation, IndexFolder, IndexFolderError, Manifest, now, verify
from index.units import QUESTION, UNIT, Unit, units_of
from index.vectors import VectorIndex
from index.words import WordIndex

EMBEDDINGS = "embeddings.npy"

_EMBED_CHUNK = 1024  # texts sorted by length together, so that a batch pads little
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
    """What a build published, and how many of its units' embeddings it took over from the last generation."""

    generation: Generation
    records: int
    units: int
    reused: int


def build_index(
    records: Iterable[DoctorAnswer],
    folder: Path,
    encoder: TextEncoder,
    *,
    sources: Iterable[str] = (),
    progress: Progress | None = None,
    before_publish: Callable[[], None] | None = None,
) -> BuildResult:
    """Build a generation from a stream of records with distinct ids and publish it.

    Args:
        records: read once; their text is never held in memory together.
        folder: the index folder.
        encoder: embeds; its fingerprint decides whether the last generation's embeddings can be re-used.
        sources: where the records come from, for the manifest.
        progress: told of each stage.
        before_publish: called when the generation is verified and before it becomes current; raising prevents it.

    Raises:
        IndexFolderError: no records, another builder at work, a full disk; the published index is then untouched.
    """
    progress = progress or NoProgress()
    index = IndexFolder(folder)
    with index.builder() as staging:
        progress.start("读取与清洗", None)
        count = AnswerStore.build(_counted(records, progress), staging / answers.FILE)
        if not count:
            raise IndexFolderError("没有一条可用的记录，索引没有改动")
        store = AnswerStore(staging / answers.FILE)
        unit_table = _write_units(store, staging, progress)
        reused = _write_embeddings(store, unit_table, index, encoder, staging, progress)
        progress.start("分词与词索引", count)
        WordIndex.build(_tokens(store, progress), staging / words.FOLDER)
        progress.start("向量索引", len(unit_table))
        VectorIndex.build(np.load(staging / EMBEDDINGS, mmap_mode="r"), staging / vectors.FILE)
        progress.advance(len(unit_table))
        kinds = Counter(record.kind for record in store)
        manifest = Manifest(
            created=now(),
            counts={"records": count, "units": len(unit_table), **kinds},
            encoder={
                "name": encoder.name,
                "fingerprint": encoder.fingerprint,
                "dimension": encoder.dimension,
                "prompts": encoder.prompts,
                "max_tokens": encoder.max_tokens,
            },
            segmentation=segmentation_identity(),
            libraries={name: importlib.metadata.version(name) for name in ("faiss-cpu", "bm25s", "numpy")},
            sources=list(sources),
            golden=_golden(store, unit_table),
        )
        progress.start("校验与发布", None)
        sealed = index.seal(staging, manifest)
        check(verify(sealed.path), encoder)
        if before_publish:
            before_publish()
        generation = index.publish(sealed)
    return BuildResult(generation, count, len(unit_table), reused)


def check(generation: Generation, encoder: TextEncoder | None = None) -> None:
    """Open every store of a generation as a reader would: counts agree, and golden questions find themselves.

    Raises:
        DamagedError: says what does not agree.
    """
    path, manifest = generation.path, generation.manifest
    store = AnswerStore(path / answers.FILE)
    word_index = WordIndex.open(path / words.FOLDER)
    vector_index = VectorIndex.open(path / vectors.FILE)
    unit_table = np.load(path / units.FILE, mmap_mode="r", allow_pickle=False)
    embeddings = np.load(path / EMBEDDINGS, mmap_mode="r", allow_pickle=False)
    found = {
        "记录": (len(store), manifest.counts["records"]),
        "词索引的记录": (len(word_index), manifest.counts["records"]),
        "单元": (len(unit_table), manifest.counts["units"]),
        "向量": (len(vector_index), manifest.counts["units"]),
        "嵌入": (len(embeddings), manifest.counts["units"]),
        "维数": (vector_index.dimension, manifest.encoder["dimension"]),
    }
    for what, (there, expected) in found.items():
        if there != expected:
            raise DamagedError(f"{path}：{what}有 {there}，清单说应为 {expected}")
    for golden in manifest.golden:
        question, row = golden["question"], golden["row"]
        if not word_index.scores(lexical_tokens(question))[row] > 0 and lexical_tokens(question):
            raise DamagedError(f"{path}：词索引答不出检验问题“{question[:30]}”")
        if encoder is not None:
            _, similarities = vector_index.search(encoder.encode_questions([question[: units.MAX_QUESTION]])[0], 1)
            if not len(similarities) or similarities[0] < 0.98:
                raise DamagedError(f"{path}：向量索引答不出检验问题“{question[:30]}”")


def segmentation_identity() -> dict[str, str]:
    """What the tokens, audiences and points stored in an index depend on: jieba's version and the lexicon files."""
    files = (*lexicon_files(), SYNONYMS, AUDIENCE, POINTS)
    identity = {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in files}
    return {"jieba": importlib.metadata.version("jieba"), **identity}


def _counted(records: Iterable[DoctorAnswer], progress: Progress) -> Iterator[DoctorAnswer]:
    for record in records:
        yield record
        progress.advance(1)


def _tokens(store: AnswerStore, progress: Progress) -> Iterator[list[str]]:
    for record in store:
        yield lexical_tokens(f"{record.question}\n{record.answer}")
        progress.advance(1)


def _write_units(store: AnswerStore, staging: Path, progress: Progress) -> np.ndarray:
    progress.start("切分段落", len(store))
    rows: list[tuple[int, int, int, int, bytes]] = []
    for row, record in enumerate(store):
        rows += [(row, unit.kind, unit.start, unit.end, unit.hash) for unit in units_of(record)]
        progress.advance(1)
    table = np.array(rows, dtype=UNIT)
    np.save(staging / units.FILE, table, allow_pickle=False)
    return table


def _write_embeddings(
    store: AnswerStore, table: np.ndarray, index: IndexFolder, encoder: TextEncoder, staging: Path, progress: Progress
) -> int:
    """Fill `embeddings.npy` [units, dimension]; an embedding that exists under the same content hash is copied."""
    shape = (len(table), encoder.dimension)
    embeddings = np.lib.format.open_memmap(staging / EMBEDDINGS, mode="w+", dtype=np.float32, shape=shape)
    progress.start("编码", len(table))
    reused = _copy_known(table, index, encoder, embeddings)
    progress.advance(int(reused.sum()))
    first_with: dict[bytes, int] = {}
    repeats: list[tuple[int, int]] = []
    waiting: list[tuple[int, Unit]] = []
    for number, unit in enumerate(unit for record in store for unit in units_of(record)):
        if reused[number]:
            continue
        first = first_with.setdefault(bytes(table["hash"][number]), number)
        if first != number:
            repeats.append((number, first))
            continue
        waiting.append((number, unit))
        if len(waiting) == _EMBED_CHUNK:
            _embed(waiting, encoder, embeddings, progress)
            waiting = []
    _embed(waiting, encoder, embeddings, progress)
    for number, first in repeats:
        embeddings[number] = embeddings[first]
    progress.advance(len(repeats))
    embeddings.flush()
    return int(reused.sum())


def _embed(waiting: list[tuple[int, Unit]], encoder: TextEncoder, embeddings: np.ndarray, progress: Progress) -> None:
    """Encode a chunk, shortest first, in pieces small enough for the progress bar to move."""
    for kind, encode in ((QUESTION, encoder.encode_questions), (units.PASSAGE, encoder.encode_passages)):
        same = sorted(((number, unit.text) for number, unit in waiting if unit.kind == kind), key=lambda pair: len(pair[1]))
        for start in range(0, len(same), 64):
            piece = same[start : start + 64]
            embeddings[[number for number, _ in piece]] = encode([text for _, text in piece])
            progress.advance(len(piece))


def _copy_known(table: np.ndarray, index: IndexFolder, encoder: TextEncoder, embeddings: np.ndarray) -> np.ndarray:
    """Copy embeddings of unchanged units from the published generation; bool [units]: which were."""
    copied = np.zeros(len(table), dtype=bool)
    try:
        old = index.open()
    except IndexFolderError:
        return copied
    if old.manifest.encoder["fingerprint"] != encoder.fingerprint:
        return copied
    old_table = np.load(old.path / units.FILE, mmap_mode="r", allow_pickle=False)
    old_embeddings = np.load(old.path / EMBEDDINGS, mmap_mode="r", allow_pickle=False)
    order = np.argsort(old_table["hash"], kind="stable")
    hashes = old_table["hash"][order]
    places = np.minimum(np.searchsorted(hashes, table["hash"]), max(len(hashes) - 1, 0))
    copied = hashes[places] == table["hash"] if len(hashes) else copied
    for start in range(0, len(table), 65_536):
        piece = np.flatnonzero(copied[start : start + 65_536]) + start
        embeddings[piece] = old_embeddings[order[places[piece]]]
    return copied


def _golden(store: AnswerStore, table: np.ndarray) -> list[dict[str, object]]:
    """A few records' own questions, spread over the index."""
    rows = np.unique(table["row"][table["kind"] == QUESTION])
    if not len(rows):
        return []
    chosen = np.unique(rows[np.linspace(0, len(rows) - 1, _GOLDEN_QUESTIONS).astype(int)])
    return [{"question": record.question, "row": int(row)} for row, record in zip(chosen, store.get(chosen.tolist()), strict=True)]
