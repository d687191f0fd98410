"""Every screen of the console and of the importer, wide and narrow: nothing leads sideways out of it, the browser
complains of nothing, and axe finds nothing serious.
"""

import json
import re
from collections.abc import Iterator
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Frame, Page, sync_playwright

from tests.e2e.browser import CHROMIUM, launch_chromium
from tests.e2e.console_tour import ConsoleTour
from tests.e2e.embedding_page import Host, Visitor
from tests.e2e.importer_tour import ImporterTour
from tests.e2e.packagex_client import PackageXClient, fetch

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium: apt-get install chromium"),
]

SCREENS = 18


def find_axe() -> str | None:
    """Returns the script that looks for faults; None where it is not installed."""
    if find_spec("axe_playwright_python") is None:
        return None
    return files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")


AXE = find_axe()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = launch_chromium(playwright)
        yield browser
        browser.close()


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (375, "dark")])
def test_every_screen_fits_is_quiet_and_can_be_used_by_everybody(
    chromium: Browser, client: PackageXClient, part_of_sample: Path, width: int, scheme: Any
) -> None:
    page = chromium.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme, locale="en-US")
    complaints: list[str] = []
    page.on("console", lambda one: complaints.append(one.text) if is_complaint(one) else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    asked: set[tuple[str, str]] = set()
    page.on("request", lambda one: asked.add((one.method.lower(), one.url.partition("?")[0].partition("#")[0])))

    found = {name: faults_of(page) for name in ConsoleTour(page, client, part_of_sample)}

    assert {name: faults for name, faults in found.items() if faults} == {}
    assert len(found) == SCREENS
    assert complaints == []
    assert undocumented(asked, client.base_url) == set()
    page.close()
    if AXE is None:
        pytest.skip("all of it but axe, which is not installed: requirements-dev.txt")


IMPORTER_SCREENS = 9


@pytest.mark.parametrize(("embedded", "width", "scheme"), [("element", 1280, "light"), ("frame", 375, "dark")])
def test_every_screen_of_the_importer_fits_is_quiet_and_can_be_used_by_everybody(
    chromium: Browser, client: PackageXClient, embedded: str, width: int, scheme: Any
) -> None:
    page = chromium.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme, locale="en-US")
    asked: set[tuple[str, str]] = set()
    page.on("request", lambda one: asked.add((one.method.lower(), one.url.partition("?")[0].partition("#")[0])))
    with Host() as host:
        visitor = Visitor(page, host, client)
        tour = ImporterTour(visitor, visitor.open_element if embedded == "element" else visitor.open_frame)

        found = {name: faults_of(page.frames[1]) for name in tour}

    assert {name: faults for name, faults in found.items() if faults} == {}
    assert len(found) == IMPORTER_SCREENS
    assert [one for one in visitor.complaints if not is_about_revoked_session(one)] == []
    assert undocumented(asked, client.base_url) == set()
    assert [one["status"] for one in client.records()].count("inactive") == 3
    page.close()


def undocumented(asked: set[tuple[str, str]], base_url: str) -> set[tuple[str, str]]:
    """Returns the requests to the API that its document does not have."""
    paths = json.loads(fetch(f"{base_url}/openapi.json"))["paths"]
    known = [
        (method, re.compile(re.sub(r"\\{[^}]+\\}", "[^/]+", re.escape(path))))
        for path in paths
        for method in paths[path]
    ]
    to_api = {(method, url.removeprefix(base_url)) for method, url in asked if url.startswith(f"{base_url}/")}
    return {
        (method, path) for method, path in to_api if not any(method == one and at.fullmatch(path) for one, at in known)
    }


def is_about_revoked_session(complaint: str) -> bool:
    """The browser tells of the refusal, and the copied page warns of the event."""
    return "401 (Unauthorized)" in complaint or complaint.startswith("api_key_invalid ")


def is_complaint(message: ConsoleMessage) -> bool:
    """Every refusal is an error to a browser, also that of a source that nobody has looked at yet."""
    is_asked_again = "409 (Conflict)" in message.text and message.location.get("url", "").endswith("/source")
    return message.type in {"error", "warning"} and not is_asked_again


def faults_of(page: Page | Frame) -> list[str]:
    """Returns what is wrong with the screen that a page shows."""
    page.wait_for_timeout(300)  # colours that change come to rest
    is_wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    return [*(["wider than the page"] if is_wide else []), *each_finding_of_axe(page)]


def each_finding_of_axe(page: Page | Frame) -> list[str]:
    """Returns the serious findings; none where axe is not installed."""
    if AXE is None:
        return []
    page.evaluate(AXE)
    found = page.evaluate("axe.run().then(one => one.violations)")
    return [
        f"{one['id']}: {one['nodes'][0]['html'][:160]}" for one in found if one["impact"] in {"serious", "critical"}
    ]
