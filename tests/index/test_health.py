from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from index.encoder import TextEncoder
from index.health import LEAST, MOST, HealthTopic, health_topic_of
from index.health_fit import fit_health_topic, held_back_log_odds, read_lines, write_health_topic
from index.search import prepare_question

TOPIC = HealthTopic(0.5, np.array([1.0, -2.0]))


def test_log_odds_worked_out_by_hand() -> None:
    assert TOPIC.log_odds(np.array([0.6, 0.8], dtype=np.float32)) == pytest.approx(0.5 + 0.6 - 1.6)


def test_nothing_is_believed_without_end() -> None:
    assert HealthTopic(-99.0, TOPIC.weights).log_odds(np.zeros(2)) == LEAST
    assert HealthTopic(99.0, TOPIC.weights).log_odds(np.zeros(2)) == MOST


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    topic = HealthTopic(-0.25, np.round(np.linspace(-3, 3, 30), 4))
    write_health_topic("abc", "some/encoder", topic, tmp_path)
    read = health_topic_of("abc", tmp_path)
    assert read is not None
    assert read.intercept == topic.intercept
    assert read.weights.tolist() == topic.weights.tolist()
    assert health_topic_of("another", tmp_path) is None


def test_the_fit_parts_two_clouds_however_many_there_are_of_each() -> None:
    rng = np.random.default_rng(0)
    health, other = rng.normal([1, 0], 0.3, (900, 2)), rng.normal([-1, 0], 0.3, (100, 2))
    topic = fit_health_topic(health, other)
    assert topic.log_odds(np.array([1.0, 0.0])) == MOST
    assert topic.log_odds(np.array([-1.0, 0.0])) < -2
    assert abs(topic.log_odds(np.array([0.0, 0.0]))) < 1


def test_each_is_judged_by_a_fit_that_did_not_see_it() -> None:
    """One that lies among the others' opposites is not excused by having been learnt."""
    rng = np.random.default_rng(0)
    health, other = rng.normal([1, 0], 0.3, (200, 2)), rng.normal([-1, 0], 0.3, (200, 2))
    other[7] = [1.0, 0.0]
    odds = held_back_log_odds(health, other)
    assert odds[7] == MOST
    assert np.mean(odds < 0) > 0.95


def test_lines_are_distinct_and_not_empty(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("一\n\n 二 \n一\n", encoding="utf-8")
    assert read_lines([tmp_path / "a.txt"]) == ["一", "二"]


@pytest.mark.parametrize(
    ("question", "is_health"),
    [
        ("半夜小腿老抽筋咋回事", True),
        ("糖尿病", True),
        ("娃娃屙稀三天了", True),
        ("怎么修自行车链条", False),
        ("电脑中毒了怎么杀毒", False),
    ],
)
def test_the_shipped_encoder_tells_health_from_other_things(encoder: TextEncoder, question: str, is_health: bool) -> None:
    topic = health_topic_of(encoder.fingerprint)
    assert topic is not None
    assert (topic.log_odds(encoder.encode_questions([prepare_question(question).text])[0]) > 0) is is_health
