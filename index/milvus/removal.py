"""Take a record out of an index in Milvus for good: `index.removal` for a server.

Every generation that has it is written anew without it, from its own stored records, vectors and tokens' codes, so no encoder is needed and the
result is what a build without the record would have given. Then the alias is switched, the text's embeddings leave the caches, and the old
generations are dropped, whoever reads them. What killed builds have left, on the server and on this machine, goes too: it may hold the record.
What a server keeps of a dropped collection (object storage, message queue, backups) is out of our reach (`docs/MILVUS.md`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from corpus.record import DoctorAnswer
from corpus.segment import record_tokens
from index import answers, removal
from index.answer_vectors import background_of, sample_of
from index.answers import AnswerStore
from index.build import counts_of, golden_questions, segmentation_identity
from index.embedding_cache import EMBEDDING_CACHE
from index.holdings import Holdings
from index.manifest import FORMAT_VERSION, BusyError, DamagedError, IndexFolderError
from index.milvus.bm25 import DocumentWeights
from index.milvus.publishing import MilvusGenerations, check_golden, summary_files
from index.milvus.scratch import removing, sweep
from index.milvus.searched import MilvusIndex, RecordUnits
from index.milvus.writing import library_versions, summary_text, write
from index.progress import NoProgress
from index.removal import Removal
from index.units import QUESTION, UNIT


@dataclass(frozen=True, slots=True)
class _Having:
    """What a whole generation has of the record: its row, None where it has none, and how many records there are."""

    row: int | None
    records: int


def remove_record(
    generations: MilvusGenerations, record_id: str, *, caches: Path = EMBEDDING_CACHE, scratch_folder: Path | None = None
) -> Removal:
    """Take a record out of every generation under an alias, and out of the caches of this machine.

    An interruption leaves the old generations or the new ones, or both; running it again ends it. No build begins on this machine
    meanwhile. Nobody may build under the alias on another: what has no manifest is taken for a killed build's and dropped.

    Args:
        generations: the alias.
        record_id: the record's id.
        caches: folder of `CachedEncoder`'s files.
        scratch_folder: where builds keep what they have read, if not in the usual place.

    Returns:
        what was done; `still_read` is always empty, since Milvus does not know its readers.

    Raises:
        BusyError: a build for Milvus or another removal runs on this machine, or what one left cannot be deleted; or another generation
            has been published meanwhile, and it is to be run again.
        IndexFolderError: no whole generation has the record (unfinished and damaged ones are dropped then too, and named), none is whole,
            or it is the only record of the published one; or the record is out of the index and an embedding cache that holds it could
            not be changed.
        EngineError: the server fails; where a generation still has the record, it can be run again.
    """
    with removing(scratch_folder) as scratch:
        if left := sweep(scratch_folder):
            raise BusyError(
                f"这些临时文件夹里可能有“{record_id}”：{'、'.join(map(str, left))}。若有重建正在进行，请等它结束再试；没有的话，请手工删掉再试"
            )
        return _remove(generations, record_id, caches, scratch)


def _remove(
    generations: MilvusGenerations,
    record_id: str,
    caches: Path,
    scratch: Callable[[], AbstractContextManager[Path]],
) -> Removal:
    current = generations.current_name()
    whole, damaged = _look(generations, record_id)
    _check_that_something_stays(generations, whole, record_id, current)
    published = current if current is not None and current in whole else max(whole)
    done = Removal(deleted=[*damaged, *generations.unfinished()])
    dropped = _dropped(generations, done.deleted, current)
    if all(having.row is None for having in whole.values()):
        raise IndexFolderError(_told_nowhere(generations, dropped, damaged, record_id, current))
    forgotten: set[DoctorAnswer] = set()
    for name, having in sorted(whole.items()):  # oldest first
        if having.row is None:
            continue
        was_loaded = generations.is_loaded(name)
        with generations.visited(name) as index:
            forgotten.update(index.store.get([having.row]))
            done.sources += [source for source in index.manifest.sources if source not in done.sources]
            if having.records == 1:
                done.deleted.append(name)
                continue
            with scratch() as folder:
                done.rewritten[name], is_new = _rewrite(generations, index, having.row, folder)
        # One that was there before may be what an earlier, interrupted removal has published: a page may be reading it.
        if is_new and not was_loaded and name != published:
            generations.release(done.rewritten[name])
    if published in done.deleted:
        raise IndexFolderError(f"“{record_id}”是 {published} 里唯一的记录；请先重建索引")
    published = done.rewritten.get(published, published)
    if generations.current_name() != current:
        raise BusyError(f"删除“{record_id}”时另有一代在 {generations.alias} 下发布了，那一代里可能有它；旧的几代还没有删，请再运行一次")
    if published != current:
        generations.make_current(published)
    # The old generations go last: while one has the record, an interrupted removal can be run again.
    done.embeddings, failed = removal.forget_embeddings(forgotten, caches)
    for name in (*done.deleted, *done.rewritten):
        generations.drop(name)
    if failed:
        raise IndexFolderError(
            f"“{record_id}”已不在 Milvus 的索引里，但这些嵌入缓存没能改，里面可能还有它的向量：{'、'.join(map(str, failed))}。"
            "请检查权限和谁还在使用，手工删掉"
        )
    return done


def _look(generations: MilvusGenerations, record_id: str) -> tuple[dict[str, _Having], list[str]]:
    """The whole generations with what they have of the record, and the names of the damaged ones."""
    whole: dict[str, _Having] = {}
    damaged = []
    for name in generations.names():
        try:
            with generations.visited(name) as index:
                check_golden(index)
                whole[name] = _Having(index.store.row_of(record_id), len(index.store))
        except DamagedError:
            damaged.append(name)
    return whole, damaged


def _place(generations: MilvusGenerations) -> str:
    return f"Milvus（{generations.engine.uri}）的 {generations.alias}"


def _dropped(generations: MilvusGenerations, names: list[str], current: str | None) -> list[str]:
    """Drop these generations, all but the current one: a server does not drop what the alias stands for. The names of those that went."""
    going = [name for name in names if name != current]
    for name in going:
        generations.drop(name)
    return going


def _told_nowhere(generations: MilvusGenerations, dropped: list[str], damaged: list[str], record_id: str, current: str | None) -> str:
    """That no whole generation has the record, and what of those that may have had it is gone.

    A removal that broke off while it dropped the last one that had the record leaves it without a manifest.
    """
    told = f"。没有建完或损坏的 {'、'.join(dropped)} 里可能有它，已经删掉" if dropped else "，没有改动"
    if current in damaged:
        told += f"。损坏的 {current} 里有没有它，不知道：它正在使用，请先重建或退回上一代（--rollback），再运行一次"
    elif dropped:
        told += "，不必再运行"
    return f"{_place(generations)} 的完好的各代索引里都没有编号为“{record_id}”的记录{told}"


def _check_that_something_stays(generations: MilvusGenerations, whole: dict[str, _Having], record_id: str, current: str | None) -> None:
    if not whole:
        raise IndexFolderError(f"{_place(generations)} 里没有完好的一代，不能从中删除记录。请从语料里删去这一条，再重建索引")
    if current in whole and whole[current].row is not None and whole[current].records == 1:
        raise IndexFolderError(f"“{record_id}”是当前索引里唯一的记录；请先用别的语料重建，再删这一条")


def _rewrite(generations: MilvusGenerations, old: MilvusIndex, row: int, folder: Path) -> tuple[str, bool]:
    """The name of a finished generation that is the old one without a row, and whether it is new: not there before, so not published.

    What it takes lies in `folder` meanwhile.
    """
    AnswerStore.build((record for number, record in enumerate(old.store) if number != row), folder / answers.FILE)
    holdings = Holdings(folder / answers.FILE)
    words = DocumentWeights(folder / "words")
    asking = []  # the rows of questions are all that golden questions are chosen by
    for number, record in enumerate(holdings):
        words.add(record_tokens(record))
        if record.question:
            asking.append(number)
    questions = np.zeros(len(asking), dtype=UNIT)
    questions["row"], questions["kind"] = asking, QUESTION
    sample = _old_rows(sample_of(np.arange(len(holdings))).tolist(), row)
    summary = summary_text(holdings, background_of(old.answer_vectors(sample)[0]), old.dense_index, old.reading)
    units = old.manifest.counts["units"] - len(old.record_units([row])[0].table)
    manifest = replace(
        old.manifest,
        counts=counts_of(holdings, units),
        segmentation=segmentation_identity(),
        libraries=library_versions(generations.engine),
        golden=golden_questions(holdings, questions),
        files=summary_files(summary),
        format_version=FORMAT_VERSION,
    )
    name = manifest.generation_name()
    if name in generations.names():  # an interrupted removal had come so far
        return name, False

    def units_of_records(first: int, records: list[DoctorAnswer]) -> list[RecordUnits]:
        return old.coded_units(_old_rows(range(first, first + len(records)), row))

    with generations.staged(manifest, old.dense_index) as staged:
        write(generations.engine, staged, holdings, words, units_of_records, NoProgress())
        generations.seal(staged, manifest, summary)
    return name, True


def _old_rows(rows: Iterable[int], removed: int) -> list[int]:
    """Where these rows were while the removed one was there."""
    return [row + (row >= removed) for row in rows]
