"""The console in Chromium against the deployed stack, its policies enforced: what people do, and that the browser
complains of nothing while they do it.
"""

import csv
from pathlib import Path

import pytest
from playwright.sync_api import Browser, FilePayload, Page, Route

from local.stack import Stack
from tests.e2e.browser import CHROMIUM
from tests.e2e.console_page import LONG_MS, Console
from tests.e2e.killed_runs import wait_until
from tests.e2e.packagex_client import PackageXClient

KEPT_EDITS = """(importId) => new Promise((resolve) => {
  const opened = indexedDB.open("sluice", 1);
  opened.onsuccess = () => {
    const asked = opened.result.transaction("edits").objectStore("edits").get(importId);
    asked.onsuccess = () => { opened.result.close(); resolve((asked.result?.values ?? []).length); };
  };
})"""
"""Tells how many mended rows the browser keeps."""

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium: apt-get install chromium"),
]

MARKUP = """name,email,notes
<img src=x onerror=alert(1)>,jane@x.example,<script>alert(2)</script>
"=HYPERLINK(""https://evil.example"")",wrong<svg/onload=alert(3)>,"javascript:alert(4)"
"""


def test_the_sample_is_checked_imported_and_told_row_by_row(
    console: Console, client: PackageXClient, part_of_sample: Path
) -> None:
    console.sign_in(client.key)
    console.send(part_of_sample, "Customers")
    console.heading("11 of 12 columns are understood")
    console.press("Check all rows")
    console.heading("623 rows would be written")
    assert client.records() == []

    console.page.get_by_role("button", name="Faulty 49").click()
    console.page.get_by_text("Could be April 3, 2024 or March 4, 2024.").first.wait_for()
    console.page.reload()
    console.heading("623 rows would be written")
    console.press("Import 623 rows")
    console.heading("623 rows were written")

    assert console.page.get_by_role("button", name="New 623").is_visible()
    console.open()
    console.page.get_by_text("Imported, with faults").wait_for()
    assert console.complaints == []


@pytest.fixture
def wide_sample(part_of_sample: Path, tmp_path: Path) -> Path:
    """A part of the sample with long notes: larger than what the console sends ahead of a file, one megabyte."""
    with part_of_sample.open(encoding="utf-8-sig", newline="") as part:
        header, *rows = csv.reader(part)
    at = header.index("Notes")
    long = [[*row[:at], f"{row[at]}{' and so on' * 250}", *row[at + 1 :]] if len(row) > at else row for row in rows]
    path = tmp_path / "customers.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *long])
    return path


def hold_uploads(page: Page) -> list[Route]:
    """Returns the uploads of a page, which do not reach the bucket until somebody lets them."""
    uploads: list[Route] = []

    def hold(route: Route) -> None:
        if route.request.method == "PUT":
            uploads.append(route)
        else:
            route.continue_()

    page.route("**/uploads/**", hold)
    return uploads


def test_columns_are_shown_and_chosen_while_the_file_is_on_its_way(
    console: Console, client: PackageXClient, wide_sample: Path
) -> None:
    page = console.page
    console.sign_in(client.key)
    uploads = hold_uploads(page)
    console.send(wide_sample, "Customers")
    console.heading("11 of 12 columns are understood")
    [import_] = client.get("/v1/imports").data
    assert (import_["status"], import_["held"]) == ("requested", False)

    page.get_by_label("Field for Phone").select_option("")
    console.press("Check all rows")
    page.get_by_text("The check begins when your file is here").wait_for()
    [upload] = uploads
    upload.continue_()
    console.heading("rows would be written")

    [checked] = client.get("/v1/imports").data
    assert (checked["id"], checked["column_mapping"]["phone"]) == (import_["id"], None)
    page.go_back()
    console.heading("rows would be written")
    assert console.complaints == []


def test_who_stops_a_file_on_its_way_finds_what_was_chosen_when_it_is_sent_again(
    console: Console, client: PackageXClient, wide_sample: Path
) -> None:
    page = console.page
    console.sign_in(client.key)
    uploads = hold_uploads(page)
    console.send(wide_sample, "Customers")
    page.get_by_label("Field for Phone").select_option("")
    console.press("Stop")
    console.heading("Which file shall be imported?")
    assert len(uploads) == 1
    page.unroute("**/uploads/**")

    console.press("Send customers.csv")
    page.get_by_label("Field for Phone").wait_for(timeout=LONG_MS)
    page.wait_for_url("**/columns")

    assert page.get_by_label("Field for Phone").input_value() == ""
    page.reload()
    page.get_by_label("Field for Phone").wait_for(timeout=LONG_MS)
    assert console.complaints == []


