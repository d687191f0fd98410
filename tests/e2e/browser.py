"""A browser with a page of an origin that is neither the API's nor the bucket's.

In comes nothing; out comes a page in Debian's Chromium, headless, whose scripts tests run. What it may ask and read is
decided by the browser, as for any page of the web.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page, Playwright, sync_playwright

from tests.loopback_server import Connection, LoopbackServer

CHROMIUM = shutil.which("chromium")

FUNCTIONS = """
window.ask = async (url, options = {}) => {
  const answer = await fetch(url, options);
  return {status: answer.status, headers: Object.fromEntries(answer.headers), text: await answer.text()};
};
"""
"""Returns of an answer what a script may read."""


class Browser:
    """A page and what its scripts ask."""

    def __init__(self, page: Page) -> None:
        self._page = page

    def ask(self, url: str, **options: Any) -> Any:
        """Returns status, readable headers and text of an answer to `fetch`, or the name of what the browser throws."""
        return self.run("([url, options]) => ask(url, options).catch(error => error.name)", [url, options])

    def run(self, script: str, argument: object = None) -> Any:
        """Returns what a script returns."""
        return self._page.evaluate(script, argument)


def launch_chromium(playwright: Playwright) -> Chromium:
    """Starts Debian's Chromium, headless."""
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []  # Chromium has none for root
    return playwright.chromium.launch(executable_path=CHROMIUM, args=sandbox)


@contextmanager
def page_of_another_origin() -> Iterator[Browser]:
    """Starts a browser with an empty page of an origin of its own."""
    with LoopbackServer(_EmptyPage) as server, sync_playwright() as playwright:
        chromium = launch_chromium(playwright)
        page = chromium.new_page()
        page.goto(server.url)
        page.evaluate(FUNCTIONS)
        yield Browser(page)
        chromium.close()


class _EmptyPage(Connection):
    def respond(self) -> None:
        self.answer(200, b"<!doctype html><title>another origin</title>", {"Content-Type": "text/html"})
