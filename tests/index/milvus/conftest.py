from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from itertools import islice
from pathlib import Path

import pytest

from corpus.importer import ImportReport, import_records
from corpus.paths import STARTER_CORPUS
from corpus.record import DoctorAnswer
from index.milvus.address import MilvusAddress
from index.milvus.engine import Engine, shared_engine
from index.milvus.publishing import MilvusGenerations
from tests.index.some_records import numbered

#: What would be code, a pattern or an end of a quotation in the engine's expressions if it were not escaped.
HOSTILE = ('a"b', "a'b", "a\\", '" or 1 == 1 or "', "100%_", "{x}", "行\n下", "a\\u0041", "$科", "\\")


#: Word for word `short` repeats the question more than `night` does, but for what is asked of it: fused it is first, at a second look second.
SECOND_LOOK = [
    DoctorAnswer(id="leg", source="test", question="腿抽筋", answer="先拉伸小腿。"),
    DoctorAnswer(id="night", source="test", question="腿抽筋了怎么办", answer="夜里着凉腿抽筋，多半是缺什么要查。"),
    DoctorAnswer(id="cough", source="test", question="咳嗽", answer="多喝水。"),
    DoctorAnswer(id="short", source="test", question="夜里腿抽筋多半是", answer="夜里腿抽筋多半是。"),
]
LOOKED_AT_AGAIN = "夜里腿抽筋多半是缺什么"


def some_records() -> list[DoctorAnswer]:
    """Two hundred starter records, and some of our own whose every field is hostile, long or empty."""
    starter = list(islice(import_records([STARTER_CORPUS], ImportReport()), 200))
    hostile = [
        numbered(
            number,
            id=f"id {text}",
            question=f"{text}小腿抽筋怎么办",
            answer=f"{text}抽筋时拉伸小腿。",
            department=text,
            hospital_tier=text,
            doctor_title=f"主任医师 {text}",
            doctor=text,
            hospital=text,
            published=date(2020 + number, 3, 1),
        )
        for number, text in enumerate(HOSTILE)
    ]
    long = numbered(100, question="", answer="小腿抽筋要拉伸。" + "热敷也有用，但要小心烫伤。" * 8_000)
    wordless = numbered(101, question="", answer="的")
    return [*starter, *hostile, long, wordless]


@pytest.fixture
def generations(tmp_path: Path) -> Iterator[MilvusGenerations]:
    """An empty milvus-lite file."""
    opened = open_file(tmp_path / "answers.db")
    yield opened
    opened.engine.close()


def open_file(path: Path) -> MilvusGenerations:
    pytest.importorskip("milvus_lite")
    address = MilvusAddress(str(path))
    return MilvusGenerations(Engine(address, create=True), address.alias)


@pytest.fixture
def closing_shared() -> Iterator[Callable[[], None]]:
    """Forget the connections that readers share, so that a file is free again."""
    yield shared_engine.cache_clear
    shared_engine.cache_clear()
