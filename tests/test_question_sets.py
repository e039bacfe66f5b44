"""The form of the question sets: balanced, distinct, and the halves that may be looked at apart from those that report."""

from __future__ import annotations

import pytest

from corpus.audience import vocabulary
from index.halves import FITS, REPORTS, half_of
from tests.question_sets import read_set


@pytest.mark.parametrize(
    ("name", "other", "label", "least"), [("red_flags", "dev_2", "emergency", 300), ("floor", "heldout", "health", 300)]
)
def test_halves_are_balanced_and_share_no_question(name: str, other: str, label: str, least: int) -> None:
    dev, heldout = read_set(f"{name}_dev"), read_set(f"{name}_{other}")
    questions = [line["question"] for line in dev + heldout]
    assert len(questions) >= least
    assert len(set(questions)) == len(questions)
    for half in (dev, heldout):
        positive = sum(line[label] for line in half)
        assert abs(positive - len(half) / 2) <= 1


def test_every_emergency_says_whom_to_call() -> None:
    for name in ("dev", "dev_2", "dev_3", "dev_4", "dev_5", "dev_6", "dev_7", "heldout_6"):
        for line in read_set(f"red_flags_{name}"):
            assert line.get("condition") or line["about"]
            assert line["action"] in ({"120", "急诊", "12356", "110或120"} if line["emergency"] else {""})


def test_the_set_that_reports_shares_no_question_with_those_that_rules_were_written_on() -> None:
    names = ("dev", "dev_2", "dev_3", "dev_4", "dev_5", "dev_6", "dev_7", "plain_dev", "described_dev", "standard")
    seen = {line["question"] for name in names for line in read_set(f"red_flags_{name}")}
    assert seen.isdisjoint(line["question"] for line in read_set("red_flags_heldout_6"))


def test_the_sets_of_bystanders_share_no_question_and_name_known_groups() -> None:
    dev, heldout = read_set("audience_dev"), read_set("audience_heldout")
    questions = [line["question"] for line in dev + heldout]
    assert len(questions) >= 120
    assert len(set(questions)) == len(questions)
    assert {group for line in dev + heldout for group in line["groups"]} <= set(vocabulary().dimension)


def test_the_halves_of_the_questions_by_eight_writers_share_none_and_name_known_groups() -> None:
    dev, heldout = read_set("audience_dev_2"), read_set("audience_heldout_2")
    questions = [line["question"] for line in dev + heldout]
    assert len(set(questions)) == len(questions) == 2_200
    dimension = vocabulary().dimension
    for line in dev + heldout:
        assert half_of(line["question"]) == (REPORTS if line in heldout else FITS)
        assert not line["life"] or dimension[line["life"]] == "life"
        assert not line["state"] or dimension[line["state"]] == "state"
        assert not line["sex"] or dimension[line["sex"]] == "sex"
        assert all(dimension[illness] == "condition" for illness in line["conditions"])
