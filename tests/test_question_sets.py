"""The form of the question sets: balanced, distinct, and the halves that may be looked at apart from those that report."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

DATA = Path(__file__).parent / "data"


def load(name: str) -> list[dict]:
    return [json.loads(line) for line in (DATA / name).read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize(("name", "label", "least"), [("red_flags", "emergency", 300), ("floor", "health", 300)])
def test_halves_are_balanced_and_share_no_question(name: str, label: str, least: int) -> None:
    dev, heldout = load(f"{name}_dev.jsonl"), load(f"{name}_heldout.jsonl")
    questions = [line["question"] for line in dev + heldout]
    assert len(questions) >= least
    assert len(set(questions)) == len(questions)
    for half in (dev, heldout):
        positive = sum(line[label] for line in half)
        assert abs(positive - len(half) / 2) <= 1


def test_every_emergency_says_whom_to_call() -> None:
    for line in load("red_flags_dev.jsonl") + load("red_flags_heldout.jsonl"):
        assert line["condition"]
        assert line["action"] in ({"120", "急诊", "12356", "110或120"} if line["emergency"] else {""})
