"""Someone who asks to be forgotten is, also in Milvus: no byte of the record stays in the index, in the caches or in what a killed build left."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from corpus.paths import ROOT
from index.build import build_index
from index.embedding_cache import CachedEncoder, text_hash
from index.generation import IndexFolder
from index.manifest import BusyError, IndexFolderError
from index.milvus import searched
from index.milvus.build import build_milvus
from index.milvus.collections import Part, collection_name, create_records
from index.milvus.publishing import MilvusGenerations
from index.milvus.removal import remove_record
from index.milvus.scratch import scratch, sweep
from index.removal import Removal
from index.removal import remove_record as remove_from_folder
from index.search import Searcher
from index.vector_table import read_vectors
from tests.index.milvus.conftest import open_file
from tests.index.milvus.test_generations import loaded
from tests.index.some_records import numbered
from tests.index.test_removal import SECRET, holds
from tests.stub_encoder import StubEncoder

#: Each test has a server of its own, which takes seconds.
pytestmark = pytest.mark.slow

RECORDS = [numbered(number) for number in range(5)]


@pytest.fixture
def three(generations: MilvusGenerations, tmp_path: Path) -> MilvusGenerations:
    """Three generations: without the record, with it first, with it last; and a cache of embeddings."""
    for records in (RECORDS[:3], [SECRET, *RECORDS[:4]], [*RECORDS, SECRET]):
        build(records, generations, tmp_path)
    return generations


def build(records: list, generations: MilvusGenerations, folder: Path, **options: object) -> str:
    encoder = CachedEncoder(StubEncoder(), folder / "cache")
    options = {"sources": ["corpus.csv"], "reading": {"format": "csv"}, "scratch_folder": folder / "scratch", "tokens": True} | options
    return build_milvus(records, generations, encoder, **options).index.name  # type: ignore[arg-type]


def remove(generations: MilvusGenerations, folder: Path, record_id: str = SECRET.id) -> Removal:
    return remove_record(generations, record_id, caches=folder / "cache", scratch_folder=folder / "scratch")


def is_remembered(folder: Path) -> bool:
    """Whether a cache has an embedding of the record's question."""
    connection = CachedEncoder(StubEncoder(), folder / "cache")._connection
    return bool(list(read_vectors(connection, [text_hash("question", SECRET.question)], StubEncoder.dimension)))


def test_nothing_of_the_record_stays(three: MilvusGenerations, tmp_path: Path) -> None:
    newest, middle, oldest = three.names()
    assert holds(tmp_path, "龘龘")
    assert holds(tmp_path, "靐靐")
    assert is_remembered(tmp_path)
    removal = remove(three, tmp_path)
    assert set(removal.rewritten) == {newest, middle}
    assert removal.deleted == []
    assert removal.sources == ["corpus.csv"]
    assert removal.embeddings > 1
    assert not holds(tmp_path, "龘龘")
    assert not holds(tmp_path, "靐靐")
    assert not is_remembered(tmp_path)
    assert three.names() == [removal.rewritten[newest], removal.rewritten[middle], oldest]
    assert [name[:16] for name in three.names()] == [name[:16] for name in (newest, middle, oldest)]
    assert len(three.engine.collections()) == 3 * len(Part)
    assert three.current_name() == removal.rewritten[newest]
    assert three.verify() == (three.names(), [])
    searcher = Searcher(three.open(), StubEncoder())
    assert list(searcher.store) == RECORDS
    assert searcher.search("第2个问题怎么办").results[0].record == RECORDS[2]
    assert three.open().reading == {"format": "csv"}


