"""How long a reader waits: from Enter to the answers in a browser, beside the search alone. It prints and asserts nothing.

Needs Chromium and playwright (`requirements-dev.txt`). The page is served anew, so that the first question finds it cold.
"""

from __future__ import annotations

import argparse
import os
import shutil
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from _console import run, say

from corpus.paths import INDEX_FOLDER, ROOT
from index.definitions import Definitions
from index.search import Searcher
from search_app.address import Address
from search_app.components.examples import EXAMPLES
from search_app.listing import list_answers

if TYPE_CHECKING:
    from playwright.sync_api import Page

BOX = ".st-key-q input"
#: Answers drawn while the page is still being changed are not yet what was asked for.
_STALE = "[data-stale=true]"

# Times in the browser, from the key to the frame in which the first new card stands, and to the end of the script's run.
_WATCH = """([box, stale]) => new Promise((resolve) => {
  const first = () => {
    const card = document.querySelector(".answer-card");
    return card && !card.closest(stale) ? card.innerText : "";
  };
  const before = first();
  let start = 0, card = 0;
  document.querySelector(box).addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || start) return;
    start = performance.now();
    const look = () => {
      const now = performance.now();
      if (!card && first() && first() !== before) card = now - start;
      const running = document.querySelector(".stApp").dataset.testScriptState !== "notRunning";
      if (card && !running) return resolve([card, now - start]);
      if (now - start > 300000) return resolve([NaN, NaN]);
      requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  });
})"""


def main() -> None:
    """Parse, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--index", type=Path, default=INDEX_FOLDER, help="索引文件夹")
    parser.add_argument("--width", type=int, default=1280, help="浏览器窗口的宽度")
    arguments = parser.parse_args()
    questions = [question for topic in EXAMPLES.values() for question in topic][:11]
    with _served(arguments.index) as url, _browser(arguments.width) as page:
        start = time.perf_counter()
        page.goto(url)
        page.locator(".st-key-ask-example-0-0").wait_for()
        say(f"打开页面到例题画出：{time.perf_counter() - start:.2f} 秒")
        cold = _ask(page, questions[0])
        say(f"启动后第一问：第一张卡片 {cold[0] / 1000:.2f} 秒，画完 {cold[1] / 1000:.2f} 秒")
        warm = [_ask(page, question) for question in questions[1:]]
    _tell("网页，第一张卡片", [first / 1000 for first, _ in warm])
    _tell("网页，画完", [all_ / 1000 for _, all_ in warm])
    searcher = Searcher.open(arguments.index)
    definitions = Definitions(searcher.store)
    searcher.search(questions[0])
    _tell("只搜索（Searcher.search）", _timed(questions[1:], searcher.search))
    searcher = Searcher.open(arguments.index)  # which remembers no question
    _tell(
        "搜索、筛选的数字和延展阅读（list_answers）",
        _timed(questions[1:], lambda question: list_answers(searcher, definitions, Address(question))),
    )


def _timed(questions: list[str], ask: Callable[[str], object]) -> list[float]:
    seconds = []
    for question in questions:
        start = time.perf_counter()
        ask(question)
        seconds.append(time.perf_counter() - start)
    return seconds


def _tell(what: str, seconds: list[float]) -> None:
    milliseconds = [1000 * second for second in seconds]
    say(f"{what}：中位 {statistics.median(milliseconds):.0f} 毫秒，最慢 {max(milliseconds):.0f} 毫秒（{len(seconds)} 问）")


def _ask(page: Page, question: str) -> tuple[float, float]:
    """Milliseconds from Enter to the first card, and to the end."""
    page.locator(BOX).fill(question)
    page.evaluate("(watch) => { window.measured = eval(watch.code)(watch.names); }", {"code": _WATCH, "names": [BOX, _STALE]})
    page.keyboard.press("Enter")
    first, done = page.evaluate("window.measured")
    return float(first), float(done)


@contextmanager
def _served(index: Path) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "search_app/app.py", f"--server.port={port}"]
    environment = os.environ | {"DOCTOR_ANSWERS_INDEX": str(index.resolve())}
    with subprocess.Popen(  # noqa: S603 - our own command
        command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as server:
        try:
            while server.poll() is None:
                try:
                    socket.create_connection(("127.0.0.1", port), timeout=1).close()
                    break
                except OSError:
                    time.sleep(0.2)
            yield f"http://127.0.0.1:{port}/"
        finally:
            server.terminate()


@contextmanager
def _browser(width: int) -> Iterator[Page]:
    from playwright.sync_api import sync_playwright

    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": width, "height": 800}, locale="zh-CN")
        page.set_default_timeout(300_000)
        yield page
        browser.close()


if __name__ == "__main__":
    run(main)
