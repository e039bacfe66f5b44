"""Fit what speaks for whom a question is about (`corpus.patient_fit`); keep the weights in the lexicon."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from _console import fail, run

from corpus.lexicon import PATIENT
from corpus.paths import ROOT
from corpus.patient_fit import choice_of, fit, share_right, write_weights

DATA = ROOT / "tests" / "data"
#: Each line of the second names its `writer`, who wrote blind; the first counts as one writer, 0.
SETS = (DATA / "audience_dev.jsonl", DATA / "audience_dev_2.jsonl")


def main() -> None:
    """Report each writer with the weights that the others give, then fit on all and write the table."""
    parser = argparse.ArgumentParser(description="拟合“问题说的是谁”的权重，存到 corpus/lexicon/。报告时轮流留出一位写作者。")
    parser.add_argument("--out", type=Path, default=PATIENT, help="存到哪个文件")
    arguments = parser.parse_args()
    try:
        rows = [json.loads(line) for path in SETS for line in path.read_text(encoding="utf-8").splitlines()]
        found = [(int(row.get("writer", 0)), choice_of(row)) for row in rows]
    except (OSError, KeyError, ValueError) as error:
        fail(f"用来拟合的问题读不了：{error}")
    told = [(writer, choice) for writer, choice in found if choice is not None]
    for left_out in sorted({writer for writer, _ in told}):
        mine = [choice for writer, choice in told if writer == left_out]
        weights = fit([choice for writer, choice in told if writer != left_out])
        print(f"写作者 {left_out}：{len(mine)} 个要分辨的问题，选对 {share_right(weights, mine):.1%}")
    write_weights(fit([choice for _, choice in told]), arguments.out)
    print(f"{arguments.out}：{len(told)} 个要分辨的问题（共 {len(rows)} 个）")


if __name__ == "__main__":
    run(main)
