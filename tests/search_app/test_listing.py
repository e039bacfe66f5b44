"""What the search page counts is what it tells: groups whose members are not all answers, promises of what a dropped filter brings, ranks."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from corpus.record import DoctorAnswer
from index.build import build_index
from index.definitions import Definitions
from index.relevance import Calibration
from index.search import Searcher
from search_app.address import DIMENSIONS, Address
from search_app.components.card import result_card
from search_app.feedback_store import SETTING, FeedbackStore
from search_app.listing import LEAST_RELATED, MOST, Listing, list_answers
from tests.index.some_records import numbered
from tests.search_app.test_search_page import QUESTION, cards, named, total
from tests.stub_encoder import StubEncoder

ADVICE = "发作时先把小腿拉伸开，再热敷按摩，平时补钙多喝水，总是犯要去医院查电解质。"
#: Only the question that a record answers tells whether it answers; a record without one never does.
BY_QUESTION = Calibration(with_question=(-5.0, 10.0, 0.0, 0.0, 0.0, 0.0), answer_only=(-50.0, 0.0, 0.0), floor=0.5, answer_floor=0.5)


def doctor(number: int, question: str, answer: str = ADVICE, **fields: object) -> DoctorAnswer:
    return numbered(number, question=question, answer=answer, doctor=f"医生{number}", hospital="某院", **fields)


@pytest.fixture
def searcher_over(tmp_path: Path) -> Callable[..., Searcher]:
    """Opens an index of these records, with a calibration made by hand."""

    def opened(records: Iterable[DoctorAnswer], calibration: Calibration = BY_QUESTION) -> Searcher:
        build_index(list(records), tmp_path / "index", StubEncoder())
        searcher = Searcher.open(tmp_path / "index", StubEncoder())
        searcher.calibration = calibration
        return searcher

    return opened


def listed(searcher: Searcher, address: Address, shown: int = MOST) -> Listing:
    return list_answers(searcher, Definitions(searcher.store), address, shown)


def told(listing: Listing) -> list[str]:
    return [record.id for card in listing.cards for record in (card.record, *card.similar)]


def test_an_answer_that_does_not_answer_is_not_told_under_one_that_does(searcher_over: Callable[..., Searcher]) -> None:
    others = [doctor(2, "晚上老睡不着"), doctor(3, "近视配镜度数")]
    listing = listed(searcher_over([doctor(1, QUESTION), *others]), Address(QUESTION))
    assert (listing.total, told(listing)) == (1, ["r1"])
    assert "位医生" not in result_card(listing.cards[0])


def test_an_answer_is_told_though_the_best_that_says_the_same_does_not_answer(searcher_over: Callable[..., Searcher]) -> None:
    advice = f"{QUESTION}？{QUESTION}？拉伸。"
    searcher = searcher_over([numbered(1, question="", answer=advice), doctor(2, "夜里腿抽筋怎么办", advice)])
    best = searcher.search(QUESTION).results[0]
    assert (best.record.id, [record.id for record in best.similar]) == ("r1", ["r2"])
    listing = listed(searcher, Address(QUESTION))
    assert (listing.total, told(listing)) == (1, ["r2"])


def test_answers_that_say_the_same_and_all_answer_stay_together(searcher_over: Callable[..., Searcher]) -> None:
    listing = listed(searcher_over([doctor(1, QUESTION), doctor(2, QUESTION + "呀"), doctor(3, "晚上老睡不着")]), Address(QUESTION))
    assert (listing.total, told(listing)) == (2, ["r1", "r2"])
    assert listing.cards[0].similar_note == "2 位医生给出相近回答"


CALIBRATIONS = [
    BY_QUESTION,
    Calibration((-4.0, 6.0, 4.0, 0.0, 0.0, 0.0), (-4.0, 8.0, 0.0), floor=0.5, answer_floor=0.5),
    Calibration((-1.0, 9.0, -6.0, -1.0, 0.0, 0.0), (-2.0, 3.0, 0.0), floor=0.6, answer_floor=0.7),
]


@pytest.mark.parametrize("calibration", CALIBRATIONS)
def test_all_counts_agree_with_what_is_told(searcher_over: Callable[..., Searcher], calibration: Calibration) -> None:
    wordings = [QUESTION, "小腿抽筋", "", "半夜抽筋咋回事", "近视配镜度数"]
    advice = [f"第{mark}种办法是{what}，" + ADVICE for mark, what in zip("甲乙丙", ("拉伸", "热敷", "补钙"), strict=True)]
    records = [
        doctor(
            5 * place + number,
            wording,
            text,
            department=("骨科", "神经内科", "内科")[number % 3],
            hospital_tier=("三甲", "二甲")[(place + number) % 2],
        )
        for place, text in enumerate(advice)
        for number, wording in enumerate(wordings)
    ]
    searcher = searcher_over(records, calibration)
    for question in (QUESTION, "抽筋", "近视配镜度数", "睡不着"):
        everything = listed(searcher, Address(question))
        assert sorted(set(told(everything))) == sorted(told(everything))
        assert everything.total == len(told(everything))
        for tier in ((), ("三甲",), ("没有这种医院",)):
            address = Address(question, tier=tier)
            listing = listed(searcher, address)
            assert listing.total == len(told(listing))
            for department, count in listing.facets["department"].departments.items():
                chosen = listed(searcher, Address(question, tier=tier, department=(department,)))
                assert len(told(chosen)) == chosen.total == count
            for dimension, count in listing.to_drop:
                assert len(told(listed(searcher, address.without(dimension)))) == count > 0
        assert bool(listing.to_drop) == bool(everything.total), "the last address leaves nothing"
    some = listed(searcher, Address(QUESTION))
    assert 0 < some.total < len(records)
    assert any(card.similar for card in some.cards)


def behind_ten(department: str = "骨科") -> list[DoctorAnswer]:
    """Twelve that rank before the only answer and are none, each told by itself."""
    kinds = "甲乙丙丁戊己庚辛壬癸子丑"
    before = [numbered(number, question="", answer=f"{QUESTION}。{QUESTION}。{mark * 9}。") for number, mark in enumerate(kinds)]
    return [*before, doctor(50, "小腿抽筋怎么缓解", "先拉伸，再热敷，慢慢来不要急，多休息几天。", department=department)]


def test_dropping_the_only_filter_promises_what_the_list_then_tells(searcher_over: Callable[..., Searcher]) -> None:
    searcher = searcher_over(behind_ten())
    assert listed(searcher, Address(QUESTION)).total == 0, "a long ranking is no better answered"
    dead_end = listed(searcher, Address(QUESTION, department=("没有这个科",)))
    assert (dead_end.total, dead_end.to_drop, dead_end.without_filters) == (0, (), 0)


def test_dropping_one_filter_of_two_promises_what_the_other_leaves(searcher_over: Callable[..., Searcher]) -> None:
    searcher = searcher_over(behind_ten())
    address = Address(QUESTION, department=("骨科",), tier=("没有这种医院",))
    dead_end = listed(searcher, address)
    assert dead_end.to_drop == (("tier", 1),)
    assert dead_end.without_filters == 0
    for dimension in DIMENSIONS:
        assert listed(searcher, address.without(dimension)).total == dict(dead_end.to_drop).get(dimension, 0)


def test_where_filters_leave_something_none_is_to_be_dropped(searcher_over: Callable[..., Searcher]) -> None:
    listing = listed(searcher_over(behind_ten()), Address(QUESTION, department=("骨科",)))
    assert (listing.total, listing.to_drop, listing.without_filters) == (1, (), 1)


def open_over(monkeypatch: pytest.MonkeyPatch, open_page: Callable[..., AppTest], index: Path, **address: str) -> AppTest:
    monkeypatch.setenv("DOCTOR_ANSWERS_INDEX", str(index))
    monkeypatch.setattr("index.search.calibration_of", lambda *_: BY_QUESTION)
    return open_page(**address)


def test_the_page_offers_no_way_out_that_leads_to_nothing(
    monkeypatch: pytest.MonkeyPatch, open_cramps: Callable[..., AppTest], tmp_path: Path
) -> None:
    build_index(behind_ten(), tmp_path / "index", StubEncoder())
    nowhere = open_over(monkeypatch, open_cramps, tmp_path / "index", q=QUESTION, department="没有这个科")
    assert not nowhere.exception
    assert not named(nowhere, "drop-")
    assert "没有找到能回答" in nowhere.info[0].value
    one_way = open_over(monkeypatch, open_cramps, tmp_path / "index", q=QUESTION, department="骨科", tier="没有这种医院")
    assert [(button.key, "有 1 条" in button.label) for button in named(one_way, "drop-")] == [("drop-tier", True)]
    one_way.button(key="drop-tier").click().run()
    assert (total(one_way), len(cards(one_way))) == (1, 1)


def test_feedback_keeps_the_rank_among_all_results_beside_the_place_on_the_page(
    monkeypatch: pytest.MonkeyPatch, open_cramps: Callable[..., AppTest], tmp_path: Path
) -> None:
    first, second = doctor(1, QUESTION, "先拉伸小腿。"), doctor(3, "小腿老抽筋该怎么办呢", "热敷足底，再睡一觉。")
    # It ranks first and does not answer, so that no card shows it.
    before = numbered(2, question="", answer=f"{QUESTION}。{QUESTION}。")
    build_index([first, before, second], tmp_path / "index", StubEncoder())
    store = FeedbackStore(tmp_path / "feedback.sqlite")
    monkeypatch.setenv(SETTING, str(store.path))
    app = open_over(monkeypatch, open_cramps, tmp_path / "index", q=QUESTION)
    searcher = Searcher.open(tmp_path / "index", StubEncoder())
    ranks = {result.record.id: result.rank for result in searcher.search(QUESTION).results}
    assert ranks == {"r2": 1, "r1": 2, "r3": 3}
    assert len(cards(app)) == 2
    app.button_group[0].set_value("有用").run()
    app.button_group[1].set_value("没用").run()
    assert not app.exception
    kept = {one.record: (one.rank, one.position) for one in store.read()}
    assert kept == {"r1": (2, 1), "r3": (3, 2)}
    labels = [element.proto.body for element in app.get("html") if 'class="answer-card"' in element.proto.body]
    for position, body in enumerate(labels, start=1):
        assert f'aria-label="第 {position} 条"' in body
        assert f"复制第 {position} 条回答" in body


@pytest.mark.parametrize("least", [0.04, 0.06])
def test_related_questions_are_not_those_near_by_chance(searcher_over: Callable[..., Searcher], least: float) -> None:
    """The first record repeats the question and answers; the others share nothing with it and have this probability."""
    others = [doctor(2, "晚上老睡不着"), doctor(3, "近视配镜度数")]
    odds = math.log(least / (1 - least))
    calibration = Calibration(with_question=(odds, 9.0, 0.0, 0.0, 0.0, 0.0), answer_only=(odds, 0.0, 0.0), floor=0.5, answer_floor=0.5)
    listing = listed(searcher_over([doctor(1, QUESTION), *others], calibration), Address(QUESTION))
    assert [record.id for record in (card.record for card in listing.cards)] == ["r1"]
    assert bool(listing.related) == (least > LEAST_RELATED)


def test_where_nothing_answers_the_nearest_are_offered_however_far(searcher_over: Callable[..., Searcher]) -> None:
    nobody = Calibration(with_question=(-9.0, 0.0, 0.0, 0.0, 0.0, 0.0), answer_only=(-9.0, 0.0, 0.0), floor=0.5, answer_floor=0.5)
    listing = listed(searcher_over([doctor(2, "晚上老睡不着")], nobody), Address(QUESTION))
    assert not listing.cards
    assert listing.related == ("晚上老睡不着",)
