"""Time the fast way to run an encoder beside the plain one, and show what it does to the ranking."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from pathlib import Path

from _console import fail, run, say

from index.benchmark import Benchmark, BenchmarkError, read_benchmark
from index.encoder import DEFAULT_ENCODER, Encoder, EncoderError, load_encoder
from index.encoder_benchmark import Timing, agreement, one_by_one, time_side_by_side


def main() -> None:
    """Load both ways, time them in turn, compare what they rank first."""
    parser = argparse.ArgumentParser(
        description="在同一次运行里比较编码器的两种运行方式：产品用的快速方式，和人人都会写的 SentenceTransformer.encode（fp32）。"
    )
    parser.add_argument("bench", nargs="+", type=Path, help="BEIR 文件夹；第一个提供计时用的段落和问题")
    parser.add_argument("--encoder", metavar="NAME_OR_PATH", default=DEFAULT_ENCODER, help="编码器，默认用自带的")
    parser.add_argument("--passages", type=int, default=512, help="计时用多少段落")
    parser.add_argument("--questions", type=int, default=40, help="计时用多少问题，一个一个地编码")
    parser.add_argument("--rounds", type=int, default=5, help="每种方式计时几轮，轮内顺序随机")
    parser.add_argument("--documents", type=int, default=0, help="比较排序时每个基准最多用多少文档（答案都在内），0 为全部")
    parser.add_argument("--json", action="store_true", help="输出 JSON")
    arguments = parser.parse_args()
    try:
        benches = [read_benchmark(path) for path in arguments.bench]
        plain, fast = load_encoder(arguments.encoder, fast=False), load_encoder(arguments.encoder)
    except (BenchmarkError, EncoderError) as error:
        fail(str(error))
    assert isinstance(plain, Encoder)
    if isinstance(fast, Encoder):
        fail("这台机器上编码器没有快速方式可比（见上面的提示）")
    texts = [record.answer for _, record in zip(range(arguments.passages), benches[0].records(), strict=False)]
    questions = list(benches[0].questions.values())[: arguments.questions]
    ways: dict[str, dict[str, Callable[[], object]]] = {
        "passages": {"plain": lambda: plain.encode_passages(texts), "fast": lambda: fast.encode_passages(texts)},
        "questions": {"plain": one_by_one(plain.encode_questions, questions), "fast": one_by_one(fast.encode_questions, questions)},
    }
    result: dict[str, object] = {"encoder": fast.fingerprint, "precision": fast.precision}
    for work, count in (("passages", len(texts)), ("questions", len(questions))):
        say(f"计时：{count} 个{'段落' if work == 'passages' else '问题'}，{arguments.rounds} 轮")
        result[work] = _shown(time_side_by_side(ways[work], arguments.rounds), count)
    for bench in benches:
        say(f"比较排序：{bench.name}")
        result[bench.name] = _compared(plain, fast, bench, arguments.documents)
    print(json.dumps(result, ensure_ascii=False) if arguments.json else _table(result))


def _shown(timings: dict[str, Timing], count: int) -> dict[str, float]:
    plain, fast = timings["plain"], timings["fast"]
    return {
        "plain_per_second": round(count / plain.median, 1),
        "fast_per_second": round(count / fast.median, 1),
        "times_faster": round(plain.median / fast.median, 2),
        "plain_spread": round(plain.spread, 3),
        "fast_spread": round(fast.spread, 3),
    }


def _compared(plain: Encoder, fast: object, bench: Benchmark, most: int) -> dict[str, float]:
    found = agreement(plain, fast, bench, most)  # type: ignore[arg-type]
    return {"top10_agreement": round(found.top10, 4), "plain_ndcg10": round(found.ndcg10[0], 2), "fast_ndcg10": round(found.ndcg10[1], 2)}


def _table(result: dict[str, object]) -> str:
    lines = []
    for name, values in result.items():
        shown = "  ".join(f"{key} {value}" for key, value in values.items()) if isinstance(values, dict) else values
        lines.append(f"{name:14s}{shown}")
    return "\n".join(lines)


if __name__ == "__main__":
    run(main)
