"""The modules of the console, each tested by a script in Chromium, under the policy of the console."""

import mimetypes
import threading
from collections.abc import Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Page, sync_playwright

from chalicelib.api.console.files import SOURCES, dictionary
from chalicelib.api.console.routes import POLICY
from local.ports import LOOPBACK
from tests.e2e.browser import CHROMIUM, launch_chromium

TESTS = Path(__file__).parent / "console"
PAGE = '<!doctype html><link rel="icon" href="data:,"><body></body>'

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium: apt-get install chromium")


class _Modules(BaseHTTPRequestHandler):
    """The modules as they lie, the words in English, the tests, and an empty page for each test."""

    def do_GET(self) -> None:
        folder, _, name = self.path.removeprefix("/").partition("/")
        if folder == "page":
            text = f'{PAGE}<script type="module" src="/tests/{name}"></script>'
        elif name == "dictionary.js":
            text = dictionary(SOURCES, "en")
        else:
            text = ({"modules": SOURCES, "tests": TESTS}[folder] / name).read_text(encoding="utf-8")
        self.send_response(200)
        self.send_header("Content-Type", "text/html" if folder == "page" else str(mimetypes.guess_type(name)[0]))
        self.send_header("Content-Security-Policy", POLICY.format(bucket="", framed_by="'none'"))
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_: object) -> None:
        """Silence."""


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    server = ThreadingHTTPServer((LOOPBACK, 0), partial(_Modules))
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    with sync_playwright() as playwright:
        chromium = launch_chromium(playwright)
        yield chromium.new_page(base_url=f"http://{LOOPBACK}:{server.server_address[1]}", locale="en-US")
        chromium.close()
    server.shutdown()
    server.server_close()


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
