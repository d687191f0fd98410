"""A walk through every screen of the console: a file is imported and mended, records are exported, somebody is told.

In go a page that is signed in nowhere, and a client of a tenant without records; out come the names of the screens, one
after the other, each while the page shows it.
"""

from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Page

from tests.e2e.kept_running import import_kept_running
from tests.e2e.packagex_client import PackageXClient

LONG_MS = 300_000
"""For an import on a busy machine."""


class ConsoleTour:
    """Goes from screen to screen."""

    def __init__(self, page: Page, client: PackageXClient, file: Path) -> None:
        self.page = page
        self._client = client
        self._file = file

    def __iter__(self) -> Iterator[str]:
        """Yields the name of each screen while the page shows it."""
        page = self.page
        self._open("#/")
        page.get_by_label("API key").wait_for()
        yield "signin"
        self._open(f"#key={self._client.key}")
        page.get_by_text("Nothing has been imported yet").wait_for()
        yield "imports-none"
        yield from self._each_step()
        yield from self._each_way_back()
        yield from self._each_profile()
        yield from self._each_other_place()

    def _each_step(self) -> Iterator[str]:
        page = self.page
        self._press("Import a file")
        page.get_by_label("Customers", exact=True).check()
        page.set_input_files("#file", self._file)
        page.locator("button.main").click(trial=True)
        yield "file"
        page.locator("button.main").click()
        page.locator(".columns").wait_for(timeout=LONG_MS)
        yield "columns"
        self._press("Check all rows")
        page.locator(".reason small").first.wait_for(timeout=LONG_MS)
        yield "check"
        with import_kept_running(page):
            self._press("Import ")
            page.locator(".phases").wait_for(timeout=LONG_MS)
            yield "import"
        page.locator(".reason small").first.wait_for(timeout=LONG_MS)
        yield "result"

    def _each_way_back(self) -> Iterator[str]:
        page = self.page
        result = page.url
        link = page.get_by_role("link", name="Mend")
        title = link.inner_text()
        link.click()
        page.get_by_role("heading", name=title).wait_for(timeout=LONG_MS)  # all rows are here
        page.get_by_role("button", name="Fix").first.wait_for(timeout=LONG_MS)
        page.get_by_role("button", name="Fix").first.click()
        page.get_by_text("Take back").first.wait_for()
        yield "mend"
        page.goto(result)
        page.get_by_role("button", name="Undo").click()
        page.locator("dialog button.main").wait_for(timeout=LONG_MS)
        yield "undo"
        page.keyboard.press("Escape")
        self._open("#/")
        page.locator(".listed .one").first.wait_for()
        yield "imports"

    def _each_profile(self) -> Iterator[str]:
        page = self.page
        self._open("#/profiles/new")
        page.get_by_label("Name", exact=True).fill("weekly-customers")
        yield "profile-new"
        self._press("Make the profile")
        page.get_by_role("heading", name="weekly-customers").wait_for()
        yield "profile"
        self._open("#/profiles")
        page.locator(".listed .one").first.wait_for()
        yield "profiles"

    def _each_other_place(self) -> Iterator[str]:
        page = self.page
        self._open("#/exports/new")
        page.get_by_label("Records").select_option("customer")
        self._press("Add a condition")
        page.get_by_label("Field").select_option("status")
        page.locator("select[aria-label=Value]").select_option("active")
        yield "export-new"
        self._press("Export customers")
        page.get_by_role("button", name="CSV").wait_for(timeout=LONG_MS)
        yield "exports"
        self._open("#/webhooks/new")
        page.get_by_label("Address").fill("http://127.0.0.1:9/nobody-listens")
        yield "webhook-new"
        page.locator("button.main").click()
        self._press("I have kept it")
        self._press("Send a test")
        page.get_by_text("webhook.ping").wait_for()
        yield "webhook"
        self._open("#/account")
        page.get_by_role("heading", name="Keys").wait_for()
        yield "account"

    def _open(self, place: str) -> None:
        self.page.goto(f"{self._client.base_url}/console{place}")

    def _press(self, name: str) -> None:
        self.page.locator(f"button:has-text('{name}'), a.button:has-text('{name}')").first.click()
