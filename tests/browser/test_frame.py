"""What stands around the pages, in a real browser: themes, a new generation while a page is open, accessibility."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from corpus.importer import ImportReport, import_records
from corpus.paths import STARTER_CORPUS
from index.build import build_index
from index.generation import IndexFolder
from tests.browser.serving import CHROMIUM, browse, serve
from tests.stub_encoder import StubEncoder

axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed (requirements-dev.txt)")
pytestmark = [pytest.mark.browser, pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")]

BOX = "用自己的话问"
PHONE = (360, 740)
GROUNDS = {"light": "rgb(252, 253, 252)", "dark": "rgb(16, 23, 21)"}
# Ready when its last part is drawn.
PAGES = {"": "试试这些问题", "?q=小腿抽筋": "答案", "corpus": "最长的", "status": "彻底删去一条"}


def build(folder: Path, count: int) -> IndexFolder:
    records = [record for record, _ in zip(import_records([STARTER_CORPUS], ImportReport()), range(count), strict=False)]
    build_index(records, folder, StubEncoder(), sources=["starter"])
    return IndexFolder(folder)


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> IndexFolder:
    return build(tmp_path_factory.mktemp("browser") / "index", 40)


@pytest.fixture(scope="module")
def address(index: IndexFolder) -> Iterator[str]:
    with serve(index.path, stub=True) as address:
        yield address


def ready(page, address: str, path: str) -> None:
    page.goto(address + path)
    if path.startswith("?q="):
        page.locator(".answer-card").first.wait_for()
    else:
        page.get_by_text(PAGES[path]).last.wait_for(state="attached")
    page.wait_for_timeout(700)  # fades in


def serious_findings(page) -> dict[str, list[str]]:
    return {
        violation["id"]: [node["html"][:200] + " | " + node.get("failureSummary", "")[:300] for node in violation["nodes"]]
        for violation in axe.Axe().run(page).response["violations"]
        if violation["impact"] in ("serious", "critical")
    }


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_each_page_in_each_theme_is_accessible_and_fits_a_phone(address: str, scheme: str) -> None:
    with browse(*PHONE, color_scheme=scheme) as page:
        for path in PAGES:
            ready(page, address, path)
            ground = page.evaluate("getComputedStyle(document.querySelector('[data-testid=stApp]')).backgroundColor")
            assert ground == GROUNDS[scheme]
            assert page.evaluate("document.documentElement.lang") == "zh-CN"
            assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), f"{path} scrolls sideways"
            assert serious_findings(page) == {}, (path, scheme)


def test_a_new_generation_is_offered_to_whoever_reads_and_nothing_is_lost(tmp_path: Path) -> None:
    index = build(tmp_path / "index", 20)
    with serve(index.path, stub=True) as address, browse(*PHONE, color_scheme="dark") as page:
        page.goto(address)
        page.get_by_label(BOX).fill("孩子发烧怎么办")
        page.keyboard.press("Enter")
        page.locator(".answer-card, [data-testid=stAlert]").first.wait_for()
        build(index.path, 30)
        page.get_by_text("索引刚刚更新了").wait_for()
        page.wait_for_timeout(700)
        assert serious_findings(page) == {}
        assert page.get_by_label(BOX).input_value() == "孩子发烧怎么办"
        page.get_by_role("button", name="换用新索引").click()
        page.get_by_text("现在用的是新索引").wait_for()
        page.get_by_text("索引刚刚更新了").wait_for(state="detached")
        assert page.get_by_label(BOX).input_value() == "孩子发烧怎么办"
        assert "?q=" in page.url


def test_every_page_is_reached_by_keyboard_alone(address: str) -> None:
    with browse(1280, 800) as page:
        ready(page, address, "")
        page.get_by_label(BOX).focus()
        link = "document.activeElement.tagName === 'A' && document.activeElement.innerText.includes('语料一览')"
        steps = 0
        while not page.evaluate(link) and steps < 20:
            page.keyboard.press("Shift+Tab")
            steps += 1
        assert page.evaluate(link), "no link to the other pages before the box"
        page.keyboard.press("Enter")
        page.get_by_role("heading", name="语料一览").wait_for()
        assert page.url.endswith("/corpus")
