"""Readers in browsers, who open addresses, type questions, and look at what the page shows."""

from __future__ import annotations

import asyncio
import multiprocessing
import random
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.synchronize import Event
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, quote_plus

from load_testing.editions import REVISED, SOURCE

if TYPE_CHECKING:
    from playwright.async_api import Page

_BOX = "用自己的话问"
# Words of the page that no reader should see; they are told from a page that found nothing.
_FAILURES = ("页面出了点问题", "暂时不能搜索")
_READY = "[data-testid=stApp][data-test-script-state=notRunning]"
_SHOWN = ".answer-card, [data-testid=stAlert]"
_PATIENCE_MS = 120_000
_TOLD = 20


@dataclass
class Visits:
    """What the sessions saw.

    Attributes:
        pages: how many lists of answers were read.
        editions: how many of them each edition gave.
        problems: what went wrong, told by the session's number.
    """

    pages: int = 0
    editions: dict[int, int] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)


@contextmanager
def browser_sessions(count: int, address: str, questions: Sequence[str], chromium: str) -> Iterator[Visits]:
    """Sessions that go on while the block runs; what they saw is filled in when it ends.

    Args:
        count: how many at once, each with a browser context of its own.
        address: the page's.
        questions: what they ask.
        chromium: the browser's program.
    """
    visits = Visits()
    context = multiprocessing.get_context("spawn")
    stopped = context.Event()
    here, there = context.Pipe()
    process = context.Process(target=_run, args=(count, address, list(questions), chromium, stopped, there), daemon=True)
    process.start()
    there.close()
    try:
        yield visits
    finally:
        stopped.set()
        if here.poll(2 * _PATIENCE_MS / 1000):
            found = here.recv()
            visits.pages, visits.editions, visits.problems = found.pages, found.editions, found.problems
        else:
            visits.problems.append("the browsers did not end")
        process.join(30)
        process.terminate()


def _run(count: int, address: str, questions: Sequence[str], chromium: str, stopped: Event, connection: Any) -> None:
    visits = Visits()
    try:
        asyncio.run(_visit(count, address, questions, chromium, stopped, visits))
    except Exception as error:  # told to whoever waits
        visits.problems.append(f"{type(error).__name__}: {str(error)[:300]}")
    connection.send(visits)


async def _visit(count: int, address: str, questions: Sequence[str], chromium: str, stopped: Event, visits: Visits) -> None:
    from playwright.async_api import async_playwright

    async with async_playwright() as playwright:
        flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        browser = await playwright.chromium.launch(executable_path=chromium, args=flags)
        pages = [await (await browser.new_context(locale="zh-CN")).new_page() for _ in range(count)]
        await asyncio.gather(*(_session(number, page, address, questions, stopped, visits) for number, page in enumerate(pages)))
        await browser.close()


async def _session(number: int, page: Page, address: str, questions: Sequence[str], stopped: Event, visits: Visits) -> None:
    page.set_default_timeout(_PATIENCE_MS)
    chosen = random.Random(number)  # noqa: S311  # which question is asked next
    is_open = False
    while not stopped.is_set():
        question = chosen.choice(questions)
        try:
            # A visit begins at an address; then somebody types, twice or so.
            if not is_open or chosen.random() < 0.3:
                await page.goto(f"{address}?q={quote(question)}")
            else:
                await page.get_by_label(_BOX).fill(question)
                await page.keyboard.press("Enter")
                # The list of the last question stays until the new one is there; the address changes with it.
                await page.wait_for_url(re.compile(re.escape(quote_plus(question))))
            await page.locator(_SHOWN).first.wait_for()
            await page.locator(_READY).wait_for()
            is_open = True
            problem = await _look(page, visits)
        except Exception as error:  # any error at all is a finding
            is_open = False
            problem = f"{type(error).__name__}: {str(error)[:200]}"
        if problem and len(visits.problems) < _TOLD:
            visits.problems.append(f"session {number}, {question!r}: {problem}")


async def _look(page: Page, visits: Visits) -> str:
    """Read what the page shows; gives what is wrong with it."""
    cards = await page.locator(".answer-card").all_text_contents()
    alerts = " ".join(await page.locator("[data-testid=stAlert]").all_text_contents())
    if any(words in alerts for words in _FAILURES):
        return alerts[:200]
    editions = {int(number) for card in cards for number in SOURCE.findall(card)}
    revisions = {int(number) for card in cards for number in REVISED.findall(card)}
    if len(editions) > 1 or not revisions <= editions:
        return f"one page shows editions {sorted(editions)} and revisions {sorted(revisions)}"
    if cards and not editions:
        return "cards without a source"
    visits.pages += 1
    for edition in editions:
        visits.editions[edition] = visits.editions.get(edition, 0) + 1
    return ""