GERMAN = """Kunden-Nr.;Kunde;E-Mail-Adresse;Kunde seit;Telefon privat
K-1;Jana Vogt;jana@example.com;03.04.2024;030 1234567
K-2;Jörg Müller;joerg@example.com;12.11.2023;nicht
"""


def test_columns_are_mapped_by_hand_and_a_column_that_is_left_out_stays_out(
    console: Console, client: PackageXClient
) -> None:
    page = console.page
    console.sign_in(client.key)
    console.send({"name": "kunden.csv", "mimeType": "text/csv", "buffer": GERMAN.encode("cp1252")}, "Customers")
    page.get_by_label("Field for Kunde", exact=True).select_option("")
    console.press("Check all rows")
    page.get_by_text("No column gives Name.").wait_for()
    page.get_by_label("Field for Kunde", exact=True).select_option("name")
    page.get_by_label("Field for Telefon privat").select_option("")
    console.press("Check all rows")
    console.heading("2 rows would be written")

    console.press("Back to columns")
    page.get_by_label("Field for Telefon privat").wait_for(timeout=LONG_MS)
    assert page.get_by_label("Field for Telefon privat").input_value() == ""
    console.press("Check all rows")
    console.heading("2 rows would be written")
    console.press("Import 2 rows")
    console.heading("2 rows were written")

    first = client.records()[0]
    assert (first["name"], first["external_id"], first.get("phone")) == ("Jana Vogt", "K-1", None)
    assert console.complaints == []


WORDS = b"""name,state,customer_since,billed_until
Ann,paused,03/04/2024,03/04/2025
Bob,PAUSED,04/05/2024,31/03/2025
Cid,active,05/06/2024,
Dee,weg,06/07/2024,
"""


def test_words_that_are_not_known_and_dates_that_could_be_two_are_settled_before_the_check(
    console: Console, client: PackageXClient
) -> None:
    page = console.page
    console.sign_in(client.key)
    console.send({"name": "words.csv", "mimeType": "text/csv", "buffer": WORDS}, "Customers")
    page.get_by_label("Field for billed_until").select_option("")
    page.get_by_label("Field for state").select_option("status")
    page.get_by_label("What paused means").select_option("inactive")
    page.get_by_label("March 4, 2024").check()

    console.press("Check all rows")
    console.heading("3 rows would be written")
    page.get_by_text("Choose active").first.wait_for()
    console.press("Back to columns")
    page.get_by_label("What weg means").wait_for(timeout=LONG_MS)
    assert page.get_by_label("What paused means").input_value() == "inactive"
    assert page.get_by_label("March 4, 2024").is_checked()
    page.get_by_label("What weg means").select_option("inactive")
    page.get_by_label("April 3, 2024").check()
    page.get_by_label("Remember this").check()
    console.press("Check all rows")
    console.heading("4 rows would be written")
    console.press("Import 4 rows")
    console.heading("4 rows were written")

    assert {one["name"]: one["status"] for one in client.records()} == {
        **{"Ann": "inactive", "Bob": "inactive", "Cid": "active", "Dee": "inactive"}
    }
    assert {one["customer_since"] for one in client.records() if one["name"] == "Ann"} == {"2024-04-03"}
    [profile] = client.get("/v1/import-profiles").data
    assert profile["options"]["value_mapping"]["status"] == {"paused": "inactive", "weg": "inactive"}
    assert profile["options"]["reading"]["date_order"] == "day_first"
    assert console.complaints == []


def test_whoever_deletes_records_says_how_many(console: Console, client: PackageXClient) -> None:
    client.run_records([{"name": name, "email": f"{name}@x.example"} for name in ("stays", "goes")])
    page = console.page
    console.sign_in(client.key)
    file: FilePayload = {"name": "one.csv", "mimeType": "text/csv", "buffer": b"name,email\nstays,stays@x.example\n"}
    console.send(file, "Customers")
    page.get_by_label("Make it equal to this file").check()
    console.press("Check all rows")
    console.heading("0 rows would be written, records deleted: 1")
    console.press("Delete 1 record")
    page.get_by_text("Type the number of records").wait_for()
    assert len(client.records()) == 2

    page.get_by_label("Type 1 to say").fill("1")
    page.locator("button.main").click()
    page.get_by_text("1 record that the file does not name was deleted.").wait_for(timeout=LONG_MS)
    console.heading("0 rows were written, records deleted: 1")
    console.press("All imports")
    page.get_by_text("1 deleted").wait_for()

    assert [one["name"] for one in client.records()] == ["stays"]
    assert console.complaints == []


