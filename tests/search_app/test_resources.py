"""What the page keeps open is the generation it is kept under, however CURRENT moves meanwhile."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from index.build import build_index
from index.generation import IndexFolder
from index.search import Arm, Searcher
from search_app import resources
from tests.index.some_records import numbered
from tests.stub_encoder import StubEncoder


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An index of two generations, of three records and of five."""
    for count in (3, 5):
        build_index([numbered(number) for number in range(count)], tmp_path / "index", StubEncoder())
    monkeypatch.setenv("DOCTOR_ANSWERS_INDEX", str(tmp_path / "index"))
    monkeypatch.setattr("search_app.resources.load_encoder", lambda *_, **__: StubEncoder())
    return tmp_path / "index"


@pytest.mark.parametrize(
    ("setting", "is_shown"),
    [
        (None, True),
        ("on", True),
        ("1", True),
        ("off", False),
        ("OFF", False),
        (" Off ", False),
        ("0", False),
        ("no", False),
        ("False", False),
    ],
)
def test_the_status_is_hidden_however_off_is_written(monkeypatch: pytest.MonkeyPatch, setting: str | None, is_shown: bool) -> None:
    monkeypatch.delenv("DOCTOR_ANSWERS_STATUS", raising=False)
    if setting is not None:
        monkeypatch.setenv("DOCTOR_ANSWERS_STATUS", setting)
    assert resources.status_is_shown() is is_shown


@pytest.mark.parametrize(("setting", "arm"), [(None, Arm.RERANKED), ("off", Arm.FUSED), ("0", Arm.FUSED), ("on", Arm.RERANKED)])
def test_a_second_look_is_taken_unless_it_is_turned_off(monkeypatch: pytest.MonkeyPatch, setting: str | None, arm: Arm) -> None:
    monkeypatch.delenv("DOCTOR_ANSWERS_SECOND_LOOK", raising=False)
    if setting is not None:
        monkeypatch.setenv("DOCTOR_ANSWERS_SECOND_LOOK", setting)
    assert resources.ranking_arm() is arm


def test_a_generation_published_while_another_is_opened_is_not_kept_under_its_name(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    new, old = IndexFolder(folder).names()
    (folder / "CURRENT").write_text(f"{old}\n")
    look = IndexFolder.current_name
    looks: list[str | None] = []

    def look_and_publish(index: IndexFolder) -> str | None:
        looks.append(look(index))
        if len(looks) == 1:
            (folder / "CURRENT").write_text(f"{new}\n")
        return looks[-1]

    with monkeypatch.context() as patch:
        patch.setattr(IndexFolder, "current_name", look_and_publish)
        assert resources.current_searcher().generation_name == old
    assert resources.current_searcher().generation_name == new
    assert IndexFolder(folder).rollback().name == old
    assert resources.current_searcher().generation_name == old
    assert resources.current_holdings().generation.name == old


def test_the_newest_serves_while_current_is_lost_and_the_next_one_after_it(folder: Path) -> None:
    (folder / "CURRENT").unlink()
    assert resources.current_searcher().generation_name == IndexFolder(folder).names()[0]
    published = build_index([numbered(number) for number in range(6)], folder, StubEncoder()).generation.name
    assert resources.current_searcher().generation_name == published
    (folder / "CURRENT").unlink()
    assert resources.current_searcher().generation_name == published


def test_a_damaged_generation_is_passed_over(folder: Path) -> None:
    new, old = IndexFolder(folder).names()
    (folder / "generations" / new / "units.npy").write_bytes(b"x")
    assert resources.current_searcher().generation_name == old
    assert [entry.name for entry in (folder / "quarantine").iterdir()] == [new]
    assert resources.current_holdings().generation.name == old


def test_tables_are_loaded_once_before_many_ask(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, int]] = []
    search = Searcher.search

    def counted(searcher: Searcher, question: str, **options: object) -> object:
        asked.append((question, threading.get_ident()))
        return search(searcher, question, **options)

    monkeypatch.setattr(Searcher, "search", counted)
    resources._searcher.clear()
    threads = [threading.Thread(target=lambda: resources.current_searcher().search("第2个问题")) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert asked[0][0] == resources.FIRST_QUESTION
    assert [question for question, _ in asked].count(resources.FIRST_QUESTION) == 1
    assert len(asked) == 9
