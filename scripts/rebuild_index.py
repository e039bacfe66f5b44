"""Build a new generation of the index from a corpus and publish it; verify, roll back, remove a record."""

from __future__ import annotations

import argparse
import contextlib
from pathlib import Path

import _milvus
from _console import console_progress, fail, index_argument, path_argument, positive_argument, run, say
from _reading import add_reading_options, list_rejections

from corpus.importer import ImportReport, find_files, import_records
from corpus.paths import CORPUS_FOLDER, INDEX_FOLDER, STARTER_CORPUS
from corpus.readers import Rejection
from index.audit import audit
from index.build import build_index
from index.embedding_cache import EMBEDDING_CACHE, CachedEncoder
from index.embedding_shards import feed
from index.encoder import DEFAULT_ENCODER, EncoderError, TextEncoder, load_encoder
from index.generation import KEPT_GENERATIONS, Generation, IndexFolder
from index.integrity import read_manifest
from index.manifest import IndexFolderError
from index.milvus.address import MilvusAddress, is_milvus
from index.milvus.scratch import sweep
from index.removal import remove_record, sources_that_remain

#: What `--verify` without a folder means, told from an empty folder (a variable of the shell that is not set).
_THIS_INDEX = object()


def main() -> None:
    """Build a generation, or look after those that are there."""
    arguments = _parser().parse_args()
    if isinstance(arguments.verify, str) and is_milvus(arguments.verify):
        arguments.index = arguments.verify
    milvus = _milvus.address_of(arguments)
    if arguments.verify is not None:
        if milvus:
            _milvus.verify(milvus)
        else:
            _verify(arguments.index if arguments.verify is _THIS_INDEX else arguments.verify)
    elif arguments.rollback:
        if milvus:
            _milvus.rollback(milvus)
        else:
            _rollback(arguments.index)
    elif arguments.remove is not None:
        _remove(milvus or arguments.index, arguments.remove)
    else:
        _rebuild(arguments, milvus)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description="用语料重建索引：读取、清洗、分词、编码、校验，然后整体发布。正在运行的页面会自动换用新索引。"
    )
    parser.add_argument(
        "--corpus",
        metavar="PATH",
        nargs="+",
        type=path_argument,
        help="文件或文件夹（import_corpus 能读的都行）；默认用 data/corpus/ 里的，空则用自带的示例语料",
    )
    parser.add_argument(
        "--index",
        metavar="DIR",
        type=index_argument,
        default=INDEX_FOLDER,
        help="索引文件夹，默认 data/index/；或 milvus:地址（docs/MILVUS.md）",
    )
    parser.add_argument("--target", choices=["local", "milvus"], default="local", help="索引放在哪里：本机的文件夹（默认），或 Milvus")
    parser.add_argument(
        "--uri", metavar="URI", help="Milvus 的地址，如 http://127.0.0.1:19530，或 milvus-lite 的 .db 文件；同一处放几个索引，加 #别名 区分"
    )
    parser.add_argument(
        "--encoder", metavar="NAME_OR_PATH", default=DEFAULT_ENCODER, help="sentence-transformers 模型的文件夹或名字，默认用自带的"
    )
    parser.add_argument("--with-starter", action="store_true", help="把自带的示例语料一并编入")
    parser.add_argument(
        "--keep",
        metavar="N",
        type=positive_argument,
        default=KEPT_GENERATIONS,
        help=f"保留几代索引，默认 {KEPT_GENERATIONS}；正被使用的不删",
    )
    parser.add_argument(
        "--embeddings", metavar="FOLDER", type=path_argument, help="先收下 embed_with_ray.py 在这个文件夹里编好的向量，其余的再编码"
    )
    parser.add_argument(
        "--token-vectors",
        action="store_true",
        help="也保存带题目的记录的逐词向量：索引大两倍，搜索时把最前面几条逐词再看一遍，排得更准一些（docs/RANKING.md）",
    )
    parser.add_argument("--resume", action="store_true", help="接着上次中断的重建做：已编码好的不再编码")
    others = parser.add_mutually_exclusive_group()
    others.add_argument(
        "--verify",
        metavar="DIR",
        nargs="?",
        const=_THIS_INDEX,
        type=index_argument,
        help="不重建，只逐字节核对 DIR（默认 --index）里的各代索引；有一处与发布时不同就以退出码 2 结束，并说明是哪个文件、怎么办",
    )
    others.add_argument("--rollback", action="store_true", help="不重建，只退回上一代完好的索引")
    others.add_argument(
        "--remove", metavar="ID", help="不重建，只把编号为 ID 的记录从各代索引、嵌入缓存和中断的重建里彻底删去（语料文件请自行删改）"
    )
    add_reading_options(parser)
    return parser