def test_what_is_left_is_what_a_build_without_it_gives(three: MilvusGenerations, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searched, "_CODED_AT_ONCE", 3)  # among ten units
    remove(three, tmp_path)
    left = three.open()
    fresh_file = open_file(tmp_path / "fresh.db")
    build(RECORDS, fresh_file, tmp_path)
    fresh = fresh_file.open()
    for part in ("files", "golden", "counts", "encoder", "sources"):
        assert getattr(left.manifest, part) == getattr(fresh.manifest, part)
    assert left.background == fresh.background
    for part in (Part.RECORDS, Part.UNITS):
        rows = [
            sorted(map(str, one.engine.query(collection_name(one.alias, index.name, part), "row >= 0", ["*"])))
            for one, index in ((three, left), (fresh_file, fresh))
        ]
        assert rows[0] == rows[1]
    assert left.has_tokens
    for codes, record in zip(left.token_codes(range(5), [0] * 5), RECORDS, strict=True):
        assert len(codes) == len(record.question) - 1 + len(record.answer) - 1  # a bigram is a token
    fresh_file.engine.close()


def test_a_generation_without_tokens_stays_without(generations: MilvusGenerations, tmp_path: Path) -> None:
    build([*RECORDS, SECRET], generations, tmp_path, tokens=False)
    remove(generations, tmp_path)
    left = generations.open()
    assert list(left.store) == RECORDS
    assert not left.has_tokens
    build([*RECORDS, SECRET], generations, tmp_path)  # another kind of generation beside it
    remove(generations, tmp_path)
    assert generations.open().has_tokens
    assert not generations.open(generations.names()[1]).has_tokens


def test_what_a_killed_build_left_goes_too(three: MilvusGenerations, tmp_path: Path) -> None:
    killed(tmp_path)
    assert holds(tmp_path / "scratch", "龘龘")
    unfinished = "20250101T000000Z-0123456789abcdef"
    create_records(three.engine, collection_name(three.alias, unfinished, Part.RECORDS))
    removal = remove(three, tmp_path)
    assert removal.deleted == [unfinished]
    assert three.unfinished() == []
    assert not holds(tmp_path, "龘龘")


def test_the_next_build_removes_what_a_killed_one_left(generations: MilvusGenerations, tmp_path: Path) -> None:
    killed(tmp_path)
    assert holds(tmp_path / "scratch", "龘龘")
    build(RECORDS, generations, tmp_path)
    assert not holds(tmp_path / "scratch", "龘龘")
    assert sweep(tmp_path / "scratch") == []


def killed(folder: Path) -> None:
    """Kill a build in a process of its own while it embeds the record."""
    code = (
        "import sys, time\n"
        "from pathlib import Path\n"
        "from index.milvus.build import build_milvus\n"
        "from tests.index.milvus.conftest import open_file\n"
        "from tests.index.test_removal import SECRET\n"
        "from tests.stub_encoder import StubEncoder\n"
        "class Slow(StubEncoder):\n"
        "    def encode_passages(self, passages):\n"
        "        print('embedding', flush=True)\n"
        "        time.sleep(600)\n"
        "    encode_passages_with_tokens = encode_passages\n"
        "folder = Path(sys.argv[1])\n"
        "build_milvus([SECRET], open_file(folder / 'killed.db'), Slow(), scratch_folder=folder / 'scratch')\n"
    )
    with subprocess.Popen([sys.executable, "-c", code, str(folder)], cwd=ROOT, stdout=subprocess.PIPE) as builder:
        assert builder.stdout is not None
        assert builder.stdout.readline() == b"embedding\n"
        assert sweep(folder / "scratch") != []  # it runs, so its folder stays
        builder.kill()


def test_a_build_that_runs_on_this_machine_is_waited_for(three: MilvusGenerations, tmp_path: Path) -> None:
    names = three.names()
    with scratch(tmp_path / "scratch") as at_work, pytest.raises(BusyError, match=f"{at_work}.*等它结束"):
        remove(three, tmp_path)
    assert three.names() == names
    assert len(remove(three, tmp_path).rewritten) == 2


