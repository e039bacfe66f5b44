"""Someone who asks to be forgotten is, also in Milvus: no byte of the record stays in the index, in the caches or in what a killed build left."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from corpus.paths import ROOT
from index.embedding_cache import CachedEncoder, text_hash
from index.manifest import BusyError, IndexFolderError
from index.milvus.build import build_milvus
from index.milvus.collections import Part, collection_name, create_records
from index.milvus.publishing import MilvusGenerations
from index.milvus.removal import remove_record
from index.milvus.scratch import scratch, sweep
from index.removal import Removal
from index.search import Searcher
from index.vector_table import read_vectors
from tests.index.milvus.conftest import open_file
from tests.index.milvus.test_generations import loaded
from tests.index.some_records import numbered
from tests.index.test_removal import SECRET, holds
from tests.stub_encoder import StubEncoder

RECORDS = [numbered(number) for number in range(5)]


@pytest.fixture
def three(generations: MilvusGenerations, tmp_path: Path) -> MilvusGenerations:
    """Three generations: without the record, with it first, with it last; and a cache of embeddings."""
    for records in (RECORDS[:3], [SECRET, *RECORDS[:4]], [*RECORDS, SECRET]):
        build(records, generations, tmp_path)
    return generations


def build(records: list, generations: MilvusGenerations, folder: Path, **options: object) -> str:
    encoder = CachedEncoder(StubEncoder(), folder / "cache")
    options = {"sources": ["corpus.csv"], "reading": {"format": "csv"}, "scratch_folder": folder / "scratch"} | options
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


@pytest.mark.slow
def test_what_is_left_is_what_a_build_without_it_gives(three: MilvusGenerations, tmp_path: Path) -> None:
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
    fresh_file.engine.close()


def test_what_a_killed_build_left_goes_too(three: MilvusGenerations, tmp_path: Path) -> None:
    killed(tmp_path)
    assert holds(tmp_path / "scratch", "龘龘")
    unfinished = "20250101T000000Z-0123456789abcdef"
    create_records(three.engine, collection_name(three.alias, unfinished, Part.RECORDS))
    removal = remove(three, tmp_path)
    assert removal.deleted == [unfinished]
    assert three.unfinished() == []
    assert not holds(tmp_path, "龘龘")


@pytest.mark.slow
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


@pytest.mark.slow
def test_damaged_generations_go_too_and_the_alias_leaves_them(three: MilvusGenerations, tmp_path: Path) -> None:
    newest, middle, _ = three.names()
    three.engine._client.delete(collection_name(three.alias, newest, Part.UNITS), filter="row == 2")
    removal = remove(three, tmp_path)
    assert removal.deleted == [newest]
    assert three.current_name() == removal.rewritten[middle]
    assert not holds(tmp_path, "龘龘")
    assert len(three.open().store) == 4


@pytest.mark.slow
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


@pytest.mark.slow
def test_the_memory_of_the_server_is_left_as_it_was(three: MilvusGenerations, tmp_path: Path) -> None:
    newest, middle, oldest = three.names()
    for part in Part:
        three.engine.release(collection_name(three.alias, middle, part))
        three.engine.release(collection_name(three.alias, oldest, part))
    removal = remove(three, tmp_path)
    assert three.is_loaded(removal.rewritten[newest])
    assert not three.is_loaded(removal.rewritten[middle])
    assert oldest not in loaded(three)


@pytest.mark.slow
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


@pytest.mark.slow
def test_a_cache_that_cannot_be_changed_is_named(three: MilvusGenerations, tmp_path: Path) -> None:
    (tmp_path / "cache" / "damaged.sqlite").write_bytes(b"nothing that SQLite knows" * 100)
    with pytest.raises(IndexFolderError, match=r"已不在 Milvus 的索引里.*damaged\.sqlite"):
        remove(three, tmp_path)
    assert len(three.open().store) == len(RECORDS)
    assert not is_remembered(tmp_path)
