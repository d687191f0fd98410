"""The console where things are in the way: a workbook in German, a guard rail, faults, a key that ends, a service that
asks for patience, a network that is gone, no mouse. In Chromium against the deployed stack, its policies enforced.
"""

import time
from io import BytesIO

import pytest
from openpyxl import Workbook
from playwright.sync_api import Browser, FilePayload, Route

from local.stack import Stack
from tests.e2e.browser import CHROMIUM
from tests.e2e.console_page import LONG_MS, Console
from tests.e2e.packagex_client import PackageXClient
from tests.e2e.tenants import Tenants

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium: apt-get install chromium"),
]

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TWO_ROWS: FilePayload = {
    "name": "two.csv",
    "mimeType": "text/csv",
    "buffer": b"name,email\nJane,jane@x.example\nJoe,joe@x.example\n",
}


def a_german_workbook() -> FilePayload:
    """Two sheets: notes, and goods with umlauts, decimal commas and thousands as text."""
    book = Workbook()
    book.active.title = "Hinweise"
    book.active.append(["Stand", "30.11.2026"])
    sheet = book.create_sheet("Artikelübersicht")
    sheet.append(["Bezeichnung", "Artikelnummer", "Verkaufspreis", "Beschreibung"])
    sheet.append(["Türgriff „Schön“", "TG-1", "1.299,90", "Größe Ä"])
    sheet.append(["Schlüsselbrett", "SB-2", "19,50", "für außen"])
    content = BytesIO()
    book.save(content)
    return {"name": "Artikel März.xlsx", "mimeType": XLSX, "buffer": content.getvalue()}


def test_a_german_workbook_is_imported_from_its_second_sheet(
    chromium: Browser, stack: Stack, client: PackageXClient
) -> None:
    page = chromium.new_page(viewport={"width": 1280, "height": 860}, locale="de-DE")
    console = Console(page, stack.base_url)
    console.open(f"#key={client.key}")
    console.heading("Importe")
    console.press("Datei importieren")
    page.get_by_label("Waren", exact=True).check()
    page.set_input_files("#file", a_german_workbook())
    page.locator("button.main").click()
    page.get_by_label("Blatt").select_option("Artikelübersicht")
    page.get_by_label("Feld für Bezeichnung").wait_for(timeout=LONG_MS)
    page.locator("button.main").click()
    console.heading("2 Zeilen würden geschrieben")
    page.locator("button.main").click()
    console.heading("2 Zeilen wurden geschrieben")

    records = sorted(client.get("/v1/records/items").data, key=lambda one: one["name"])
    assert [(one["name"], float(one["price"])) for one in records] == [
        ("Schlüsselbrett", 19.5),
        ("Türgriff „Schön“", 1299.9),
    ]
    assert console.complaints == []
    page.close()


def test_an_overwrite_that_would_delete_too_much_is_refused(console: Console, client: PackageXClient) -> None:
    client.run_records([{"name": name, "email": f"{name}@x.example"} for name in ("jane", "joe", "gone")])
    assert client.post("/v1/settings", {"max_deleted": "10%"}).status == 200
    page = console.page
    console.sign_in(client.key)
    console.send(TWO_ROWS, "Customers")
    page.get_by_label("Make it equal to this file").check()
    console.press("Check all rows")

    console.heading("1 record would be deleted")
    page.get_by_text("The import would stop here.").wait_for()
    page.get_by_text("your limit is 10%").wait_for()
    assert page.get_by_role("button", name="Import").count() == 0
    assert len(client.records()) == 3
    assert console.complaints == []


def test_what_is_missing_is_shown_also_where_the_button_is_far_below_it(
    chromium: Browser, stack: Stack, client: PackageXClient
) -> None:
    page = chromium.new_page(viewport={"width": 375, "height": 720}, locale="en-US")
    console = Console(page, stack.base_url)
    console.sign_in(client.key)
    page.wait_for_function("document.activeElement.textContent === 'Imports'")
    console.send({**TWO_ROWS, "buffer": TWO_ROWS["buffer"].replace(b"name", b"nickname")}, "Customers")
    page.get_by_label("Field for nickname").select_option("company")
    page.get_by_text("No column gives Name yet.").wait_for()
    page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    console.press("Check all rows")

    alert = page.get_by_role("alert").filter(has_text="No column gives Name. Choose")
    alert.wait_for()
    page.wait_for_function("document.activeElement.getAttribute('role') === 'alert'")
    assert 0 <= alert.evaluate("one => one.getBoundingClientRect().top") <= 720
    page.get_by_label("Field for nickname").select_option("name")
    page.set_viewport_size({"width": 1280, "height": 860})
    console.press("Check all rows")
    console.heading("2 rows would be written")
    assert page.locator(".tablebox").evaluate("one => one.offsetWidth") > 1000, "rows without faults have all the width"
    assert console.complaints == []
    page.close()