def test_damaged_generations_go_too_and_the_alias_leaves_them(three: MilvusGenerations, tmp_path: Path) -> None:
    newest, middle, _ = three.names()
    three.engine._client.delete(collection_name(three.alias, newest, Part.UNITS), filter="row == 2")
    removal = remove(three, tmp_path)
    assert removal.deleted == [newest]
    assert three.current_name() == removal.rewritten[middle]
    assert not holds(tmp_path, "龘龘")
    assert len(three.open().store) == 4


@pytest.mark.parametrize("step", ["make_current", "drop", "seal"])
def test_an_interrupted_removal_can_be_run_again(
    three: MilvusGenerations, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    done = getattr(MilvusGenerations, step)

    def stops(*arguments: object) -> None:
        done(*arguments)
        raise KeyboardInterrupt

    monkeypatch.setattr(MilvusGenerations, step, stops)
    with pytest.raises(KeyboardInterrupt):
        remove(three, tmp_path)
    monkeypatch.undo()
    assert len(three.open().store) in (5, 6)
    remove(three, tmp_path)
    assert not holds(tmp_path, "龘龘")
    assert three.verify() == (three.names(), [])
    assert len(three.names()) == 3


def test_the_memory_of_the_server_is_left_as_it_was(three: MilvusGenerations, tmp_path: Path) -> None:
    newest, middle, oldest = three.names()
    for part in Part:
        three.engine.release(collection_name(three.alias, middle, part))
        three.engine.release(collection_name(three.alias, oldest, part))
    removal = remove(three, tmp_path)
    assert three.is_loaded(removal.rewritten[newest])
    assert not three.is_loaded(removal.rewritten[middle])
    assert oldest not in loaded(three)


def test_a_record_that_is_not_there_or_all_there_is(three: MilvusGenerations, tmp_path: Path) -> None:
    before = three.engine.collections()
    with pytest.raises(IndexFolderError, match="没有编号为“nobody”的记录，没有改动"):
        remove(three, tmp_path, "nobody")
    assert three.engine.collections() == before
    build([SECRET], three, tmp_path)
    with pytest.raises(IndexFolderError, match="唯一的记录"):
        remove(three, tmp_path)
    build(RECORDS, three, tmp_path, keep=2)
    alone = three.names()[1]
    assert remove(three, tmp_path).deleted == [alone]
    assert not holds(tmp_path, "龘龘")


def test_a_cache_that_cannot_be_changed_is_named(three: MilvusGenerations, tmp_path: Path) -> None:
    (tmp_path / "cache" / "damaged.sqlite").write_bytes(b"nothing that SQLite knows" * 100)
    with pytest.raises(IndexFolderError, match=r"已不在 Milvus 的索引里.*damaged\.sqlite"):
        remove(three, tmp_path)
    assert len(three.open().store) == len(RECORDS)
    assert not is_remembered(tmp_path)


def test_a_removal_that_broke_off_in_its_last_drop_is_ended(
    generations: MilvusGenerations, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build([*RECORDS, SECRET], generations, tmp_path)

    def stops(_: MilvusGenerations, name: str) -> None:
        generations.engine.drop(collection_name(generations.alias, name, Part.MANIFEST))
        raise KeyboardInterrupt

    monkeypatch.setattr(MilvusGenerations, "drop", stops)
    with pytest.raises(KeyboardInterrupt):
        remove(generations, tmp_path)
    monkeypatch.undo()
    assert holds(tmp_path, "龘龘")
    (left,) = generations.unfinished()
    with pytest.raises(IndexFolderError, match=f"{left} 里可能有它，已经删掉，不必再运行"):
        remove(generations, tmp_path)
    assert not holds(tmp_path, "龘龘")
    assert generations.verify() == (generations.names(), [])


def test_no_build_begins_on_this_machine_while_a_record_is_removed(
    generations: MilvusGenerations, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build([*RECORDS, SECRET], generations, tmp_path)
    make_current = MilvusGenerations.make_current
    refused = []

    def tries(ours: MilvusGenerations, name: str) -> None:
        for attempt in (lambda: build(RECORDS, generations, tmp_path), lambda: remove(generations, tmp_path)):
            with pytest.raises(BusyError, match="正在从 Milvus 的索引里删除"):
                attempt()
            refused.append(attempt)
        make_current(ours, name)

    monkeypatch.setattr(MilvusGenerations, "make_current", tries)
    assert len(remove(generations, tmp_path).rewritten) == 1
    assert len(refused) == 2
    with scratch(tmp_path / "scratch"):  # it may begin again
        pass


def test_what_another_machine_publishes_meanwhile_stays_published(
    generations: MilvusGenerations, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = build(RECORDS[:3], generations, tmp_path)
    build([*RECORDS, SECRET], generations, tmp_path)
    seal = MilvusGenerations.seal

    def published(ours: MilvusGenerations, *arguments: object) -> object:
        generations.make_current(other)
        return seal(ours, *arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(MilvusGenerations, "seal", published)
    with pytest.raises(BusyError, match="请再运行一次"):
        remove(generations, tmp_path)
    monkeypatch.undo()
    assert generations.current_name() == other
    remove(generations, tmp_path)
    assert not holds(tmp_path, "龘龘")


def test_running_it_again_leaves_the_published_one_loaded(
    generations: MilvusGenerations, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = build([*RECORDS, SECRET], generations, tmp_path)

    def stops(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(MilvusGenerations, "drop", stops)
    with pytest.raises(KeyboardInterrupt):
        remove(generations, tmp_path)
    monkeypatch.undo()
    generations.release(old)
    published = generations.current_name()
    assert remove(generations, tmp_path).rewritten == {old: published}
    assert published is not None
    assert generations.is_loaded(published)


def test_a_damaged_generation_that_alone_may_have_the_record(generations: MilvusGenerations, tmp_path: Path) -> None:
    whole = build(RECORDS, generations, tmp_path)
    damaged = build([*RECORDS, SECRET], generations, tmp_path)
    generations.engine._client.delete(collection_name(generations.alias, damaged, Part.UNITS), filter="row == 2")
    with pytest.raises(IndexFolderError, match=f"损坏的 {damaged} 里有没有它，不知道"):
        remove(generations, tmp_path)
    generations.make_current(whole)
    with pytest.raises(IndexFolderError, match=f"{damaged} 里可能有它，已经删掉，不必再运行"):
        remove(generations, tmp_path)
    assert generations.names() == [whole]
    assert not holds(tmp_path / "answers.db", "龘龘")


def test_a_damaged_generation_of_a_folder_is_named(tmp_path: Path) -> None:
    for records in (RECORDS, [*RECORDS, SECRET]):
        build_index(records, tmp_path / "index", StubEncoder())
    damaged = IndexFolder(tmp_path / "index").names()[0]
    (tmp_path / "index" / "generations" / damaged / "units.npy").write_bytes(b"")
    with pytest.raises(IndexFolderError, match=f"损坏的 {damaged} 里有没有它，不知道"):
        remove_from_folder(IndexFolder(tmp_path / "index"), SECRET.id, caches=tmp_path, interrupted=tmp_path / "interrupted")


def test_removing_from_a_folder_without_the_record_sweeps_all_the_same(tmp_path: Path) -> None:
    build_index(RECORDS, tmp_path / "index", StubEncoder())
    builds = tmp_path / "cache" / "milvus-builds"
    with scratch(builds) as at_work:
        (builds / "build-killed").mkdir()
        command = [sys.executable, "scripts/rebuild_index.py", "--index", str(tmp_path / "index"), "--remove", SECRET.id]
        environment = os.environ | {"DOCTOR_ANSWERS_DATA": str(tmp_path), "PYTHONIOENCODING": "utf-8"}
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, encoding="utf-8", check=False)
        assert [path.name for path in builds.glob("build-*")] == [at_work.name]
    assert done.returncode == 2
    assert str(at_work) in done.stderr
    assert "没有编号为“r7”的记录" in done.stderr