def test_every_faulty_row_is_mended_and_the_import_undone(console: Console, client: PackageXClient) -> None:
    faulty = [
        {"name": "Dots", "email": "dots@mail..example"},
        {"name": "Spaces", "email": "spaces @mail.example"},
        {"name": "Choice", "email": "choice@mail.example", "status": "paused"},
        {"name": "Typed", "email": "typed.mail.example"},
    ]
    import_ = client.run_records([{"name": "Right", "email": "right@mail.example"}, *faulty], name="to be mended")
    page = console.page
    console.sign_in(client.key)
    console.open(f"#/imports/{import_['id']}")
    console.press("Mend 4 rows")
    console.heading("Mend 4 rows")
    for mended in (1, 2):
        page.get_by_role("button", name="Fix 1").first.click()
        page.get_by_text(f"{mended} mended, {4 - mended} to go").wait_for()
    sheet = page.get_by_role("grid")
    sheet.get_by_text("typed.mail.example").click()
    page.keyboard.press("Enter")
    page.keyboard.press("Control+a")
    page.keyboard.type("typed@mail.example")
    page.keyboard.press("Enter")
    page.get_by_text("3 mended, 1 to go").wait_for()
    page.get_by_role("tab", name="Status").click()
    page.get_by_label("What paused means").select_option("inactive")
    page.get_by_text("4 mended, 0 to go").wait_for()
    wait_until(lambda: page.evaluate(KEPT_EDITS, import_["id"]) == len(faulty), "every edit to be kept")

    page.reload()
    page.get_by_text("4 mended, 0 to go").wait_for()
    console.press("Check 4 mended rows")
    page.get_by_text("all of them can be imported").wait_for(timeout=LONG_MS)
    assert len(client.records()) == 1
    console.press("Import 4 mended rows")
    page.get_by_text("4 faulty rows have been mended since.").wait_for(timeout=LONG_MS)
    assert [one["email"] for one in client.records()] == [
        *("choice@mail.example", "dots@mail.example", "right@mail.example", "spaces@mail.example"),
        "typed@mail.example",
    ]

    console.press("Undo")
    page.get_by_text("1 record would be as it was before").wait_for(timeout=LONG_MS)
    page.get_by_text("4 rows that were mended are an import of their own and stay.").wait_for()
    console.press("Undo 1 record")
    console.heading("1 record is as it was before")
    assert len(client.records()) == 4
    assert console.complaints == []


def test_a_file_full_of_markup_does_nothing(console: Console, client: PackageXClient) -> None:
    console.sign_in(client.key)
    console.send({"name": "<b>x.csv", "mimeType": "text/csv", "buffer": MARKUP.encode()}, "Customers")
    console.press("Check all rows")
    console.heading("1 row would be written")
    console.page.get_by_text("<img src=x onerror=alert(1)>").first.wait_for()

    assert console.page.locator("main img, main svg, main script").count() == 0
    assert console.complaints == []


def test_a_key_that_is_wrong_is_refused_and_one_that_is_right_opens(console: Console, client: PackageXClient) -> None:
    console.open()
    console.page.get_by_label("API key").fill("px_wrong")
    console.page.get_by_label("API key").press("Enter")
    console.page.get_by_text("No such key.").wait_for()
    assert console.complaints == ["Failed to load resource: the server responded with a status of 401 (Unauthorized)"]

    console.page.get_by_label("API key").fill(str(client.key))
    console.page.get_by_label("API key").press("Enter")
    console.heading("Imports")
    assert "px_" not in console.page.url


