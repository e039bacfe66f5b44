from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.likelihood import cut, is_ordinary, log_likelihood


def test_a_run_is_cut_into_its_likeliest_words() -> None:
    assert cut("感冒发烧").words == ((0, 2), (2, 4))
    assert cut("高血鸭").words[-1] == (2, 3)


def test_the_right_word_gains() -> None:
    assert cut("我高血鸭了").gain(1, 4, "高血压") > 8
    assert cut("高血压").gain(0, 3, "高血压") == pytest.approx(0)
    assert is_ordinary("感冒")
    assert not is_ordinary("感帽")


@settings(deadline=None)  # the first call loads the tables
@given(st.text(alphabet="感冒发烧高血压鸭头疼不了的", min_size=1, max_size=20))
def test_both_directions_agree(run: str) -> None:
    best = cut(run)
    assert best.before[-1] == pytest.approx(best.after[0])
    assert sum(log_likelihood(run[start:end]) for start, end in best.words) == pytest.approx(best.after[0])
    assert "".join(run[start:end] for start, end in best.words) == run
