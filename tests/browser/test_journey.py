"""The real page in a real browser."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from corpus.paths import ROOT

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = [pytest.mark.browser, pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")]

BOX = "用自己的话问"


@pytest.fixture(scope="module")
def address(real_index: Path) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "search_app/app.py", f"--server.port={port}"]
    environment = os.environ | {"DOCTOR_ANSWERS_INDEX": str(real_index)}
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            wait_for(f"http://127.0.0.1:{port}/_stcore/health", server)
            yield f"http://127.0.0.1:{port}/"
        finally:
            server.terminate()


def wait_for(url: str, server: subprocess.Popen) -> None:
    for _ in range(240):
        assert server.poll() is None, "the page's server ended"
        try:
            urllib.request.urlopen(url, timeout=1)
            return
        except OSError:
            time.sleep(0.5)
    raise AssertionError("the page did not come up")


@pytest.fixture
def page(address: str) -> Iterator:
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=60_000)

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        )
        page = browser.new_page(viewport={"width": 390, "height": 844}, locale="zh-CN")
        page.set_default_timeout(90_000)
        yield page
        browser.close()


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
