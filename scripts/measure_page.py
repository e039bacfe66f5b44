"""How long a reader waits: from Enter to the answers in a browser, beside the search alone. It prints and asserts nothing.

Needs Chromium and playwright (`requirements-dev.txt`). The page is served anew, so that the first question finds it cold.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from _console import fail, path_argument, positive_argument, run

from corpus.paths import INDEX_FOLDER, ROOT
from index.definitions import Definitions
from index.generation import IndexFolder
from index.search import Searcher
from search_app.address import Address
from search_app.components.examples import EXAMPLES
from search_app.listing import list_answers

if TYPE_CHECKING:
    from playwright.sync_api import Page

_INSTALL = "pip install -r requirements-dev.txt"
#: Seconds in which a server listens or never will; the encoder is not waited for.
_PATIENCE = 120
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
    parser = argparse.ArgumentParser(
        description="测量读者等多久：在真的浏览器里从按下回车到看见回答，并与只搜索的时间对照。只报告，不判断好坏。"
        f"需要 Chromium 和 playwright（{_INSTALL}）。"
    )
    parser.add_argument("--index", metavar="DIR", type=path_argument, default=INDEX_FOLDER, help="索引文件夹，默认 data/index/")
    parser.add_argument("--width", metavar="N", type=positive_argument, default=1280, help="浏览器窗口宽多少像素，默认 1280")
    arguments = parser.parse_args()
    if importlib.util.find_spec("playwright") is None:
        fail(f"测量网页要用 playwright：{_INSTALL}")
    index = IndexFolder(arguments.index)
    if not index.names():
        index.open()  # says what is missing; the page would be waited for in vain
    questions = [question for topic in EXAMPLES.values() for question in topic][:11]
    with _browser(arguments.width) as page, _served(arguments.index) as url:
        start = time.perf_counter()
        page.goto(url)
        page.locator(".st-key-ask-example-0-0").wait_for()
        _print(f"打开页面到例题画出：{time.perf_counter() - start:.2f} 秒")
        cold = _ask(page, questions[0])
        _print(f"启动后第一问：第一张卡片 {cold[0] / 1000:.2f} 秒，画完 {cold[1] / 1000:.2f} 秒")
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
    _print(f"{what}：中位 {statistics.median(milliseconds):.0f} 毫秒，最慢 {max(milliseconds):.0f} 毫秒（{len(seconds)} 问）")


def _print(line: str) -> None:
    print(line, flush=True)  # at once: what was measured is not lost if a later step fails


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
    with (
        tempfile.TemporaryFile() as said,
        subprocess.Popen(command, cwd=ROOT, env=environment, stdout=said, stderr=subprocess.STDOUT) as server,  # noqa: S603 - our own
    ):
        try:
            if not _listens(server, port):
                said.seek(0)
                last = said.read().decode(errors="replace").strip().splitlines()[-1:]
                state = "没有开始应答" if server.poll() is None else f"结束了，退出码 {server.returncode}"
                fail(f"网页服务{state}：{''.join(last) or '它什么也没有说'}。请先运行 streamlit run search_app/app.py，看它能否启动")
            yield f"http://127.0.0.1:{port}/"
        finally:
            server.terminate()


def _listens(server: subprocess.Popen[bytes], port: int) -> bool:
    """Wait until the server takes connections; False where it has ended, or does not in time."""
    end = time.monotonic() + _PATIENCE
    while server.poll() is None and time.monotonic() < end:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return True
        except OSError:
            time.sleep(0.2)
    return False


@contextmanager
def _browser(width: int) -> Iterator[Page]:
    from playwright.sync_api import Error, sync_playwright

    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        if chromium is None and not Path(playwright.chromium.executable_path).exists():
            fail("没有找到 Chromium：请先安装，或运行 playwright install chromium")
        try:
            browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
            page = browser.new_page(viewport={"width": width, "height": 800}, locale="zh-CN")
            page.set_default_timeout(300_000)
            yield page
            browser.close()
        except Error as error:
            fail(f"浏览器打不开，或没有等到要看的：{str(error).partition(chr(10))[0]}。请打开网页，看它是否正常")


if __name__ == "__main__":
    run(main)
