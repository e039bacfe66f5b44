"""Generations in Milvus: which are there, which is published; publishing and rolling back by switching an alias.

As on a disk (`index.generation`): (1) everything is written under a new name that no reader knows; (2) it is made durable and
loaded; (3) its manifest is written, whose hash is in the name; (4) it is asked as a reader would ask; (5) the alias is switched:
**the commit point**, one step for every reader; (6) generations beyond the ones kept are dropped. What fails before (5) leaves the
published generation as it was, and its own collections are dropped again; those of a builder that was killed are dropped by a later
one, a day after, since Milvus has no lock by which it could be told from one that is still at work.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from corpus.segment import lexical_tokens
from index.check import FOUND_AGAIN, segmentation_identity
from index.encoder import TextEncoder
from index.manifest import STAMP, DamagedError, IndexFolderError, Manifest, NoIndexError
from index.milvus.bm25 import question_vector
from index.milvus.collections import (
    Part,
    collection_name,
    create_manifest,
    create_records,
    create_units,
    generation_of,
    pieces,
)
from index.milvus.engine import Engine, EngineError
from index.milvus.searched import MilvusIndex
from index.units import MAX_QUESTION

#: After how long the collections of a generation that was never finished are dropped.
ABANDONED = timedelta(days=1)
#: How many finished generations stay loaded: the published one, and one more for who still reads it or wants it back.
_LOADED = 2

_SUMMARY = "summary"
_REMEDY = "请重建，或加 --rollback 退回上一代"

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Staged:
    """A generation that is being written: its name and its collections of records and units."""

    name: str
    records: str
    units: str


class MilvusGenerations:
    """The generations under one alias of a server."""

    def __init__(self, engine: Engine, alias: str, clock: Callable[[], datetime] | None = None) -> None:
        """With a clock for tests."""
        self.engine = engine
        self.alias = alias
        self._clock = clock or (lambda: datetime.now(UTC))

    def names(self) -> list[str]:
        """The finished generations, newest first."""
        return sorted((name for name, parts in self._all().items() if Part.MANIFEST in parts), reverse=True)

    def current_name(self) -> str | None:
        """What the alias stands for; None where there is no alias.

        Raises:
            EngineError: it stands for something that is no generation.
        """
        target = self.engine.alias_target(self.alias)
        if target is None:
            return None
        found = generation_of(self.alias, target)
        if found is None:
            raise EngineError(f"Milvus 里的别名 {self.alias} 指向 {target}，不是本程序建的索引。请换一个别名（在地址后加 #别名）")
        return found[0]

    def open(self, name: str | None = None) -> MilvusIndex:
        """A generation, by default the published one: its manifest and its counts are checked, its collections loaded.

        Raises:
            NoIndexError: nothing is published.
            DamagedError: it is not as it was published.
            EngineError: the server cannot be asked.
        """
        name = name or self.current_name()
        if name is None:
            raise NoIndexError(
                f"Milvus（{self.engine.uri}）里没有索引 {self.alias}。"
                f"请先运行：python scripts/rebuild_index.py --target milvus --uri {self.engine.uri}"
            )
        there = set(self.engine.collections())
        for part in Part:
            if collection_name(self.alias, name, part) not in there:
                raise DamagedError(f"Milvus 里缺少集合 {collection_name(self.alias, name, part)}，索引不完整。{_REMEDY}")
        for part in Part:
            self.engine.load(collection_name(self.alias, name, part))
        manifest, summary = self._read_manifest(name)
        for part, counted, what in ((Part.RECORDS, "records", "记录"), (Part.UNITS, "units", "单元")):
            count = self.engine.count(collection_name(self.alias, name, part))
            if count != manifest.counts[counted]:
                raise DamagedError(f"Milvus 里 {name} 的{what}有 {count}，清单说应为 {manifest.counts[counted]}。{_REMEDY}")
        return MilvusIndex(self.engine, self.alias, name, manifest, summary)

    def _read_manifest(self, name: str) -> tuple[Manifest, dict[str, Any]]:
        collection = collection_name(self.alias, name, Part.MANIFEST)
        texts = {one["name"]: "".join(one["body"]) for one in self.engine.get(collection, [Part.MANIFEST, _SUMMARY], ["name", "body"])}
        if missing := {Part.MANIFEST.value, _SUMMARY} - texts.keys():
            raise DamagedError(f"Milvus 里的 {collection} 缺少 {'、'.join(sorted(missing))}。{_REMEDY}")
        manifest = Manifest.from_bytes(texts[Part.MANIFEST].encode(), Path(collection))
        is_named_so = manifest.generation_name() == name
        is_same = manifest.files.get(_SUMMARY) == summary_state(texts[_SUMMARY])
        if not is_named_so or not is_same:
            raise DamagedError(f"Milvus 里的 {collection} 与发布时不同。{_REMEDY}")
        return manifest, json.loads(texts[_SUMMARY])

    def time_of_next(self) -> str:
        """When the next generation is created, ISO 8601: now, but never before the newest that is there."""
        created = self._clock().astimezone(UTC).replace(microsecond=0)
        for newest in sorted(self._all(), reverse=True)[:1]:
            created = max(created, _time_of(newest) + timedelta(seconds=1))
        return created.isoformat()

    @contextlib.contextmanager
    def staged(self, manifest: Manifest, dense_index: str) -> Iterator[Staged]:
        """Empty collections for a generation of this manifest; they are dropped again if what is done with them fails.

        Args:
            manifest: its hash names the generation.
            dense_index: `EXACT` or `GRAPH`.

        Raises:
            EngineError: the server does not make them.
        """
        self._drop_abandoned()
        name = manifest.generation_name()
        staged = Staged(name, *(collection_name(self.alias, name, part) for part in (Part.RECORDS, Part.UNITS)))
        try:
            create_records(self.engine, staged.records)
            create_units(
                self.engine, staged.units, manifest.encoder["dimension"], dense_index, tokens=manifest.encoder.get("tokens", False)
            )
            yield staged
        except BaseException:
            with contextlib.suppress(IndexFolderError):
                if self.current_name() != name:
                    self.drop(name)
            raise

    def publish(self, staged: Staged, manifest: Manifest, summary: str, encoder: TextEncoder, *, keep: int) -> MilvusIndex:
        """Steps 2 to 6 for a generation whose rows have been put in."""
        index = self.seal(staged, manifest, summary, encoder)
        self.make_current(staged.name)
        self._retire(staged.name, keep)
        return index

    def seal(self, staged: Staged, manifest: Manifest, summary: str, encoder: TextEncoder | None = None) -> MilvusIndex:
        """Steps 2 to 4: a finished generation that nobody reads yet. Without an encoder as for `check_golden`."""
        for collection in (staged.records, staged.units):
            self.engine.finish(collection)
        sealed = collection_name(self.alias, staged.name, Part.MANIFEST)
        create_manifest(self.engine, sealed)
        texts = {Part.MANIFEST.value: manifest.to_bytes().decode(), _SUMMARY: summary}
        self.engine.insert(sealed, [{"name": name, "body": pieces(text), "nothing": [0.0, 1.0]} for name, text in texts.items()])
        self.engine.finish(sealed)
        index = self.open(staged.name)
        check_golden(index, encoder)
        return index

    def make_current(self, name: str) -> None:
        """Step 5, the commit point."""
        self.engine.point(self.alias, collection_name(self.alias, name, Part.MANIFEST))

    @contextlib.contextmanager
    def visited(self, name: str) -> Iterator[MilvusIndex]:
        """A generation, open while the block runs; what of it was not in the server's memory before leaves it again.

        The published one stays: a reader who opens it meanwhile finds it loaded, and would lose it.

        Raises:
            DamagedError, EngineError: as `open`.
        """
        there = set(self.engine.collections())
        collections = [collection for part in Part if (collection := collection_name(self.alias, name, part)) in there]
        released = [collection for collection in collections if not self.engine.is_loaded(collection)]
        try:
            yield self.open(name)
        finally:
            try:
                for collection in released if released and self.current_name() != name else ():
                    self.engine.release(collection)
            except EngineError as error:  # why the block ended says more
                log.warning("看过的一代没能从 Milvus 的内存里放掉：%s", error)

    def rollback(self) -> MilvusIndex:
        """Publish the newest whole generation that is older than the published one (or the newest, where there is none).

        Raises:
            IndexFolderError: there is no older generation that could serve.
        """
        current = self.current_name()
        reasons = []
        for name in (name for name in self.names() if current is None or name < current):
            try:
                with self.visited(name) as index:
                    check_golden(index)
                    if index.manifest.segmentation == segmentation_identity():
                        self.make_current(name)
                        return index
            except DamagedError as error:
                reasons.append(str(error))
            else:
                reasons.append(f"{name} 是用另一版词典或 jieba 建的")
        why = f"：{'；'.join(reasons)}" if reasons else ""
        raise IndexFolderError(f"Milvus 里没有更早而能用的一代{why}。当前仍是 {current or '（无）'}；请重建索引")

    def verify(self) -> tuple[list[str], list[str]]:
        """Open every finished generation and ask it its golden questions: (those that are whole, what is wrong with the others).

        One after the other: of those that were not loaded, one at a time is in the server's memory.
        """
        whole, problems = [], []
        for name in self.names():
            try:
                with self.visited(name) as index:
                    check_golden(index)
                whole.append(name)
            except DamagedError as error:
                problems.append(str(error))
        return whole, problems

    def unfinished(self) -> list[str]:
        """The generations without a manifest: somebody is at work on them, or was killed."""
        return sorted(name for name, parts in self._all().items() if Part.MANIFEST not in parts)

    def _all(self) -> dict[str, set[Part]]:
        found: dict[str, set[Part]] = {}
        for collection in self.engine.collections():
            if generation := generation_of(self.alias, collection):
                found.setdefault(generation[0], set()).add(generation[1])
        return found

    def _retire(self, current: str, keep: int) -> None:
        """Drop what is not kept. That it cannot be dropped is told, and does not undo what has been published."""
        names = [current, *(name for name in self.names() if name != current)]
        try:
            for name in names[max(keep, 1) :]:
                self.drop(name)
            for name in names[_LOADED : max(keep, 1)]:
                self.release(name)
        except EngineError as error:
            log.warning("新索引已发布，但较早的没能全部清理：%s", error)

    def is_loaded(self, name: str) -> bool:
        """Whether a finished generation's units, which are all but the whole of it, are in the server's memory."""
        return self.engine.is_loaded(collection_name(self.alias, name, Part.UNITS))

    def release(self, name: str) -> None:
        """Take a generation's records and units out of the server's memory."""
        for part in (Part.RECORDS, Part.UNITS):
            self.engine.release(collection_name(self.alias, name, part))

    def _drop_abandoned(self) -> None:
        for name in self.unfinished():
            if self._clock() - _time_of(name) > ABANDONED:
                self.drop(name)

    def drop(self, name: str) -> None:
        """Delete a generation. The manifest first: what has none is not finished, and no reader begins with it."""
        for part in (Part.MANIFEST, Part.RECORDS, Part.UNITS):
            self.engine.drop(collection_name(self.alias, name, part))


def check_golden(index: MilvusIndex, encoder: TextEncoder | None = None) -> None:
    """Ask a generation the questions that are known to be in it, as `index.check` does on a disk.

    Args:
        index: opened, so its counts are right.
        encoder: encodes the questions; without one their stored vectors are asked for instead.

    Raises:
        DamagedError: says which question is not answered.
    """
    is_ours = index.manifest.segmentation == segmentation_identity()
    for golden in index.manifest.golden:
        question, row = golden["question"], golden["row"]
        if index.store.get([row])[0].question != question:
            raise DamagedError(f"Milvus 里 {index.name} 的检验问题“{question[:30]}”不在第 {row} 条记录里。{_REMEDY}")
        tokens = lexical_tokens(question) if is_ours else []
        if tokens and not index.by_words(question_vector(tokens), 1, f"row == {row}"):
            raise DamagedError(f"Milvus 里 {index.name} 的词索引答不出检验问题“{question[:30]}”。{_REMEDY}")
        vector = index.answer_vectors([row])[1][0] if encoder is None else encoder.encode_questions([question[:MAX_QUESTION]])[0]
        nearest = [] if vector is None else index.by_vector(np.asarray(vector), 1)
        if not nearest or nearest[0][2] < FOUND_AGAIN:
            raise DamagedError(f"Milvus 里 {index.name} 的向量答不出检验问题“{question[:30]}”。{_REMEDY}")


def summary_state(summary: str) -> dict[str, Any]:
    """What the manifest holds of the summary: its size and hash."""
    content = summary.encode()
    return {"size": len(content), "sha256": hashlib.sha256(content).hexdigest()}


def summary_files(summary: str) -> dict[str, dict[str, Any]]:
    """The manifest's list of files: only the summary; the engine looks after the rest."""
    return {_SUMMARY: summary_state(summary)}


def _time_of(name: str) -> datetime:
    return datetime.strptime(name[:16], STAMP).replace(tzinfo=UTC)
