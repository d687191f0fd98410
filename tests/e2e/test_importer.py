"""The importer in pages of other origins, in Chromium, against the deployed stack, its policies enforced."""

import json
import threading
from collections.abc import Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, FilePayload, FrameLocator, Page, Response, sync_playwright

from local.paths import ROOT
from local.stack import Stack
from tests.documented_commands import blocks_of
from tests.e2e.browser import CHROMIUM, launch_chromium
from tests.e2e.packagex_client import JSON, PackageXClient
from tests.e2e.tenants import Tenants

LONG_MS = 240_000
"""For an import on a busy machine."""
LISTENING = """<script>
window.heard = [];
addEventListener("message", ({ origin, data }) => heard.push({ origin, ...data }));
const element = document.querySelector("sluice-importer");
for (const name of ["ready", "opened", "previewed", "completed", "canceled", "closed", "error"])
  element?.addEventListener(name, ({ type, detail }) => heard.push({ type, ...detail }));
</script>"""
FRAME = '<!doctype html><title>frame</title><iframe src="{url}" width="1000" height="700"></iframe>'
PEOPLE: FilePayload = {
    "name": "kunden.csv",
    "mimeType": "text/csv",
    "buffer": "Name;E-Mail;Status\nJörg Müller;joerg@example.com;active\nJana Vogt;jana@example.com;weg\n".encode(),
}
ASKED: JSON = {"resource": "customers", "allow": ["merge", "create"], "locale": "de"}

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium: apt-get install chromium"),
]


class Host:
    """A site of somebody else: one page, found at two origins."""

    def __init__(self) -> None:
        self.html = ""
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_HostPage, self))
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        port = self._server.server_address[1]
        self.declared, self.other = f"http://localhost:{port}", f"http://127.0.0.1:{port}"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


class _HostPage(BaseHTTPRequestHandler):
    def __init__(self, host: Host, *given: Any) -> None:
        self._host = host
        super().__init__(*given)

    def do_GET(self) -> None:
        is_page = self.path == "/"
        self.send_response(200 if is_page else 204)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        if is_page:
            self.wfile.write((self._host.html + LISTENING).encode())

    def log_message(self, *_: object) -> None:
        """Silence."""


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = launch_chromium(playwright)
        yield browser
        browser.close()


@pytest.fixture
def host() -> Iterator[Host]:
    host = Host()
    yield host
    host.close()


class Visitor:
    """Somebody at the host's page, and all that the browser complains of meanwhile."""

    def __init__(self, page: Page, host: Host, stack: Stack, client: PackageXClient) -> None:
        self.page, self.client = page, client
        self.complaints: list[str] = []
        self._host, self._stack = host, stack
        self.credential = ""
        page.set_default_timeout(LONG_MS)
        page.on("response", self._note_credential)
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _hear(self, message: ConsoleMessage) -> None:
        is_asked_again = "409 (Conflict)" in message.text and message.location.get("url", "").endswith("/source")
        if message.type in {"error", "warning"} and not is_asked_again:
            self.complaints.append(message.text)

    def _note_credential(self, response: Response) -> None:
        if response.url.endswith("/exchange") and response.ok:
            self.credential = response.json()["data"]["_credential"]

    def session(self, **asked: object) -> JSON:
        """Returns a new import session for the host's declared origin."""
        made: JSON = self.client.post("/v1/import-sessions", ASKED | {"allow_origin": self._host.declared} | asked).data
        return made

    def open(self, html: str, origin: str = "") -> None:
        self._host.html = html
        self.page.goto(f"{origin or self._host.declared}/")

    def open_element(self, session: JSON) -> None:
        """Opens the page that docs/importer.md tells to copy."""
        [html] = [one.text for one in blocks_of(ROOT / "docs" / "importer.md") if one.language == "html"]
        copied = html.replace("https://api.example.com/importer/ims_…#imt_…", session["importer_url"])
        self.open(copied.replace("https://api.example.com", self._stack.base_url))

    @property
    def importer(self) -> FrameLocator:
        return self.page.frame_locator("iframe")

    def heading(self, text: str) -> None:
        self.importer.get_by_role("heading", level=1, name=text).wait_for(timeout=LONG_MS)

    def press(self, name: str) -> None:
        self.importer.locator(f"button:has-text('{name}'), a.button:has-text('{name}')").first.click()

    def send(self, file: Path | FilePayload) -> None:
        self.importer.locator("#file").set_input_files(file)
        self.importer.locator("button.main").click()
        self.importer.locator(".columns").wait_for(timeout=LONG_MS)

    def events(self) -> list[JSON]:
        """Returns the events of the element so far."""
        heard: list[JSON] = self.page.evaluate("heard.filter(one => one.type)")
        return heard

    def messages(self) -> list[JSON]:
        """Returns the messages to the page so far."""
        heard: list[JSON] = self.page.evaluate("heard.filter(one => one.source === 'sluice')")
        return heard


@pytest.fixture
def visitor(chromium: Browser, host: Host, stack: Stack, client: PackageXClient) -> Iterator[Visitor]:
    page = chromium.new_page(viewport={"width": 1280, "height": 860}, locale="en-US")
    yield Visitor(page, host, stack, client)
    page.close()


