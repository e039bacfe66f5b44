"""The real page in a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.serving import CHROMIUM, browse, serve

pytestmark = [pytest.mark.browser, pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")]

BOX = "用自己的话问"


@pytest.fixture(scope="module")
def address(real_index: Path) -> Iterator[str]:
    with serve(real_index) as url:
        yield url


@pytest.fixture
def page() -> Iterator:
    with browse() as page:
        yield page


def test_type_read_and_share(page, address: str) -> None:
    from playwright.sync_api import expect

    page.goto(address)
    page.get_by_label(BOX).fill("小婴儿老打嗝要不要紧")
    page.keyboard.press("Enter")
    page.locator(".answer-card").first.wait_for()
    assert "示例乙" in page.locator(".answer-card").first.inner_text()
    assert "?q=" in page.url
    assert page.get_by_text("不能代替就诊").first.is_visible()
    # The address alone brings the same list back.
    shared = page.url
    page.goto("about:blank")
    page.goto(shared)
    page.locator(".answer-card").first.wait_for()
    # The box takes its value from the address a moment after it is drawn: wait for it, the cards may come first.
    expect(page.get_by_label(BOX)).to_have_value("小婴儿老打嗝要不要紧")
    assert "示例乙" in page.locator(".answer-card").first.inner_text()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), "scrolls sideways on a phone"


def test_hostile_text_is_shown_and_not_run(page, address: str) -> None:
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    page.goto(address + "?q=%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E%E6%89%93%E5%97%9D")
    page.locator(".answer-card").first.wait_for()
    assert dialogs == []
