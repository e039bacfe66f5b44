"""The list that is counted: every filter takes out of it, none brings in, and it is empty where nothing answers."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.record import DoctorAnswer
from index.answering import answering_rows
from index.answers import Filters
from index.build import build_index
from index.definitions import Definitions
from index.facets import count_facets
from index.relevance import Calibration
from index.search import Searcher, prepare_question
from tests.index.some_records import numbered
from tests.stub_encoder import StubEncoder

DEPARTMENTS = ("骨科", "儿科", "内科")


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("answering") / "index"
    answers: list[DoctorAnswer] = [
        numbered(
            number,
            question=f"小腿抽筋{'半夜' * (number % 4)}怎么办{number}",
            answer=f"抽筋时先拉伸小腿。第{number}种办法是热敷。",
            department=DEPARTMENTS[number % 3],
            hospital_tier=("三甲", "二甲")[number % 2],
        )
        for number in range(9)
    ]
    others = [numbered(20 + number, question=f"近视眼镜度数{number}", answer="去眼科验光配镜。") for number in range(3)]
    diseases = [
        numbered(30, kind="disease", question="肌肉痉挛", answer="肌肉痉挛就是抽筋，肌肉突然收缩。"),
        numbered(31, kind="disease", question="原发性高血压", answer="原发性高血压是血压持续升高的慢性病。", disease="原发性高血压"),
        numbered(32, kind="disease", question="痛风", answer="痛风是尿酸盐结晶引起的关节炎。"),
    ]
    build_index([*answers, *others, *diseases], folder, StubEncoder())
    return folder


@pytest.fixture
def searcher(index: Path) -> Searcher:
    searcher = Searcher.open(index, StubEncoder())
    # By hand: only the cosine with the best passage and the question count; half and half makes the floor.
    searcher.calibration = Calibration(
        with_question=(-4.0, 4.0, 4.0, 0.0, 0.0, 0.0), answer_only=(-4.0, 8.0, 0.0), floor=0.5, answer_floor=0.5
    )
    return searcher


def rows(searcher: Searcher, question: str, filters: Filters | None = None) -> list[int]:
    return answering_rows(searcher, prepare_question(question).text, filters)


@pytest.mark.parametrize("question", ["小腿抽筋怎么办", "半夜抽筋", "热敷"])
def test_a_count_is_the_length_of_the_list_after_choosing(searcher: Searcher, question: str) -> None:
    everything = rows(searcher, question)
    facets = count_facets(searcher.store.get(everything))
    assert facets.total == len(everything)
    for department, count in facets.departments.items():
        chosen = rows(searcher, question, Filters(departments=(department,)))
        assert len(chosen) == count
        assert set(chosen) <= set(everything)
    for tier, count in facets.hospital_tiers.items():
        assert len(rows(searcher, question, Filters(hospital_tiers=(tier,)))) == count


def test_what_is_unlikely_is_not_in_the_list(searcher: Searcher) -> None:
    listed = searcher.store.get(rows(searcher, "小腿抽筋怎么办"))
    assert listed
    assert all("抽筋" in record.question + record.answer for record in listed)
    searcher.calibration = Calibration((-50.0, 1.0, 1.0, 0.0, 0.0, 0.0), (-50.0, 1.0, 0.0), floor=0.5, answer_floor=0.5)
    assert rows(searcher, "小腿抽筋怎么办") == []


def test_naming_the_matter_is_worth_a_share_of_the_floor(searcher: Searcher) -> None:
    # Every record has the probability 1/2: under the floor, and over half of it.
    searcher.calibration = Calibration((0.0, 0.0, 0.0, 0.0, 0.0, 0.0), (0.0, 0.0, 0.0), floor=0.9, answer_floor=0.9)
    listed = searcher.store.get(rows(searcher, "小腿抽筋怎么办"))
    assert len(listed) >= 9
    assert all("抽筋" in record.question + record.answer or "痉挛" in record.question + record.answer for record in listed)


@pytest.mark.parametrize(("odds", "only_near", "agreed"), [(0.0, False, True), (-1.5, True, False)])
def test_where_nothing_is_more_than_near_nobody_is_told_what_answers_agree_on(
    index: Path, odds: float, only_near: bool, agreed: bool
) -> None:
    """Every record has the probability 1/2, which is 中, or .18, which is 低; both over the floor."""
    searcher = Searcher.open(index, StubEncoder())
    searcher.calibration = Calibration((odds, 0.0, 0.0, 0.0, 0.0, 0.0), (odds, 0.0, 0.0), floor=0.1, answer_floor=0.1)
    found = searcher.search("小腿抽筋怎么办")
    assert found.answered
    assert (found.only_near, bool(found.agreement)) == (only_near, agreed)
    assert found.to_dict()["only_near"] is only_near


def test_without_a_calibration_all_that_was_found_is_listed(searcher: Searcher) -> None:
    searcher.calibration = None
    assert rows(searcher, "小腿抽筋怎么办") == searcher.candidates("小腿抽筋怎么办").rows.tolist()


@pytest.mark.parametrize(
    ("question", "name"),
    [("痛风能喝啤酒吗", "痛风"), ("近视怎么办", None), ("你好", None), ("头疼高血压", None)],
)
def test_a_definition_is_of_what_is_asked(searcher: Searcher, question: str, name: str | None) -> None:
    found = Definitions(searcher.store).find(prepare_question(question).text)
    assert (found and found.question) == name


def test_a_longer_name_must_answer_too(searcher: Searcher) -> None:
    definitions = Definitions(searcher.store)
    row = searcher.store.row_of("r31")
    assert row is not None
    assert definitions.find("高血压吃什么", [row]).question == "原发性高血压"
    assert definitions.find("高血压吃什么", []) is None


def test_rows_that_are_asked_for_follow_the_best_however_low_they_rank(searcher: Searcher) -> None:
    question = "小腿抽筋怎么办"
    ranked = [result.record.id for result in searcher.search(question, top=100).results]
    assert len(ranked) > 5
    rows_of = {record.id: row for row, record in enumerate(searcher.store.get(list(range(len(searcher.store)))))}
    last, other = ranked[-1], ranked[-3]
    found = searcher.search(question, top=2, also={rows_of[last], rows_of[other]}).results
    assert [result.record.id for result in found] == [*ranked[:2], other, last]
    assert [result.rank for result in found] == [1, 2, 3, 4]
    assert [result.record.id for result in searcher.search(question, top=2, also={rows_of[ranked[0]]}).results] == ranked[:2]
