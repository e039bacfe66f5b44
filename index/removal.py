"""Take a record out of an index for good: for someone who asks to be forgotten.

Hiding a row would leave its text on the disk, so every kept generation is written anew without it, with the stored embeddings
of the others: no encoder is needed, and the result is what a build without the record would have given. Then the old
generations are deleted, whoever reads them, with what lies in quarantine, and the text's embeddings in the caches.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from corpus.record import DoctorAnswer
from corpus.segment import record_tokens
from index import answers, units, words
from index.answers import AnswerStore
from index.arrays import map_array
from index.build import counts_of, golden_questions, library_versions, write_vectors
from index.check import check, segmentation_identity
from index.embedding_cache import EMBEDDING_CACHE, text_hash
from index.generation import DEBRIS, QUARANTINE, IndexFolder
from index.integrity import verify
from index.lease import GoneError, sole_claim
from index.manifest import FORMAT_VERSION, DamagedError, Generation, IndexFolderError
from index.resume import folder_of
from index.token_vectors import TokenVectors, TokenWriter
from index.units import EMBEDDINGS, QUESTION, Unit, units_of
from index.words import WordIndex


@dataclass
class Removal:
    """What a removal did.

    Attributes:
        rewritten: the generations that had the record -> their names without it.
        deleted: generations that were deleted instead: damaged, in quarantine, or with no other record.
        embeddings: rows taken out of the caches.
        sources: where the corpus of the rewritten generations was read from; the record may still be there.
        still_read: deleted generations that a reader has open: the disk keeps their files until it is closed.
    """

    rewritten: dict[str, str] = field(default_factory=dict)
    deleted: list[str] = field(default_factory=list)
    embeddings: int = 0
    sources: list[str] = field(default_factory=list)
    still_read: list[str] = field(default_factory=list)


def remove_record(index: IndexFolder, record_id: str, *, caches: Path = EMBEDDING_CACHE, interrupted: Path | None = None) -> Removal:
    """Take a record out of every generation and cache.

    An interruption leaves the old generations or the new ones, or both; running it again ends it.

    Args:
        index: the index folder.
        record_id: the record's id.
        caches: folder of `CachedEncoder`'s files.
        interrupted: folder of interrupted builds' embeddings, if not the usual one.

    Raises:
        BusyError: a builder is at work.
        IndexFolderError: no generation has the record, none is whole, one cannot be read just now, or it is the only record of the
            published one; or the record is out of the index and something that holds it could not be deleted.
    """
    removal = Removal()
    forgotten: set[DoctorAnswer] = set()
    with index.locked():
        current = index.current_name()
        whole: list[Generation] = []
        damaged: list[str] = []
        for name in index.names():
            try:
                whole.append(index.open_generation(name, thorough=True))
            except GoneError:  # a reader has found it damaged just now and moved it to quarantine, which is emptied below
                continue
            except DamagedError:
                damaged.append(name)
        _check_that_something_stays(index, whole, damaged, record_id, current)
        for generation in reversed(whole):  # oldest first
            store = AnswerStore(generation.path / answers.FILE)
            row = store.row_of(record_id)
            if row is None:
                continue
            forgotten.update(store.get([row]))
            removal.sources += [source for source in generation.manifest.sources if source not in removal.sources]
            if len(store) == 1:
                removal.deleted.append(generation.name)
                continue
            removal.rewritten[generation.name] = _rewrite(index, generation, store, row)
        published = current if current in {generation.name for generation in whole} else whole[0].name
        if published in removal.deleted:  # CURRENT was lost, and the newest whole generation holds nothing else
            raise IndexFolderError(f"“{record_id}”是 {published} 里唯一的记录；请先重建索引")
        published = removal.rewritten.get(published, published)
        if published != current:
            index.make_current(published)
        # The old generations go last: while one has the record, an interrupted removal can be run again.
        removal.embeddings, failed = forget_embeddings(forgotten, caches)
        interrupted_work = folder_of(index.path, interrupted)
        shutil.rmtree(interrupted_work, ignore_errors=True)
        quarantined = _empty_quarantine(index)
        going = [*damaged, *removal.deleted, *removal.rewritten]
        # Our own claims on the old generations end here, so that those of others show.
        whole.clear()
        del generation, store
        removal.still_read = [name for name in going if _is_read(index, name)]
        for name in going:
            index.retire(name, even_if_held=True)
        removal.deleted += [*damaged, *quarantined]
        left = [*failed, *_what_is_left(index, going, interrupted_work)]
    if left:
        raise IndexFolderError(
            f"“{record_id}”已不在索引里，但这些没能删掉，里面可能还有它的内容：{'、'.join(map(str, left))}。请检查权限和谁还在使用，手工删掉"
        )
    return removal


def _is_read(index: IndexFolder, name: str) -> bool:
    with sole_claim(index.generations_path / name) as is_ours:
        return not is_ours


def _what_is_left(index: IndexFolder, names: list[str], interrupted_work: Path) -> Iterator[Path]:
    """What should have been deleted and still lies there."""
    for path in (*(index.generations_path / name for name in names), index.path / QUARANTINE, interrupted_work):
        if path.exists():
            yield path
    for pattern in DEBRIS:
        yield from index.path.glob(pattern)


def _check_that_something_stays(
    index: IndexFolder, whole: list[Generation], damaged: list[str], record_id: str, current: str | None
) -> None:
    if not whole:
        raise IndexFolderError(f"{index.path} 里没有完好的一代，不能从中删除记录。请从语料里删去这一条，再重建索引")
    stores = {generation.name: AnswerStore(generation.path / answers.FILE) for generation in whole}
    having = [name for name, store in stores.items() if store.row_of(record_id) is not None]
    if not having:
        unknown = f"。损坏的 {'、'.join(damaged)} 里有没有它，不知道：不要了就请手工删掉" if damaged else ""
        raise IndexFolderError(f"{index.path} 的完好的各代索引里都没有编号为“{record_id}”的记录，没有改动{unknown}")
    if current in having and len(stores[current]) == 1:
        raise IndexFolderError(f"“{record_id}”是当前索引里唯一的记录；请改为删去整个文件夹 {index.path}")


def _rewrite(index: IndexFolder, old: Generation, store: AnswerStore, row: int) -> str:
    """The name of a new generation that is the old one without a row."""
    table = map_array(old.path / units.FILE)
    kept = table["row"] != row
    new_table = table[kept]
    new_table["row"] -= new_table["row"] > row
    embeddings = map_array(old.path / EMBEDDINGS)
    with index.staging() as staging:
        AnswerStore.build((record for number, record in enumerate(store) if number != row), staging / answers.FILE)
        np.save(staging / units.FILE, new_table, allow_pickle=False)
        np.save(staging / EMBEDDINGS, embeddings[kept], allow_pickle=False)
        _write_tokens(old, kept, staging)
        new_store = AnswerStore(staging / answers.FILE)
        WordIndex.build((record_tokens(record) for record in new_store), staging / words.FOLDER)
        vector_kind = write_vectors(staging, new_table)
        manifest = replace(
            old.manifest,
            counts=counts_of(new_store, len(new_table)),
            segmentation=segmentation_identity(),
            libraries=library_versions(),
            vector_index=vector_kind.to_dict(),
            format_version=FORMAT_VERSION,
            golden=golden_questions(new_store, new_table),
        )
        sealed = index.seal(staging, manifest)
        check(verify(sealed.path))
        return index.give_name(sealed).name


def _write_tokens(old: Generation, kept: np.ndarray, staging: Path) -> None:
    """The codes of tokens of the units that are kept, where a generation has codes."""
    tokens = TokenVectors.of_generation(old)
    if tokens is None:
        return
    units_kept = np.flatnonzero(kept)
    with closing(TokenWriter(staging, len(units_kept), tokens.codes.shape[1], tokens)) as writer:
        writer.copy(np.arange(len(units_kept)), units_kept)
        writer.write(np.ones(len(units_kept), dtype=bool))


def _empty_quarantine(index: IndexFolder) -> list[str]:
    """Damaged generations cannot be read well enough to take one record out."""
    folder = index.path / QUARANTINE
    names = sorted(entry.name for entry in folder.iterdir()) if folder.is_dir() else []
    shutil.rmtree(folder, ignore_errors=True)
    return names


def forget_embeddings(records: set[DoctorAnswer], caches: Path) -> tuple[int, list[Path]]:
    """Delete the embeddings of the records' texts from the caches, without leaving them in SQLite's free pages.

    Returns:
        how many were deleted, and the caches in which that failed.
    """
    texts = {text_hash(*_kind_and_text(unit)) for record in records for unit in units_of(record)}
    removed = 0
    failed: list[Path] = []
    for path in sorted(caches.glob("*.sqlite")):
        try:
            with closing(sqlite3.connect(path, timeout=60)) as connection:
                connection.execute("PRAGMA secure_delete = ON")
                with connection:
                    removed += connection.executemany("DELETE FROM vectors WHERE hash = ?", [(digest,) for digest in texts]).rowcount
                connection.execute("VACUUM")
        except sqlite3.DatabaseError:
            failed.append(path)
    return removed, failed


def _kind_and_text(unit: Unit) -> tuple[str, str]:
    return "question" if unit.kind == QUESTION else "passage", unit.text


def sources_that_remain(removal: Removal) -> Iterator[Path]:
    """The places the corpus was read from that are still there."""
    return (path for path in map(Path, removal.sources) if path.exists())
