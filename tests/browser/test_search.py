"""Journeys over the search page in a real browser: filters and the address, keyboard only, a phone, hostile text in facets."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from index.build import build_index
from index.encoder import Encoder
from tests.browser.serving import CHROMIUM, browse, serve
from tests.index.some_records import numbered
from tests.search_app.conftest import HOSTILE, cramps
from tests.stub_encoder import StubEncoder

pytestmark = [pytest.mark.browser, pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")]

BOX = "用自己的话问"
QUESTION = "小腿抽筋怎么办"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("journeys") / "index"
    build_index(cramps(), folder, encoder)
    with serve(folder) as url:
        yield url


@pytest.fixture(scope="module")
def defined(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("defined") / "index"
    definition = numbered(90, kind="disease", question="抽筋", answer="抽筋就是痉挛。" + "肌肉突然收缩。" * 20, disease="抽筋")
    build_index([*cramps(), definition], folder, StubEncoder())
    with serve(folder, stub=True) as url:
        yield url


@pytest.fixture
def page() -> Iterator:
    with browse(360, 740) as page:
        yield page


def search(page, address: str) -> None:
    page.goto(address)
    page.get_by_label(BOX).fill(QUESTION)
    page.keyboard.press("Enter")
    page.locator(".answer-card").first.wait_for()


def found(page) -> int:
    return int(re.search(r"找到 (\d+) 条", page.get_by_role("status").filter(has_text="找到").inner_text())[1])


def test_filter_share_and_go_back(page, address: str) -> None:
    from playwright.sync_api import expect

    search(page, address)
    everything = found(page)
    page.get_by_text("筛选", exact=True).click()
    option = page.get_by_role("button", name=re.compile("^骨科"))
    count = int(re.search(r"（(\d+)）", option.inner_text())[1])
    option.click()
    status = page.get_by_role("status").filter(has_text=f"找到 {count} 条")
    status.wait_for()
    chip = page.get_by_role("button", name="骨科 ✕")
    chip.wait_for()
    assert "department=" in page.url
    shared = page.url
    # One step back takes the choice back, one forward brings it again.
    page.go_back()
    page.get_by_role("status").filter(has_text=f"找到 {everything} 条").wait_for()
    expect(page.get_by_label(BOX)).to_have_value(QUESTION)
    page.go_forward()
    status.wait_for()
    # Somebody else, with nothing but the address.
    page.goto("about:blank")
    page.goto(shared)
    status.wait_for()
    expect(page.get_by_label(BOX)).to_have_value(QUESTION)
    chip.click()
    page.get_by_role("status").filter(has_text=f"找到 {everything} 条").wait_for()
    assert "department=" not in page.url


def test_the_keyboard_alone_is_enough(page, address: str) -> None:
    from playwright.sync_api import expect

    page.goto(address)
    expect(page.get_by_label(BOX)).to_be_focused()
    page.keyboard.type(QUESTION)
    page.keyboard.press("Enter")
    page.locator(".answer-card").first.wait_for()
    walk(page, "筛选")
    page.keyboard.press("Enter")
    page.get_by_role("button", name=re.compile("^骨科")).wait_for()
    walk(page, "骨科")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="骨科 ✕").wait_for()
    # The chip is drawn before the answers are: what is opened in an answer that is about to be drawn anew is closed again.
    page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]').wait_for()
    walk(page, "为什么是这条")
    page.keyboard.press("Enter")
    expect(page.locator(".answer-card details[open]").first).to_be_visible()
    walk(page, "复制")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="已复制").first).to_be_visible()


def test_a_story_that_is_pasted_is_searched_as_far_as_it_goes(page, address: str) -> None:
    page.goto(address)
    page.get_by_label(BOX).fill(QUESTION + "，站久了更厉害" * 1000)
    page.keyboard.press("Enter")
    page.get_by_text("只按开头和结尾共 2000 字搜索").wait_for()


def test_on_a_wide_screen_a_definition_stands_beside_and_on_a_phone_below(page, defined: str) -> None:
    page.goto(f"{defined}?q={QUESTION}")
    best, beside = page.locator(".answer-card").first, page.locator(".definition")
    beside.wait_for()
    assert beside.bounding_box()["y"] > best.bounding_box()["y"] + best.bounding_box()["height"]
    page.set_viewport_size({"width": 1280, "height": 800})
    page.wait_for_function("document.querySelector('.definition').getBoundingClientRect().left > innerWidth / 2")
    box, card = beside.bounding_box(), best.bounding_box()
    assert box["x"] >= card["x"] + card["width"]
    assert box["x"] + box["width"] <= 1280
    assert box["y"] < card["y"] + card["height"]


def walk(page, text: str) -> None:
    """Tab until what has the focus says a text."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if text in page.evaluate("document.activeElement.innerText || ''"):
            return
    raise AssertionError(f"the keyboard does not reach {text}")


def test_copy_puts_the_whole_answer_on_the_clipboard(page, address: str) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    search(page, address)
    card = page.locator(".answer-card").first
    card.get_by_role("button", name="复制").click()
    card.get_by_role("button", name="已复制").wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert "抽筋时先拉伸小腿" in copied
    assert "某院" in copied


def test_more_keeps_the_place(page, address: str) -> None:
    search(page, address)
    shown = page.locator(".answer-card").count()
    more = page.get_by_role("button", name="更多回答")
    more.scroll_into_view_if_needed()
    before = page.locator(".answer-card").nth(shown - 1).bounding_box()
    more.click()
    page.locator(".answer-card").nth(shown).wait_for()
    after = page.locator(".answer-card").nth(shown - 1).bounding_box()
    assert abs(after["y"] - before["y"]) < 200, "the list jumped away from under the reader"


def test_hostile_departments_are_shown_and_never_run(page, address: str) -> None:
    dialogs: list[str] = []
    requests: list[str] = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    page.on("request", lambda request: requests.append(request.url))
    search(page, address)
    page.get_by_text("筛选", exact=True).click()
    option = page.get_by_role("button").filter(has_text=re.compile(r"^<b>科.*（\d+）$"))
    option.wait_for()
    assert not option.locator("a, img, b, strong, .katex, [style*=color]").count()
    option.click()
    chip = page.get_by_role("button").filter(has_text=re.compile("^<b>科.*✕$"))
    chip.wait_for()
    page.locator(".answer-card").filter(has_text=HOSTILE).first.wait_for()
    assert dialogs == []
    assert [url for url in requests if "//x/" in url] == [], "text of the corpus loaded its picture"


@pytest.mark.parametrize(
    "path", ["", "?q=小腿抽筋怎么办", "?q=小腿抽筋怎么办&department=没有这个科", "?q=怎么修自行车链条", "?q=突然胸口剧痛喘不上气"]
)
def test_nothing_scrolls_sideways_on_a_phone(page, address: str, path: str) -> None:
    page.goto(address + path)
    page.locator(".answer-card, [class*='st-key-ask-'], [class*='st-key-drop-'], [data-testid=stAlert]").first.wait_for()
    page.wait_for_timeout(500)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    wide = page.evaluate(
        "[...document.querySelectorAll('.answer-card, .definition, .agreement, .red-flag, button')]"
        ".filter(e => e.getBoundingClientRect().right > innerWidth + 1 && !e.closest('[role=tablist]')).map(e => e.innerText)"
    )
    assert wide == []
