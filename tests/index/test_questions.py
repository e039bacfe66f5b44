"""What of a question is embedded."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from index.search import EMBEDDED, embedded_part


def test_of_a_long_story_the_start_and_the_end_are_embedded() -> None:
    story = "我妈今年七十。" + "前些天的事说来话长，" * 60 + "昨晚开始小便带血，要看哪个科？"
    part = embedded_part(story)
    assert part.startswith("我妈今年七十。")
    assert part.endswith("昨晚开始小便带血，要看哪个科？")
    assert len(part) == EMBEDDED + 1  # a line break between the halves


@given(st.text(max_size=3 * EMBEDDED))
def test_a_question_that_fits_is_embedded_whole(question: str) -> None:
    part = embedded_part(question)
    assert (part == question) == (len(question) <= EMBEDDED)
    assert len(part) <= EMBEDDED + 1
