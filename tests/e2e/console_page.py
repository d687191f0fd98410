"""A person at the console, for tests of it in Chromium against the deployed stack."""

from pathlib import Path

from playwright.sync_api import ConsoleMessage, FilePayload, Page

LONG_MS = 240_000
"""For an import on a busy machine."""


class Console:
    """A person at the console, and all that the browser complains of meanwhile."""

    def __init__(self, page: Page, base_url: str) -> None:
        self.page = page
        self.complaints: list[str] = []
        self._base_url = base_url
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("dialog", lambda dialog: self.complaints.append(f"dialog {dialog.message}"))

    def _hear(self, message: ConsoleMessage) -> None:
        """Every refusal is an error to a browser, also that of a source that nobody has looked at yet."""
        is_asked_again = "409 (Conflict)" in message.text and message.location.get("url", "").endswith("/source")
        if message.type in {"error", "warning"} and not is_asked_again:
            self.complaints.append(message.text)

    def open(self, place: str = "#/") -> None:
        """Opens a place of the console."""
        self.page.goto(f"{self._base_url}/console{place}")

    def sign_in(self, key: str | None) -> None:
        """Opens the console by a link with a key, as `make run` prints it."""
        self.open(f"#key={key}")
        self.heading("Imports")

    def heading(self, text: str) -> None:
        """Waits for a heading."""
        self.page.get_by_role("heading", level=1, name=text).wait_for(timeout=LONG_MS)

    def press(self, name: str) -> None:
        """Presses a button, or follows a link that looks like one."""
        self.page.locator(f"button:has-text('{name}'), a.button:has-text('{name}')").first.click()

    def send(self, file: Path | FilePayload, resource: str) -> None:
        """Sends a file from the first step, and waits for its columns."""
        self.press("Import a file")
        self.page.get_by_label(resource, exact=True).check()
        self.page.set_input_files("#file", file)
        self.page.locator("button.main").click()
        self.page.locator(".columns").wait_for(timeout=LONG_MS)

    def is_within_its_width(self) -> bool:
        """Returns whether nothing leads sideways out of the page."""
        return bool(self.page.evaluate("document.documentElement.scrollWidth <= innerWidth"))
