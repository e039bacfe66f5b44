"""The style sheets of our own HTML: both reach the page, and each is one whole sheet."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from corpus.emergencies import find_emergencies
from search_app.components.emergency import emergency_banner
from search_app.components.facts import facts
from search_app.components.style import FRAME_STYLE, SEARCH_STYLE


@pytest.mark.parametrize("sheet", [FRAME_STYLE, SEARCH_STYLE])
def test_a_sheet_is_one_element_whose_braces_close(sheet: str) -> None:
    assert re.findall(r"</?style>", sheet) == ["<style>", "</style>"]
    assert sheet.count("{") == sheet.count("}") > 0


def test_what_is_drawn_has_a_look() -> None:
    banner = emergency_banner(find_emergencies("胸口压榨样疼，出冷汗"))
    for name in re.findall(r'class="([\w-]+)', banner):
        assert f".{name} " in SEARCH_STYLE or f".{name}:" in SEARCH_STYLE, name
    assert 'class="facts"' in facts([("记录", "3")])
    assert "dl.facts {" in FRAME_STYLE


def test_both_reach_the_search_page(open_cramps: Callable[..., AppTest]) -> None:
    drawn = [element.proto.body for element in open_cramps().get("html")]
    assert FRAME_STYLE in drawn
    assert SEARCH_STYLE in drawn
