"""The page's server for a browser to visit, over any index."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from corpus.paths import ROOT

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


# Streamlit in this process's stead, so that the stub encoder can be put in the default's place.
_SERVE_STUB = (
    "import sys; sys.path.insert(0, '.'); import index.encoder; from tests.stub_encoder import StubEncoder;"
    "index.encoder.load_encoder = lambda *_, **__: StubEncoder();"
    "from streamlit.web.cli import main; sys.argv = ['streamlit', *sys.argv[1:]]; main()"
)


@contextlib.contextmanager
def serve(index: Path, *, stub: bool = False, **settings: str) -> Iterator[str]:
    """Run the page over an index folder; gives its address. `stub`: the stub encoder built it; `settings`: environment variables."""
    with server(index, stub=stub, **settings) as (address, _):
        yield address


@contextlib.contextmanager
def server(index: Path, *, stub: bool = False, log: Path = Path(os.devnull), **settings: str) -> Iterator[tuple[str, subprocess.Popen]]:
    """As `serve`; gives the address and the process, which writes what it says to `log`."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    program = ["-c", _SERVE_STUB] if stub else ["-m", "streamlit"]
    command = [sys.executable, *program, "run", "search_app/app.py", f"--server.port={port}"]
    environment = os.environ | {"DOCTOR_ANSWERS_INDEX": str(index)} | settings
    with (
        log.open("ab") as said,
        subprocess.Popen(command, cwd=ROOT, env=environment, stdout=said, stderr=subprocess.STDOUT) as process,
    ):
        try:
            _wait_for(f"http://127.0.0.1:{port}/_stcore/health", process)
            yield f"http://127.0.0.1:{port}/", process
        finally:
            process.terminate()


@contextlib.contextmanager
def browse(width: int = 390, height: int = 844, **options: object) -> Iterator:
    """A page of a fresh browser."""
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=60_000)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        )
        page = browser.new_page(viewport={"width": width, "height": height}, locale="zh-CN", **options)
        page.set_default_timeout(90_000)
        yield page
        browser.close()


def _wait_for(url: str, server: subprocess.Popen) -> None:
    for _ in range(240):
        assert server.poll() is None, "the page's server ended"
        try:
            urllib.request.urlopen(url, timeout=1)
            return
        except OSError:
            time.sleep(0.5)
    raise AssertionError("the page did not come up")