def test_records_are_exported_by_a_filter_and_again_by_a_schedule(console: Console, client: PackageXClient) -> None:
    client.run_records([{"name": "Jane", "status": "active"}, {"name": "Joe", "status": "inactive"}])
    page = console.page
    console.sign_in(client.key)
    page.get_by_role("link", name="Exports").click()
    console.press("Export records")
    page.get_by_label("Records").select_option("customer")
    console.press("Add a condition")
    page.get_by_label("Field").select_option("status")
    console.press("Export Customers")
    page.get_by_text("A condition has no value.").wait_for()
    assert client.get("/v1/exports").data == []
    page.locator("select[aria-label=Value]").select_option("active")
    console.press("Export Customers")
    page.get_by_text("1 row").wait_for(timeout=LONG_MS)

    with page.expect_download() as download:
        page.get_by_role("button", name="CSV").click()
    assert "Jane" in download.value.path().read_text(encoding="utf-8-sig")

    console.press("Export records")
    console.press("Add a condition")
    page.get_by_label("Field").select_option("name")
    page.get_by_label("Value").fill("Joe")
    page.get_by_label("How often?").select_option("daily")
    page.get_by_label("Name").fill("Every morning")
    console.press("Schedule the export")
    console.heading("Every morning")
    page.get_by_text("Those for which: Name is “Joe”. As CSV.").wait_for()
    console.press("Export now")
    page.get_by_role("button", name="CSV").nth(1).wait_for(timeout=LONG_MS)
    with page.expect_download() as download:
        page.get_by_role("button", name="CSV").first.click()
    assert "Joe" in download.value.path().read_text(encoding="utf-8-sig")

    page.get_by_role("link", name="Every morning").click()
    console.press("Pause")
    page.get_by_role("button", name="Go on").wait_for()
    assert client.get("/v1/export-schedules").data[0]["paused"] is True
    assert console.complaints == []


def test_a_webhook_is_added_tried_and_deleted(console: Console, client: PackageXClient) -> None:
    page = console.page
    console.sign_in(client.key)
    page.get_by_role("link", name="Webhooks").click()
    console.press("Add a webhook")
    page.get_by_label("Address").fill("http://127.0.0.1:9/nobody-listens")
    page.locator("button.main").click()
    page.get_by_text("whsec_").wait_for()
    console.press("I have kept it")

    console.press("Send a test")
    page.get_by_text("webhook.ping").wait_for()
    console.press("Delete")
    console.press("Really delete?")
    page.get_by_text("Nobody is told yet").wait_for()
    assert console.complaints == []


def test_a_person_reads_it_in_their_own_language(chromium: Browser, stack: Stack, client: PackageXClient) -> None:
    page = chromium.new_page(locale="de-DE")
    console = Console(page, stack.base_url)
    console.open(f"#key={client.key}")
    console.heading("Importe")
    page.get_by_role("link", name="Konto").click()
    page.get_by_label("Sprache").select_option("fr")
    console.heading("Compte")
    console.open()
    console.heading("Imports")

    assert page.get_by_role("link", name="Exports").is_visible()
    assert page.locator("html").get_attribute("lang") == "fr"
    assert console.complaints == []
    page.close()


def test_a_narrow_and_dark_screen_shows_all_of_it_by_keyboard(
    chromium: Browser, stack: Stack, client: PackageXClient
) -> None:
    client.run_records([{"name": "Jane", "email": "jane@x.example"}, {"name": "No", "email": "wrong"}], name="two rows")
    page = chromium.new_page(viewport={"width": 375, "height": 720}, color_scheme="dark", locale="en-US")
    console = Console(page, stack.base_url)
    console.sign_in(client.key)
    page.get_by_text("two rows").wait_for()
    assert console.is_within_its_width()

    while page.evaluate("document.activeElement.className") != "one":
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    console.heading("1 row was written")
    page.locator(".reason").first.wait_for()

    assert console.is_within_its_width()
    assert page.evaluate(
        "getComputedStyle(document.body).colorScheme || getComputedStyle(document.documentElement).colorScheme"
    )
    assert console.complaints == []
    page.close()


def test_what_was_chosen_for_a_file_is_remembered_for_the_next(console: Console, client: PackageXClient) -> None:
    page = console.page
    console.sign_in(client.key)
    file: FilePayload = {"name": "kunden 47.csv", "mimeType": "text/csv", "buffer": GERMAN.encode("cp1252")}
    console.send(file, "Customers")
    page.get_by_label("Field for Telefon privat").select_option("notes")
    page.get_by_label("Remember this").check()
    console.press("Check all rows")
    page.locator(".chips").wait_for(timeout=LONG_MS)

    console.open("#/")
    console.send({**file, "name": "kunden 48.csv"}, "Customers")

    page.get_by_text("as you had them remembered: kunden.").wait_for()
    assert page.get_by_label("Field for Telefon privat").input_value() == "notes"
    assert client.get("/v1/import-profiles").data[0]["name"] == "kunden"
    assert console.complaints == []