def test_a_page_embeds_the_element_and_hears_what_its_user_imports(
    visitor: Visitor, client: PackageXClient, tenants: Tenants, stack: Stack
) -> None:
    session = visitor.session(return_url=visitor._host.declared + "/customers")
    other = client.post(
        "/v1/imports", {"upload_mode": "sync", "resource": "customers", "action": "merge", "data": [{"name": "Ann"}]}
    ).data

    visitor.open_element(session)
    visitor.heading("Welche Datei soll importiert werden?")
    visitor.send(PEOPLE)
    visitor.heading("3 von 3 Spalten")
    visitor.press("Alle Zeilen prüfen")
    visitor.heading("1 Zeile würde geschrieben")
    assert [one["name"] for one in client.records()] == ["Ann"]
    visitor.press("1 Zeile importieren")
    visitor.heading("1 Zeile wurde geschrieben")

    import_id = client.get(f"/v1/import-sessions/{session['id']}").data["import_id"]
    events = visitor.events()
    assert [one["type"] for one in events] == ["ready", "opened", "previewed", "completed"]
    assert (events[1]["import_id"], events[1]["filename"]) == (import_id, "kunden.csv")
    assert (events[3]["status"], events[3]["counts"]["created"], events[3]["counts"]["failed"]) == ("completed", 1, 1)
    assert events[3]["import_id"] == client.get(f"/v1/imports/{import_id}").data["confirmed_as"]
    visitor.page.get_by_text(f"1 created, 1 failed: {events[3]['import_id']}").wait_for()
    assert {one["origin"] for one in visitor.messages()} == {stack.base_url}

    guest = PackageXClient(stack.base_url, visitor.credential, client.tenant_id)
    token = session["importer_url"].partition("#")[2]
    again = PackageXClient(stack.base_url, token, client.tenant_id)
    assert again.post(f"/v1/import-sessions/{session['id']}/exchange", {}).status == 401
    assert guest.get(f"/v1/imports/{events[3]['import_id']}").status == 200
    assert guest.get(f"/v1/imports/{other['id']}").status == 404
    assert guest.get("/v1/imports").status == 403
    assert visitor.complaints == []


def test_a_page_of_another_origin_may_not_frame_it(visitor: Visitor) -> None:
    session = visitor.session()

    with visitor.page.expect_console_message(lambda one: "frame-ancestors" in one.text, timeout=LONG_MS):
        visitor.open(FRAME.format(url=session["importer_url"]), visitor._host.other)

    assert visitor.messages() == []
    assert visitor.client.get(f"/v1/import-sessions/{session['id']}").data["status"] == "created"


def test_a_session_that_is_revoked_ends_in_the_middle_of_an_iframe(visitor: Visitor) -> None:
    session = visitor.session(locale="en")
    visitor.open(FRAME.format(url=session["importer_url"]))
    visitor.send(PEOPLE)

    assert visitor.client.request("DELETE", f"/v1/import-sessions/{session['id']}").status == 200
    visitor.press("Check all rows")

    visitor.heading("This import page has ended")
    messages = visitor.messages()
    assert [one["event"] for one in messages] == ["ready", "opened", "error"]
    assert (messages[-1]["code"], messages[-1]["session"]) == ("api_key_invalid", session["id"])


def test_a_user_looks_twice_mends_takes_back_and_leaves(visitor: Visitor) -> None:
    page = visitor.page
    page.set_viewport_size({"width": 375, "height": 800})
    visitor.open_element(visitor.session(locale="en"))
    visitor.send(PEOPLE)
    visitor.press("Check all rows")
    visitor.heading("1 row would be written")
    visitor.press("Back to columns")
    visitor.importer.locator(".columns").wait_for(timeout=LONG_MS)
    visitor.press("Check all rows")
    visitor.heading("1 row would be written")
    assert page.frames[1].evaluate("document.documentElement.scrollWidth <= innerWidth")

    visitor.press("Import 1 row")
    visitor.heading("1 row was written")
    visitor.press("Mend 1 row")
    visitor.heading("Mend 1 row")
    page.frames[1].evaluate("history.back()")
    visitor.heading("1 row was written")
    visitor.press("Undo")
    visitor.importer.locator("dialog button.main").click(timeout=LONG_MS)
    visitor.heading("1 record is as it was")
    visitor.press("Done")

    visitor.heading("This is closed")
    assert visitor.events()[-1]["type"] == "closed"
    assert visitor.client.records() == []
    assert visitor.complaints == []


def test_the_element_is_themed_and_heard_from_its_own_frame_only(visitor: Visitor) -> None:
    session = visitor.session(locale="en")
    element = f'<sluice-importer src="{session["importer_url"]}" theme="dark" height="30rem"></sluice-importer>'
    visitor.open(f'<!doctype html><script src="{visitor._stack.base_url}/sluice-importer.js"></script>{element}')
    visitor.heading("Which file shall be imported?")

    forged = json.dumps({"source": "sluice", "event": "completed", "counts": {}})
    visitor.page.evaluate(f"window.postMessage({forged}, '*')")
    visitor.press("Close")
    visitor.heading("This is closed")

    assert [one["type"] for one in visitor.events()] == ["ready", "canceled"]
    assert visitor.page.locator("iframe").bounding_box()["height"] == 480  # type: ignore[index]
    assert visitor.page.frames[1].evaluate("getComputedStyle(document.documentElement).colorScheme") == "dark"
