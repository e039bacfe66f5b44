"""Measure the ranking on benchmarks in BEIR's form, arm by arm, through the search that people use."""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Sequence
from pathlib import Path

from _console import console_progress, fail, run, say

from index.benchmark import BenchmarkError, read_benchmark, read_pairs
from index.embedding_cache import EMBEDDING_CACHE, CachedEncoder
from index.encoder import DEFAULT_ENCODER, load_encoder
from index.evaluation import MEASURES, Measured, build_benchmark_index, compare, find_all, measure, measure_pairs, rank_all
from index.search import Arm

_HEADERS = {"ndcg10": "nDCG@10", "mrr10": "MRR@10", "hit1": "hit@1", "hit10": "hit@10", "recall100": "R@100"}


def main() -> None:
    """Build each benchmark's index, rank its questions by every arm, print the figures."""
    parser = argparse.ArgumentParser(description="在 BEIR 格式的基准上测检索质量：各臂与融合，走与真实搜索相同的代码。单位都是百分数。")
    parser.add_argument(
        "bench",
        nargs="+",
        type=Path,
        help="BEIR 文件夹（corpus.jsonl、queries.jsonl、qrels.tsv 或 qrels/test.tsv），或 query、other、label 的 .jsonl",
    )
    parser.add_argument("--encoder", metavar="NAME_OR_PATH", default=DEFAULT_ENCODER, help="编码器，默认用自带的")
    parser.add_argument(
        "--arms",
        metavar="A,B",
        type=_arms,
        default=(Arm.WORDS, Arm.VECTORS, Arm.FUSED),
        help=f"测哪些（{'、'.join(Arm)}），默认前三个；{Arm.RERANKED} 要建存逐词向量的索引，没有题目的语料上与 {Arm.FUSED} 相同",
    )
    parser.add_argument("--json", action="store_true", help="每个基准、每个臂一行 JSON")
    arguments = parser.parse_args()

    # What cannot be read is said before the minutes of encoding.
    try:
        benches = [read_benchmark(path) if path.is_dir() else (path, read_pairs(path)) for path in arguments.bench]
    except BenchmarkError as error:
        fail(str(error))
    encoder = CachedEncoder(load_encoder(arguments.encoder), EMBEDDING_CACHE)
    measured: list[Measured] = []
    for bench in benches:
        if isinstance(bench, tuple):
            path, pairs = bench
            figures = {name: round(value, 2) for name, value in measure_pairs(encoder, pairs).items()}
            shown = {"bench": path.name.split(".")[0], "arm": "vectors", "pairs": len(pairs), **figures}
            print(
                json.dumps(shown)
                if arguments.json
                else f"{shown['bench']}：{len(pairs)} 对，AP {figures['average_precision']}，AUROC {figures['auroc']}"
            )
            continue
        say(f"{bench.name}：{len(bench.questions)} 个问题")
        with tempfile.TemporaryDirectory() as folder, console_progress() as progress:
            try:
                searcher = build_benchmark_index(bench, Path(folder), encoder, progress, tokens=Arm.RERANKED in arguments.arms)
            except BenchmarkError as error:
                fail(str(error))
            found = find_all(searcher, bench.questions, encoder, progress)
            rankings = {arm: rank_all(searcher, found, arm) for arm in arguments.arms}
        if bench.rejected:
            say(f"{bench.name}：{len(bench.rejected)} 条文档读不了，没有编入，例如：{bench.rejected[0]}")
        arms = [measure(bench.name, arm.value, rankings[arm], bench.qrels) for arm in arguments.arms]
        measured += arms
        if arguments.json:
            for result in arms:
                print(json.dumps(result.to_dict(), ensure_ascii=False), flush=True)
        else:
            print(_table(arms), flush=True)
    if not arguments.json and len({result.bench for result in measured}) > 1:
        print(_means(measured, arguments.arms))


def _arms(text: str) -> tuple[Arm, ...]:
    names = [name.strip() for name in text.split(",") if name.strip()]
    unknown = [name for name in names if name not in list(Arm)]
    if unknown or not names:
        raise argparse.ArgumentTypeError(f"没有“{'、'.join(unknown) or text}”，可用：{'、'.join(Arm)}")
    return tuple(Arm(name) for name in dict.fromkeys(names))


def _table(arms: Sequence[Measured]) -> str:
    lines = [f"{arms[0].bench}（{arms[0].queries} 个问题）", "  " + f"{'':8s}" + "".join(f"{_HEADERS[name]:>9s}" for name in MEASURES)]
    for result in arms:
        lines.append("  " + f"{result.arm:8s}" + "".join(f"{result.figures[name]:9.1f}" for name in MEASURES))
    last = arms[-1]
    for other in arms[:-1]:
        difference = compare(last, other)
        lines.append(f"  {last.arm} − {other.arm}：nDCG@10 {difference.difference:+.1f}，p = {difference.p_value:.4f}（配对随机化检验）")
    return "\n".join(lines)


def _means(measured: Sequence[Measured], arms: Sequence[Arm]) -> str:
    means = []
    for arm in arms:
        figures = [result.figures["ndcg10"] for result in measured if result.arm == arm]
        means.append(f"{arm.value} {sum(figures) / len(figures):.1f}")
    return "各基准平均 nDCG@10：" + "，".join(means)


if __name__ == "__main__":
    run(main)
