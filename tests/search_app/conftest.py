"""The page over an index of our own, with an encoder without weights and a calibration made by hand: quick, and exact."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from corpus.paths import ROOT
from corpus.record import DoctorAnswer
from index.build import build_index
from index.relevance import Calibration
from search_app.components.filters import OPEN_FACETS
from search_app.resources import OPENING
from tests.index.some_records import numbered
from tests.stub_encoder import StubEncoder

HOSTILE = "<b>科</b> :red[红] $x$ ![图](http://x/y.png) **粗** [链](javascript:alert(1))"
PLACES = ("骨科", "儿科", "内科", HOSTILE)


def cramps() -> list[DoctorAnswer]:
    """Twenty-four answers about cramps; what differs decides which filter each passes."""
    return [
        numbered(
            number,
            question=f"小腿抽筋{'半夜' * (number % 4)}怎么办{number}",
            answer=f"抽筋时先拉伸小腿。第{number}种办法是热敷{'足底' * number}，再睡{number}次。",
            department=PLACES[number % 4],
            hospital_tier=("三甲", "二甲", None)[number % 3],
            doctor_title=("主任医师", "主任医师 教授", "住院医师")[number % 3],
            published=date(2020 + number % 5, 3, 1),
            doctor=f"医生{number}",
            hospital="某院",
        )
        for number in range(24)
    ]


@pytest.fixture(autouse=True)
def opened_before_anything_is_put_back(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What opens an index in the background ends before a test's stand-in for the encoder is taken away."""
    yield
    for thread in threading.enumerate():
        if thread.name == OPENING:
            thread.join()


@pytest.fixture(scope="session")
def cramp_index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("cramps") / "index"
    others = [
        numbered(50 + number, question=f"近视眼镜度数{number}", answer=f"{mark * 15}，去验光配镜。", department="眼科")
        for number, mark in enumerate("甲乙丙丁戊己庚辛壬癸子丑")
    ]
    definition = numbered(90, kind="disease", question="抽筋", answer="抽筋就是痉挛。" + "肌肉突然收缩。" * 20, disease="抽筋")
    build_index([*cramps(), *others, definition], folder, StubEncoder())
    return folder


@pytest.fixture
def open_cramps(monkeypatch: pytest.MonkeyPatch, cramp_index: Path) -> Callable[..., AppTest]:
    """Opens the page at an address, as a browser would."""
    calibration = Calibration(with_question=(-4.0, 6.0, 4.0, 0.0, 0.0, 0.0), answer_only=(-4.0, 8.0, 0.0), floor=0.5, answer_floor=0.5)
    monkeypatch.setenv("DOCTOR_ANSWERS_INDEX", str(cramp_index))
    monkeypatch.setattr("search_app.resources.load_encoder", lambda *_, **__: StubEncoder())
    monkeypatch.setattr("index.search.calibration_of", lambda *_: calibration)

    def opened(**address: str | list[str]) -> AppTest:
        app = AppTest.from_file(str(ROOT / "search_app" / "app.py"), default_timeout=120)
        for name, value in address.items():
            app.query_params[name] = value
        app.session_state[OPEN_FACETS] = True
        return app.run()

    return opened
