"""An import that a page sees running for as long as a test looks: a small one has ended before anybody has seen it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Page, Route

_ONE_IMPORT = "**/v1/imports/*"


@contextmanager
def import_kept_running(page: Page) -> Iterator[None]:
    """Answers what a page asks of the import it starts here as it was answered at its start, until the block ends."""
    started: dict[str, Any] = {}

    def answer(route: Route) -> None:
        asked = route.request
        if asked.method == "POST":
            response = route.fetch()
            started.update(response.json().get("data") or {})
            route.fulfill(response=response)
        elif started and asked.url.endswith(f"/{started['id']}"):
            route.fulfill(json={"data": started})
        else:
            route.continue_()

    page.route(_ONE_IMPORT, answer)
    try:
        yield
    finally:
        page.unroute(_ONE_IMPORT, answer)
