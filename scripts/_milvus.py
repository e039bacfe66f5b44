"""What `rebuild_index.py` does with an index in Milvus: build, verify, roll back."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from _console import ConsoleProgress, fail, say

from corpus.record import DoctorAnswer
from index.encoder import TextEncoder
from index.milvus.address import MilvusAddress, is_milvus, parse
from index.milvus.build import build_milvus
from index.milvus.engine import Engine
from index.milvus.publishing import MilvusGenerations


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
        done = build_milvus(records, generations, encoder, sources=sources, progress=progress, keep=arguments.keep)
    return f"已发布 {done.index.name}：{done.records} 条记录，{done.units} 个单元，在 {address}"


def look_after(address: MilvusAddress, arguments: argparse.Namespace) -> None:
    """What `--verify`, `--rollback` and `--remove` do."""
    if arguments.remove is not None:
        fail("Milvus 里的索引不能只删一条：请从语料里删去，再重建，并加 --keep 1，让旧的各代一并删掉")
    with _generations(address) as generations:
        if arguments.rollback:
            before = generations.current_name()
            index = generations.rollback()
            print(f"已从 {before or '（无）'} 退回到 {index.name}：{index.manifest.counts['records']} 条记录，在 {address}")
            return
        whole, problems = generations.verify()
    for problem in problems:
        say(problem)
    if problems or not whole:
        fail(f"{address} 有 {len(problems)} 代不完整（完好的有 {len(whole)} 代）")
    print(f"{address} 完好：{len(whole)} 代，清单、条数与检验问题都对")


@contextmanager
def _generations(address: MilvusAddress, *, create: bool = False) -> Iterator[MilvusGenerations]:
    engine = Engine(address, create=create)
    try:
        yield MilvusGenerations(engine, address.alias)
    finally:
        engine.close()
