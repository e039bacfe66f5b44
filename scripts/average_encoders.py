"""Average encoders that were trained from the same weights."""

from __future__ import annotations

import argparse
from pathlib import Path

from _console import fail, run, say


def main() -> None:
    """Read the folders and their shares, write the mean."""
    parser = argparse.ArgumentParser(description="把从同一组权重训练出来的几个编码器按比例平均成一个（model soup）。")
    parser.add_argument("members", metavar="DIR=SHARE", nargs="+", help="编码器文件夹和它的比例，例如 runs/a=0.6 runs/b=0.4")
    parser.add_argument("--out", metavar="DIR", type=Path, required=True, help="写到哪个文件夹（不能已存在）")
    arguments = parser.parse_args()
    from index.encoder import quiet_libraries
    from index.training.average import average_encoders
    from index.training.recipe import RecipeError

    quiet_libraries()
    try:
        average_encoders([_member(text) for text in arguments.members], arguments.out)
    except RecipeError as error:
        fail(str(error))
    say(f"完成：{arguments.out}")


def _member(text: str) -> tuple[Path, float]:
    folder, _, share = text.rpartition("=")
    try:
        return Path(folder).expanduser(), float(share)
    except ValueError:
        fail(f"“{text}”应写成 文件夹=比例，例如 runs/a=0.6")


if __name__ == "__main__":
    run(main)
