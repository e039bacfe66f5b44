from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from search_app.limits import BURST, TokenBucket


def test_as_many_as_the_bucket_holds_then_one_for_each_refill() -> None:
    bucket = TokenBucket(capacity=3, per_second=0.5)
    assert [bucket.take(100.0) for _ in range(3)] == [0, 0, 0]
    assert bucket.take(100.0) == pytest.approx(2.0)
    assert bucket.take(101.0) == pytest.approx(1.0)
    assert bucket.take(102.0) == 0
    assert bucket.take(102.0) == pytest.approx(2.0)


def test_a_rest_fills_it_and_no_further() -> None:
    bucket = TokenBucket(capacity=2, per_second=1)
    assert [bucket.take(0.0), bucket.take(0.0)] == [0, 0]
    assert [bucket.take(1000.0) > 0 for _ in range(3)] == [False, False, True]


@given(times=st.lists(st.floats(0, 60), max_size=200).map(sorted), capacity=st.integers(1, 9), rate=st.floats(0.1, 5))
def test_never_more_than_the_capacity_and_what_was_refilled(times: list[float], capacity: int, rate: float) -> None:
    bucket = TokenBucket(capacity, rate)
    taken = [now for now in times if bucket.take(now) == 0]
    for start in range(len(taken)):
        for end in range(start, len(taken)):
            assert end - start + 1 <= capacity + rate * (taken[end] - taken[start]) + 1e-6


def ask_often() -> None:
    import streamlit as st

    from index.search import QuestionError
    from search_app.limits import take_turn

    try:
        take_turn()
        st.success("searched")
    except QuestionError as error:
        st.info(str(error))


def test_a_visit_that_asks_without_end_is_told_when_to_ask_again(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1000.0
    monkeypatch.setattr("search_app.limits.clock", lambda: now)
    app = AppTest.from_function(ask_often, default_timeout=30)
    assert all(app.run().success for _ in range(BURST))
    assert app.run().info[0].value == "问得太快了，请过 1 秒再试。急症请直接拨打 120，不要等"
    # Another visit has its own turns.
    assert AppTest.from_function(ask_often, default_timeout=30).run().success
    now += 1.0
    assert app.run().success
    assert app.run().info