def _rebuild(arguments: argparse.Namespace, milvus: MilvusAddress | None) -> None:
    """Read, embed, index, verify, publish."""
    paths = arguments.corpus or default_corpus()
    if arguments.with_starter and STARTER_CORPUS not in paths:
        paths = [*paths, STARTER_CORPUS]
    missing = [path for path in paths if not path.exists()]
    if missing:
        fail("没有这个文件或文件夹：" + "、".join(map(str, missing)))
    say("语料：" + "、".join(map(str, paths)))
    if milvus is None and not arguments.token_vectors and _has_token_vectors(IndexFolder(arguments.index)):
        say("现在的索引存有逐词向量，新建的这一代不会有（搜索少了第二遍细看）；要留着，请加上 --token-vectors")
    say("载入编码器（第一次会先生成，约半分钟）……")
    encoder: TextEncoder = load_encoder(arguments.encoder)
    if milvus or arguments.embeddings:
        encoder = CachedEncoder(encoder, EMBEDDING_CACHE)
        if arguments.embeddings:
            say(f"收下 {feed(encoder, arguments.embeddings)} 条编好的向量")

    report = ImportReport()
    records = import_records(paths, report, format_name=arguments.format, columns=arguments.columns, limits=arguments.limits)
    sources = [str(path) for path in paths]
    with console_progress() as progress:
        try:
            if milvus:
                done = _milvus.rebuild(milvus, records, encoder, arguments, sources=sources, progress=progress)
                say(report.summary())
                print(done)
                return
            result = build_index(
                records,
                arguments.index,
                encoder,
                sources=sources,
                progress=progress,
                keep=arguments.keep,
                resume=arguments.resume,
                tokens=arguments.token_vectors,
            )
        except KeyboardInterrupt:
            progress.close()
            say("已编码好的部分留着；加 --resume 再运行，可以接着做")
            raise
        finally:
            progress.close()
            list_rejections(report)
    say(report.summary())
    say(f"向量索引：{result.generation.manifest.vector_index['why']}")
    resumed = f"，接着用上次中断时的 {result.resumed}" if result.resumed else ""
    print(
        f"已发布 {result.generation.name}：{result.records} 条记录，{result.units} 个单元（沿用嵌入 {result.reused}{resumed}），在 {arguments.index}"
    )


def _has_token_vectors(index: IndexFolder) -> bool:
    """Whether the published generation keeps vectors of tokens, as far as that can be told."""
    with contextlib.suppress(IndexFolderError):
        if name := index.current_name():
            return bool(read_manifest(index.generations_path / name).encoder.get("tokens"))
    return False


def _verify(folder: Path) -> None:
    found = audit(folder)
    for note in found.notes:
        say(note)
    if found.problems:
        for problem in found.problems:
            say(f"与发布时不同：{problem}")
        fail(f"{folder} 有 {len(found.problems)} 处与发布时不同（完好的有 {len(found.generations)} 代）")
    print(f"{folder} 与发布时一致：{len(found.generations)} 代，{found.files} 个文件，{found.size} 字节")


def _rollback(folder: Path) -> None:
    before = IndexFolder(folder).current_name()
    generation = IndexFolder(folder).rollback(_why_no_encoder)
    print(f"已从 {before or '（无）'} 退回到 {generation.name}：{generation.manifest.counts['records']} 条记录，在 {folder}")


def _why_no_encoder(generation: Generation) -> str | None:
    """Why a generation could not be searched: its encoder is gone, or another by now."""
    wanted = generation.manifest.encoder
    try:
        found = load_encoder(wanted["name"])
    except EncoderError as error:
        return f"{generation.path} 的编码器载入不了（{error}）"
    if found.fingerprint != wanted["fingerprint"]:
        return f"{generation.path} 是用另一个编码器建的（{wanted['name']} 的权重已经换过）"
    return None


def _remove(place: Path | MilvusAddress, record_id: str) -> None:
    if isinstance(place, MilvusAddress):
        removal = _milvus.remove(place, record_id)
    else:
        # First, since the index may not have it, or be in use: what lies there is told all the same.
        if kept := sweep():
            say(
                "Milvus 的重建留下的这些临时文件夹里可能还有它；重建结束就会删掉，没有重建在进行的话请手工删去："
                + "、".join(map(str, kept))
            )
        removal = remove_record(IndexFolder(place), record_id)
    for name in removal.deleted:
        say(f"已删掉 {name}（损坏、被隔离、没有建完，或没有别的记录）")
    if removal.still_read:
        say("有程序（多半是网页）还开着旧的一代，磁盘会留着它的文件直到那个程序关闭；请重启网页：" + "、".join(removal.still_read))
    remaining = list(sources_that_remain(removal))
    if remaining:
        say("语料文件没有改动；请从这些地方也删去这一条，否则下次重建又会编入：" + "、".join(map(str, remaining)))
    print(f"已从 {len(removal.rewritten)} 代索引和 {removal.embeddings} 条嵌入缓存里删去 {record_id}，在 {place}")


def default_corpus() -> list[Path]:
    """What lies in data/corpus/, or the starter corpus where that is empty."""
    own = [path for path in find_files([CORPUS_FOLDER]) if not isinstance(path, Rejection)]
    return [CORPUS_FOLDER] if own else [STARTER_CORPUS]


if __name__ == "__main__":
    run(main)
