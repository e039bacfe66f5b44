"""The measurement of growth: made records and vectors are like the real ones, and its shortcut changes nothing."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import measure_scale
import numpy as np
import pytest
from scale.known_sentences import known_points, known_tokens
from scale.likeness import Likeness, nearest
from scale.made_records import SHARES, made_records
from scale.meters import PartMeter

from corpus.points import read_points
from corpus.segment import lexical_tokens, record_tokens
from index.units import units_of
from tests.index.some_records import numbered

REAL = [
    numbered(0, question="小腿抽筋，怎么办", answer="马上拉伸小腿。不要热敷！补钙要问医生。"),
    numbered(1, question="咳嗽三天", answer="多喝水。发热时要看呼吸内科；孕妇不要自行吃药。"),
]


def test_made_records_have_as_many_units_as_were_asked_for_and_known_shares() -> None:
    records = list(made_records(REAL, 4_000))
    assert 4_000 <= sum(1 for record in records for _ in units_of(record)) < 4_000 + 10
    assert records == list(made_records(REAL, 4_000))
    for department, share in SHARES.items():
        found = sum(record.department == department for record in records) / len(records)
        assert abs(found - share) < 4 * (share / len(records)) ** 0.5


def test_what_is_read_once_a_sentence_is_what_reading_the_text_gives() -> None:
    tokens, points = known_tokens(lexical_tokens), known_points(read_points)
    for record in made_records(REAL, 200):
        assert sorted(tokens(record)) == sorted(record_tokens(record))
        assert points(record.answer) == read_points(record.answer)


def test_made_vectors_are_fitted_to_the_neighbours_of_the_real_ones() -> None:
    generator = np.random.default_rng(1)
    pool = generator.standard_normal((40, 16))[np.arange(800) % 40] + 0.7 * generator.standard_normal((800, 16))
    pool = (pool / np.linalg.norm(pool, axis=1, keepdims=True)).astype(np.float32)
    likeness = Likeness(pool)
    made = likeness.vectors(["甲", "乙", "甲"])
    assert np.array_equal(made[0], made[2])
    assert not np.allclose(made[0], made[1])
    assert np.allclose(np.linalg.norm(made, axis=1), 1, atol=1e-6)
    found = likeness.quantiles()
    medians = [abs(found["real"][rank][2] - found["made"][rank][2]) for rank in (1, 10, 100)]
    unfitted = likeness.quantiles((0.0, 0.2))
    assert max(medians) < 0.06
    assert likeness._misfit(likeness.moves) <= likeness._misfit((0.0, 0.2))
    assert unfitted["real"] == found["real"]


def test_the_nearest_are_told_nearest_first() -> None:
    vectors = np.eye(4, dtype=np.float32)
    asked = np.array([[0.1, 0.9, 0.3, 0.0]], dtype=np.float32)
    numbers, similarities = nearest(vectors, asked, 3)
    assert numbers.tolist() == [[1, 2, 0]]
    assert np.allclose(similarities, [[0.9, 0.3, 0.1]])


def test_what_a_part_takes_is_not_counted_in_the_part_that_calls_it(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [0.0]
    monkeypatch.setattr(time, "perf_counter", lambda: clock[0])
    monkeypatch.setattr(time, "process_time", lambda: clock[0] / 2)

    def work(seconds: float) -> None:
        clock[0] += seconds

    meter = PartMeter()
    inner = meter.timed(lambda: work(3), "inner")
    meter.timed(lambda: (work(1), inner(), inner(), work(2)), "outer")()
    meter.next_question()
    assert meter.questions == [{"inner": (6.0, 3.0), "outer": (3.0, 1.5)}]


def test_a_picture_that_cannot_be_drawn_is_told_before_anything_is_measured(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys
) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    command = ["measure_scale.py", "--sizes", "10", "--folder", str(tmp_path / "scale")]
    monkeypatch.setattr(sys, "argv", [*command, "--plot", str(tmp_path / "a.png")])
    with pytest.raises(SystemExit) as ended:
        measure_scale.main()
    assert ended.value.code == 2
    assert "pip install -r requirements-benchmark.txt" in capsys.readouterr().err
    assert not (tmp_path / "scale").exists()


@pytest.mark.parametrize("installed", [True, False])
def test_the_table_is_printed_though_the_picture_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys, *, installed: bool) -> None:
    def fails(*_: object) -> None:
        raise OSError("a full disk")

    monkeypatch.setitem(sys.modules, "matplotlib", None)
    if installed:
        monkeypatch.setattr("importlib.util.find_spec", lambda _: object())
    for step in ("build", "search"):
        (tmp_path / f"{step}-10.json").write_text("{}", encoding="utf-8")
    monkeypatch.setattr(measure_scale, "table", lambda measured: json.dumps([one["size"] for one in measured["sizes"]]))
    monkeypatch.setattr(measure_scale, "plot", fails)
    command = ["measure_scale.py", "--keep", "--sizes", "10", "--folder", str(tmp_path)]
    monkeypatch.setattr(sys, "argv", [*command, *(["--plot", str(tmp_path / "a.png")] if installed else [])])
    if installed:
        with pytest.raises(OSError, match="a full disk"):
            measure_scale.main()
    else:
        measure_scale.main()
    assert capsys.readouterr().out == "[10]\n"
