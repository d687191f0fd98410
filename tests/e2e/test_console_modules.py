"""The modules of the console, each tested by a script in Chromium, under the policy of the console."""

import mimetypes
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, sync_playwright

from chalicelib.api.console.files import SOURCES, dictionary, words_of
from chalicelib.api.console.routes import POLICY
from tests.e2e.browser import CHROMIUM, launch_chromium
from tests.loopback_server import Connection, LoopbackServer

TESTS = Path(__file__).parent / "console"
PAGE = '<!doctype html><link rel="icon" href="data:,"><body></body>'

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium: apt-get install chromium")


class _Modules(Connection):
    """The modules as they lie, the words in English, the tests, and an empty page for each test."""

    def respond(self) -> None:
        folder, _, name = self.path.removeprefix("/").partition("/")
        if folder == "page":
            text = f'{PAGE}<script type="module" src="/tests/{name}"></script>'
        elif name == "dictionary.js":
            text = dictionary("en", words_of(SOURCES, "en"))
        else:
            text = ({"modules": SOURCES, "tests": TESTS}[folder] / name).read_text(encoding="utf-8")
        kind = "text/html" if folder == "page" else str(mimetypes.guess_type(name)[0])
        policy = POLICY.format(bucket="", framed_by="'none'")
        self.answer(200, text.encode(), {"Content-Type": kind, "Content-Security-Policy": policy})


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    with LoopbackServer(_Modules) as server, sync_playwright() as playwright:
        chromium = launch_chromium(playwright)
        yield chromium.new_page(base_url=server.url, locale="en-US")
        chromium.close()


@pytest.mark.parametrize("script", sorted(path.name for path in TESTS.glob("*_test.js")))
def test_the_modules_do_what_their_tests_say(page: Page, script: str) -> None:
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(f"/page/{script}")
    page.wait_for_load_state("load")

    results = page.evaluate("finished()")

    assert errors == []
    assert results
    assert [one for one in results if one["error"]] == []
