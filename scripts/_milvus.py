"""What `rebuild_index.py` does with an index in Milvus: build, verify, roll back, remove a record."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager

from _console import ConsoleProgress, fail, say

from corpus.readers.limits import LIMIT_NAMES, Limits
from corpus.record import DoctorAnswer
from index.encoder import TextEncoder
from index.milvus.address import MilvusAddress, is_milvus, parse
from index.milvus.build import build_milvus
from index.milvus.engine import Engine
from index.milvus.publishing import MilvusGenerations
from index.milvus.removal import remove_record
from index.removal import Removal


def address_of(arguments: argparse.Namespace) -> MilvusAddress | None:
    """The index in Milvus that `--target milvus --uri URI` or `--index milvus:URI` means; None for a folder."""
    if arguments.target == "milvus":
        if not arguments.uri:
            fail("--target milvus 要用 --uri 给出地址，如 --uri http://127.0.0.1:19530 或 --uri data/answers.db")
        return parse(arguments.uri)
    if arguments.uri:
        fail("--uri 只与 --target milvus 一起用")
    return parse(str(arguments.index)) if is_milvus(arguments.index) else None


def rebuild(
    address: MilvusAddress,
    records: Iterable[DoctorAnswer],
    encoder: TextEncoder,
    arguments: argparse.Namespace,
    *,
    sources: list[str],
    progress: ConsoleProgress,
) -> str:
    """Build and publish; a sentence that says what.

    The encoder is one that remembers: nothing is re-used from the last generation, as a build in a folder does.
    """
    with _generations(address, create=True) as generations:
        done = build_milvus(
            records,
            generations,
            encoder,
            sources=sources,
            reading=_reading(arguments),
            progress=progress,
            keep=arguments.keep,
            tokens=arguments.token_vectors,
        )
    return f"已发布 {done.index.name}：{done.records} 条记录，{done.units} 个单元，在 {address}"


def _reading(arguments: argparse.Namespace) -> dict[str, str]:
    """The reading options that were given, by their names, as they would be typed again."""
    changed = {name: getattr(arguments.limits, name) for name in LIMIT_NAMES if getattr(arguments.limits, name) != getattr(Limits(), name)}
    options = {"format": arguments.format or "", "columns": _pairs(arguments.columns), "limits": _pairs(changed)}
    return {name: value for name, value in options.items() if value}


def _pairs(values: Mapping[str, object]) -> str:
    return ",".join(f"{name}={value}" for name, value in values.items())


def verify(address: MilvusAddress) -> None:
    """What `--verify` does."""
    with _generations(address) as generations:
        whole, problems = generations.verify()
    for problem in problems:
        say(problem)
    if problems or not whole:
        fail(f"{address} 有 {len(problems)} 代不完整（完好的有 {len(whole)} 代）")
    print(f"{address} 完好：{len(whole)} 代，清单、条数与检验问题都对")


def rollback(address: MilvusAddress) -> None:
    """What `--rollback` does."""
    with _generations(address) as generations:
        before = generations.current_name()
        index = generations.rollback()
    print(f"已从 {before or '（无）'} 退回到 {index.name}：{index.manifest.counts['records']} 条记录，在 {address}")


def remove(address: MilvusAddress, record_id: str) -> Removal:
    """What `--remove` does; what it cannot reach is told."""
    with _generations(address) as generations:
        removal = remove_record(generations, record_id)
    if address.file is None:
        say(
            "Milvus 服务器删掉集合后，对象存储、消息队列和备份里可能还留一阵，本程序删不到：默认几小时到一天后由服务器清理（dataCoord.gc），"
            "备份请自行删去，见 docs/MILVUS.md"
        )
    say("若用 embed_with_ray.py 编过这份语料，它的文件夹里还有原文：请删去含这一条的 .jsonl 和同名的 .parquet")
    return removal


@contextmanager
def _generations(address: MilvusAddress, *, create: bool = False) -> Iterator[MilvusGenerations]:
    engine = Engine(address, create=create)
    try:
        yield MilvusGenerations(engine, address.alias)
    finally:
        engine.close()
