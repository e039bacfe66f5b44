"""Train an encoder by a recipe."""

from __future__ import annotations

import argparse
from pathlib import Path

from _console import fail, run, say

from index.benchmark import BenchmarkError, read_benchmark

CHECKPOINTS = Path("~/.cache/doctor-answers/training").expanduser()


def main() -> None:
    """Read the recipe, train or go on training, write the finished folder."""
    parser = argparse.ArgumentParser(
        description="按配方（TOML）训练编码器：从基础权重和成对数据到一个 sentence-transformers 文件夹。中断后再运行会从检查点继续。"
    )
    parser.add_argument("recipe", metavar="RECIPE", type=Path, help="配方文件，例如 index/models/doctor-answer-encoder-zh/recipe.toml")
    parser.add_argument("--out", metavar="DIR", type=Path, required=True, help="写到哪个文件夹（不能已存在）")
    parser.add_argument("--bench", metavar="DIR", type=Path, action="append", default=[], help="训练途中查看的基准（BEIR 文件夹，可重复）")
    parser.add_argument("--checkpoints", metavar="DIR", type=Path, default=CHECKPOINTS, help="检查点放在哪里，默认 ~/.cache 下")
    arguments = parser.parse_args()
    try:
        from index.training.recipe import RecipeError, read_recipe
        from index.training.run import train
    except ModuleNotFoundError as error:
        fail(f"缺少 Python 包 {error.name}：请先运行 pip install -r requirements-train.txt")
    try:
        benches = [read_benchmark(path) for path in arguments.bench]
        train(read_recipe(arguments.recipe), arguments.checkpoints, arguments.out, benches=benches, report=say)
    except (RecipeError, BenchmarkError) as error:
        fail(str(error))


if __name__ == "__main__":
    run(main)