def test_undoing_is_seen_at_once_and_taken_once(console: Console, client: PackageXClient) -> None:
    import_ = client.run_records([{"name": "Jane"}, {"name": "Joe"}])
    page = console.page
    console.sign_in(client.key)
    console.open(f"#/imports/{import_['id']}/result")
    held: list[Route] = []
    page.route("**/undo", lambda route: held.append(route))  # noqa: PLW0108 -- Playwright marks its handlers
    console.press("Undo")
    page.get_by_text("Looking at what can be undone").wait_for()
    held.pop().continue_()
    page.get_by_role("button", name="Undo 2 records").click(timeout=LONG_MS)
    button = page.get_by_role("dialog").get_by_role("button", name="One moment")
    button.wait_for()
    assert button.is_disabled()
    held.pop().continue_()
    console.heading("2 records are as they were before")

    assert client.records() == []
    assert console.complaints == []


def test_faulty_rows_are_mended_before_anything_is_written(console: Console, client: PackageXClient) -> None:
    page = console.page
    console.sign_in(client.key)
    dirty = TWO_ROWS["buffer"] + b"Dots,dots@mail..example\nTyped,typed.mail.example\n"
    console.send({**TWO_ROWS, "buffer": dirty}, "Customers")
    console.press("Check all rows")
    console.heading("2 rows would be written")
    console.press("Mend 2 rows")
    page.get_by_role("button", name="Fix 1").click()
    console.press("Check 1 mended row")
    page.get_by_text("all of them can be imported").wait_for(timeout=LONG_MS)
    assert client.records() == []

    console.press("Import 3 rows")
    console.heading("Mend 1 row")
    assert [one["name"] for one in client.records()] == ["Dots", "Jane", "Joe"]
    assert console.complaints == []


def test_whoever_signs_in_anew_goes_on_where_they_were(
    console: Console, client: PackageXClient, tenants: Tenants
) -> None:
    ends_soon = tenants.client(client.tenant_id, expires_at=int(time.time()) + 3600)
    page = console.page
    console.sign_in(ends_soon.key)
    console.send(TWO_ROWS, "Customers")
    console.press("Check all rows")
    console.heading("2 rows would be written")
    where = page.url
    page.route("**/v1/imports/**", expired)
    page.reload()
    page.get_by_text("This key has expired.").wait_for()
    page.unroute("**/v1/imports/**")

    page.get_by_label("API key").fill(str(client.key))
    page.get_by_label("API key").press("Enter")

    console.heading("2 rows would be written")
    assert page.url == where


def expired(route: Route) -> None:
    """Answers as the service does for a key that has expired."""
    route.fulfill(status=401, json={"message": "The API key has expired.", "code": "api_key_expired", "errors": []})


def test_a_service_that_asks_for_patience_is_asked_again(console: Console, client: PackageXClient) -> None:
    answers = iter([429, 503])

    def busy(route: Route) -> None:
        status = next(answers, 200)
        if status == 200:
            route.continue_()
        else:
            route.fulfill(status=status, headers={"Retry-After": "1"}, json={"message": "Slow down.", "errors": []})

    console.page.route("**/v1/imports?*", busy)
    console.open(f"#key={client.key}")

    console.page.get_by_text("Trying again in 1 s").first.wait_for()
    console.page.get_by_text("Nothing has been imported yet").wait_for()
    assert next(answers, None) is None


def test_what_a_lost_network_has_stopped_goes_on_by_itself(console: Console, client: PackageXClient) -> None:
    page = console.page
    console.sign_in(client.key)
    page.context.set_offline(True)
    page.get_by_label("Show").select_option("completed")
    page.get_by_text("There is no connection to the service").wait_for()

    page.context.set_offline(False)

    page.get_by_text("No such imports").wait_for()
    assert page.get_by_role("alert").count() == 0


def test_a_file_is_imported_by_keyboard_alone(console: Console, client: PackageXClient) -> None:
    page = console.page
    console.sign_in(client.key)
    tab_to(console, "Import a file")
    page.keyboard.press("Enter")
    page.get_by_label("Customers", exact=True).wait_for()
    page.set_input_files("#file", TWO_ROWS)  # the dialog is the browser's own
    tab_to(console, "Articles")
    while not page.get_by_label("Customers", exact=True).is_checked():
        page.keyboard.press("ArrowRight")
    tab_to(console, "Send two.csv")
    page.keyboard.press("Enter")
    page.locator(".columns").wait_for(timeout=LONG_MS)
    tab_to(console, "Check all rows")
    page.keyboard.press("Enter")
    console.heading("2 rows would be written")
    tab_to(console, "Import 2 rows")
    page.keyboard.press("Enter")
    console.heading("2 rows were written")

    assert len(client.records()) == 2
    assert console.complaints == []


FOCUSED = "(document.activeElement.labels?.[0] ?? document.activeElement).innerText.trim()"


def tab_to(console: Console, name: str) -> None:
    """Presses Tab until what bears the name has the focus."""
    for _ in range(80):
        if console.page.evaluate(FOCUSED) == name:
            return
        console.page.keyboard.press("Tab")
    raise AssertionError(f"{name} cannot be reached with Tab; at last {console.page.evaluate(FOCUSED)!r} had the focus")
