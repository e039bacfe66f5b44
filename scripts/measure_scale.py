"""Measure how the index grows: build it at several sizes from made records, ask it, and tell times, memory, disk and recall."""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import platform
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from _console import fail, run, say
from scale.measure import Real, measure_build, measure_search
from scale.report import plot, table

from corpus.paths import DATA, STARTER_CORPUS


def main() -> None:
    """Measure each size in processes of its own."""
    arguments = _parser().parse_args()
    missing = [str(path) for path in arguments.corpus if not path.exists()]
    if missing:
        fail("没有这个文件：" + "、".join(missing))
    if arguments.plot and importlib.util.find_spec("matplotlib") is None:
        fail("--plot 要用 matplotlib：pip install -r requirements-benchmark.txt，或不加 --plot")
    arguments.folder.mkdir(parents=True, exist_ok=True)
    if arguments.step:
        _step(arguments)
        return
    for size in arguments.sizes:
        for step in ("build", "search"):
            if not (arguments.keep and _result(arguments.folder, size, step).exists()):
                say(f"{size} 个单元：{step}")
                subprocess.run([sys.executable, __file__, *sys.argv[1:], "--step", step, "--size", str(size)], check=True)  # noqa: S603
    measured = {
        "machine": {"processor": platform.processor() or platform.machine(), "cores": os.cpu_count(), "load": os.getloadavg()},
        "measured": time.strftime("%Y-%m-%d"),
        "sizes": [
            {"size": size, **{step: json.loads(_result(arguments.folder, size, step).read_text()) for step in ("build", "search")}}
            for size in arguments.sizes
        ],
    }
    # First what took the time, where it is safe: a picture or a file may not come about.
    print(table(measured), flush=True)
    if arguments.json:
        arguments.json.write_text(json.dumps(measured, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    if arguments.plot:
        plot(measured, arguments.plot)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description="测量索引随规模的增长：用打乱重组的记录建几个大小的索引，逐个提问，报告时间、内存、磁盘与召回。"
    )
    parser.add_argument("--corpus", metavar="PATH", nargs="+", type=Path, default=[STARTER_CORPUS], help="真实记录，默认自带的示例语料")
    parser.add_argument("--sizes", metavar="N", nargs="+", type=int, default=[10_000, 100_000, 1_000_000], help="各有多少个单元")
    parser.add_argument("--folder", metavar="DIR", type=Path, default=DATA / "scale", help="放索引的文件夹，默认 data/scale/")
    parser.add_argument("--questions", metavar="N", type=int, default=200, help="问几个问题，默认 200")
    parser.add_argument("--keep", action="store_true", help="已经测过的不再测")
    parser.add_argument("--json", metavar="FILE", type=Path, help="把结果写成 JSON")
    parser.add_argument("--plot", metavar="FILE", type=Path, help="把结果画成 PNG（需要 requirements-benchmark.txt）")
    parser.add_argument("--step", choices=("build", "search"), help=argparse.SUPPRESS)
    parser.add_argument("--size", type=int, help=argparse.SUPPRESS)
    return parser


def _step(arguments: argparse.Namespace) -> None:
    real = Real(arguments.corpus, arguments.questions)
    folder = arguments.folder / f"index-{arguments.size}"
    if arguments.step == "build":
        measured: dict[str, Any] = measure_build(real, arguments.size, folder, arguments.folder)
    else:
        measured = measure_search(real, folder, arguments.folder)
    measured["load"] = os.getloadavg()
    _result(arguments.folder, arguments.size, arguments.step).write_text(json.dumps(measured, ensure_ascii=False, indent=1))


def _result(folder: Path, size: int, step: str) -> Path:
    return folder / f"{step}-{size}.json"


if __name__ == "__main__":
    run(main)
