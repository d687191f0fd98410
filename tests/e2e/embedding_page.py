"""A page of somebody else that embeds the importer, and a person at it, for tests of it in Chromium.

In goes HTML that names an import session; out come the importer's screens in their frame, what the page has heard of
it, and all that the browser complains of meanwhile.
"""

from pathlib import Path

from playwright.sync_api import ConsoleMessage, FilePayload, FrameLocator, Page, Response

from local.paths import ROOT
from tests.documented_commands import blocks_of
from tests.e2e.packagex_client import JSON, PackageXClient
from tests.loopback_server import Connection, LoopbackServer

LONG_MS = 240_000
"""For an import on a busy machine."""
LISTENING = """<script>
window.heard = [];
addEventListener("message", ({ origin, data }) => heard.push({ origin, ...data }));
const element = document.querySelector("sluice-importer");
for (const name of ["ready", "opened", "previewed", "completed", "canceled", "closed", "error"])
  element?.addEventListener(name, ({ type, detail }) => heard.push({ type, ...detail }));
</script>"""
FRAME = """<!doctype html><meta name="viewport" content="width=device-width"><title>frame</title>
<iframe src="{url}" width="100%" height="700"></iframe>"""
ASKED: JSON = {"resource": "customers", "allow": ["merge", "create"], "locale": "de"}


class Host(LoopbackServer):
    """A site of somebody else: one page, found at two origins."""

    def __init__(self) -> None:
        super().__init__(_HostPage)
        self.html = ""
        self.declared, self.other = f"http://localhost:{self.server_port}", self.url


class _HostPage(Connection):
    server: Host

    def respond(self) -> None:
        is_page = self.path == "/"
        body = (self.server.html + LISTENING).encode() if is_page else b""
        self.answer(200 if is_page else 204, body, {"Content-Type": "text/html"})


class Visitor:
    """Somebody at the host's page, and all that the browser complains of meanwhile."""

    def __init__(self, page: Page, host: Host, client: PackageXClient) -> None:
        self.page, self.host, self.client = page, host, client
        self.complaints: list[str] = []
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
        made: JSON = self.client.post("/v1/import-sessions", ASKED | {"allow_origin": self.host.declared} | asked).data
        return made

    def open(self, html: str, origin: str = "") -> None:
        self.host.html = html
        self.page.goto(f"{origin or self.host.declared}/")

    def open_frame(self, session: JSON) -> None:
        """Opens a page with an iframe, as wide as the page."""
        self.open(FRAME.format(url=session["importer_url"]))

    def open_element(self, session: JSON) -> None:
        """Opens the page that docs/importer.md tells to copy."""
        [html] = [one.text for one in blocks_of(ROOT / "docs" / "importer.md") if one.language == "html"]
        copied = html.replace("https://api.example.com/importer/ims_…#imt_…", session["importer_url"])
        self.open(copied.replace("https://api.example.com", self.client.base_url))

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
