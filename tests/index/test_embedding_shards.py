"""Shards of texts, embedded by whoever is free and fed to a build."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from corpus.paths import ROOT
from index.build import build_index
from index.embedding_cache import CachedEncoder, text_hash
from index.embedding_shards import embed_shard, feed, is_done, write_shards
from index.manifest import IndexFolderError
from index.token_vectors import CODES, STARTS
from index.units import EMBEDDINGS, units_of
from tests.index.some_records import numbered
from tests.stub_encoder import StubEncoder

RECORDS = [numbered(number, question=f"第{number}个\u2028问题" if number else "") for number in range(7)]
TEXTS = {unit.text for record in RECORDS for unit in units_of(record)}


@pytest.fixture
def shards(tmp_path: Path) -> list[Path]:
    return list(write_shards(RECORDS, tmp_path / "out", "stub-1", size=4, tokens=True))


def test_a_build_from_shards_embeds_nothing_and_is_the_same(tmp_path: Path, shards: list[Path]) -> None:
    # Two texts a record and one of the first: 4 or more after the 2nd (3 texts: no), 3rd (5), 5th (4), 7th (4).
    assert [len(shard.read_text("utf-8").split("\n")) - 1 for shard in shards] == [5, 4, 4]
    assert [embed_shard(shard, StubEncoder()) for shard in shards] == [5, 4, 4]
    idle = StubEncoder()
    cache = CachedEncoder(idle, tmp_path / "cache")
    assert feed(cache, tmp_path / "out") == 13 == len(TEXTS)
    fed = build_index(RECORDS, tmp_path / "fed", cache, tokens=True)
    assert idle.encoded == []
    plain = build_index(RECORDS, tmp_path / "plain", StubEncoder(), tokens=True)
    for name in (EMBEDDINGS, CODES, STARTS):
        np.testing.assert_array_equal(np.load(fed.generation.path / name), np.load(plain.generation.path / name))


def test_vectors_of_before_tokens_were_kept_are_fed(tmp_path: Path, shards: list[Path]) -> None:
    embed_shard(shards[0], StubEncoder())
    file = shards[0].with_suffix(".parquet")
    pq.write_table(pq.read_table(file).drop_columns("codes"), file)
    cache = CachedEncoder(idle := StubEncoder(), tmp_path / "cache")
    assert feed(cache, tmp_path / "out") == 5
    cache.encode_questions([RECORDS[1].question])
    assert idle.encoded == []


def test_what_is_done_is_not_done_again_and_what_is_half_written_is_not_done(shards: list[Path]) -> None:
    embed_shard(shards[0], StubEncoder())
    again = StubEncoder()
    assert embed_shard(shards[0], again) == 0
    assert again.encoded == []
    shards[1].with_name(f".{shards[1].stem}.parquet-x1").write_bytes(b"PAR1")  # as a killed worker leaves it
    assert [is_done(shard) for shard in shards] == [True, False, False]
    table = pq.read_table(shards[0].with_suffix(".parquet"))
    assert text_hash("question", "第1个\u2028问题") in table["hash"].to_pylist()


def test_a_grown_corpus_keeps_the_shards_it_had(tmp_path: Path, shards: list[Path]) -> None:
    grown = list(write_shards([*RECORDS, numbered(8), numbered(9)], tmp_path / "out", "stub-1", size=4, tokens=True))
    assert grown[:3] == shards
    assert len(grown) == 4


def test_vectors_of_another_encoder_are_not_taken(tmp_path: Path, shards: list[Path]) -> None:
    with pytest.raises(IndexFolderError, match="同一个编码器"):
        embed_shard(shards[0], StubEncoder("stub-2"))
    embed_shard(shards[0], StubEncoder())
    with pytest.raises(IndexFolderError, match="没有编码器 stub-2 编好的向量"):
        feed(CachedEncoder(StubEncoder("stub-2"), tmp_path / "cache"), tmp_path / "out")


@pytest.mark.parametrize("damage", ["cut", "nonsense", "length"])
def test_a_damaged_file_is_named(tmp_path: Path, shards: list[Path], damage: str) -> None:
    embed_shard(shards[0], StubEncoder())
    file = shards[0].with_suffix(".parquet")
    if damage == "length":
        table = pq.read_table(file)
        import pyarrow as pa

        twice = pa.FixedSizeListArray.from_arrays(pa.array(2 * table["vector"].combine_chunks().flatten().to_numpy()), 64)
        pq.write_table(table.set_column(1, "vector", twice), file)
    else:
        file.write_bytes(file.read_bytes()[:-20] if damage == "cut" else b"nonsense")
    with pytest.raises(IndexFolderError, match=rf"{file.name} 已损坏.*删去"):
        feed(CachedEncoder(StubEncoder(), tmp_path / "cache"), tmp_path / "out")


def test_two_workers_of_ray_embed_all_shards(tmp_path: Path, shards: list[Path]) -> None:
    ray = pytest.importorskip("ray", reason="ray is not installed (requirements-ray.txt)")
    from embed_with_ray import embed_all

    embed_shard(shards[0], StubEncoder())
    paths = ":".join(map(str, (ROOT, ROOT / "scripts", *filter(None, sys.path))))
    ray.init(num_cpus=3, include_dashboard=False, log_to_driver=False, runtime_env={"env_vars": {"PYTHONPATH": paths}})
    try:
        waiting = [shard for shard in shards if not is_done(shard)]
        assert embed_all(waiting, StubEncoder, workers=2, cpus=1, gpus=0) == 8
    finally:
        ray.shutdown()
    assert all(map(is_done, shards))
    assert feed(CachedEncoder(StubEncoder(), tmp_path / "cache"), tmp_path / "out") == len(TEXTS)
