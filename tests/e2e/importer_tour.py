"""A walk through every screen of the importer, in the page that embeds it: a file is imported, and its faulty rows are
mended until none is left.

In go a visitor of a host page, of a tenant without records, and how the importer is embedded; out come the names of
the screens, one after the other, each while the page shows it.
"""

from collections.abc import Callable, Iterator

from playwright.sync_api import FilePayload

from tests.e2e.embedding_page import LONG_MS, Visitor
from tests.e2e.kept_running import import_kept_running
from tests.e2e.packagex_client import JSON

PEOPLE: FilePayload = {
    "name": "people.csv",
    "mimeType": "text/csv",
    "buffer": b"Name,E-mail,Status,Customer since\n"
    b"Jane Doe,jane@mail.example,active,2024-04-03\nJoe Bloggs,joe@mail.example,on hold,2024-05-01\n"
    b"Ann Onymous,ann@mail..example,active,2023-11-12\nZo\xc3\xab Roe,zoe@mail.example,gone,2022-01-31\n"
    b"Max Muster,max@mail..example,inactive,2021-07-09\n",
}


class ImporterTour:
    """Goes from screen to screen."""

    def __init__(self, visitor: Visitor, open_importer: Callable[[JSON], None]) -> None:
        self._visitor = visitor
        self._open = open_importer

    def __iter__(self) -> Iterator[str]:
        """Yields the name of each screen while the page shows it."""
        visitor = self._visitor
        self._open(visitor.session(locale="en"))
        visitor.heading("Which file shall be imported?")
        yield "importer-file"
        visitor.send(PEOPLE)
        visitor.importer.get_by_label("What on hold means").select_option("inactive")
        yield "importer-columns"
        visitor.press("Check all rows")
        visitor.heading("2 rows would be written")
        visitor.importer.locator(".reason small").first.wait_for()
        yield "importer-check"
        with import_kept_running(visitor.page):
            visitor.press("Import 2 rows")
            visitor.importer.locator(".phases").wait_for()
            yield "importer-import"
        visitor.heading("2 rows were written")
        visitor.importer.locator(".reason small").first.wait_for()
        yield "importer-result"
        yield from self._each_of_mending()
        visitor.press("Done")
        visitor.heading("This is closed")
        yield "importer-closed"
        yield from self._ended()

    def _each_of_mending(self) -> Iterator[str]:
        visitor = self._visitor
        visitor.press("Mend 3 rows")
        visitor.press("Fix 2")
        visitor.importer.get_by_text("2 mended, 1 to go").wait_for()
        yield "importer-mend"
        visitor.importer.get_by_role("tab", name="Status").click()
        visitor.importer.get_by_label("What gone means").select_option("inactive")
        visitor.press("Check 3 mended rows")
        visitor.importer.get_by_text("all of them can be imported").wait_for(timeout=LONG_MS)
        visitor.press("Import 3 mended rows")
        visitor.importer.get_by_text("3 faulty rows have been mended since.").wait_for(timeout=LONG_MS)
        visitor.importer.locator(".reason small").first.wait_for(timeout=LONG_MS)
        yield "importer-mended"

    def _ended(self) -> Iterator[str]:
        """A session that was revoked before anybody came."""
        session = self._visitor.session(locale="en")
        self._visitor.client.request("DELETE", f"/v1/import-sessions/{session['id']}")
        self._open(session)
        self._visitor.heading("This import page has ended")
        yield "importer-ended"
