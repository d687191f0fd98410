"""The importer in pages of other origins, in Chromium, against the deployed stack, its policies enforced."""

import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, FilePayload, sync_playwright

from local.stack import Stack
from tests.e2e.browser import CHROMIUM, launch_chromium
from tests.e2e.embedding_page import FRAME, LONG_MS, Host, Visitor
from tests.e2e.packagex_client import PackageXClient
from tests.e2e.tenants import Tenants

PEOPLE: FilePayload = {
    "name": "kunden.csv",
    "mimeType": "text/csv",
    "buffer": "Name;E-Mail;Status\nJörg Müller;joerg@example.com;active\nJana Vogt;jana@example.com;weg\n".encode(),
}

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium: apt-get install chromium"),
]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = launch_chromium(playwright)
        yield browser
        browser.close()


@pytest.fixture
def host() -> Iterator[Host]:
    with Host() as host:
        yield host


@pytest.fixture
def visitor(chromium: Browser, host: Host, client: PackageXClient) -> Iterator[Visitor]:
    page = chromium.new_page(viewport={"width": 1280, "height": 860}, locale="en-US")
    yield Visitor(page, host, client)
    page.close()


def test_a_page_embeds_the_element_and_hears_what_its_user_imports(
    visitor: Visitor, client: PackageXClient, tenants: Tenants, stack: Stack
) -> None:
    session = visitor.session(return_url=visitor.host.declared + "/customers")
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
        visitor.open(FRAME.format(url=session["importer_url"]), visitor.host.other)

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


FAULTY: FilePayload = {
    "name": "faulty.csv",
    "mimeType": "text/csv",
    "buffer": b"Name,E-Mail,Status\nRight,right@mail.example,active\nDots,dots@mail..example,active\n"
    b"Typed,typed.mail.example,active\nChoice,choice@mail.example,gone\n",
}


def test_a_user_mends_every_faulty_row_in_the_element_before_anything_is_written(visitor: Visitor) -> None:
    page, importer = visitor.page, visitor.importer
    visitor.open_element(visitor.session(locale="en"))
    visitor.send(FAULTY)
    visitor.press("Check all rows")
    visitor.heading("1 row would be written")
    visitor.press("Mend 3 rows")
    visitor.press("Fix 1")
    importer.get_by_text("1 mended, 2 to go").wait_for()
    importer.get_by_role("grid").get_by_text("typed.mail.example").click()
    for key in ("Enter", "Control+a"):
        page.keyboard.press(key)
    page.keyboard.type("typed@mail.example")
    page.keyboard.press("Enter")
    importer.get_by_role("tab", name="Status").click()
    importer.get_by_label("What gone means").select_option("inactive")
    importer.get_by_text("3 mended, 0 to go").wait_for()
    visitor.press("Check 3 mended rows")
    importer.get_by_text("each would find its place").wait_for(timeout=LONG_MS)
    assert visitor.client.records() == []

    visitor.press("Import 4 rows")

    importer.get_by_text("3 faulty rows have been mended since.").wait_for(timeout=LONG_MS)
    assert sorted(one["email"].partition("@")[0] for one in visitor.client.records()) == [
        *("choice", "dots", "right", "typed")
    ]
    completed = [one for one in visitor.events() if one["type"] == "completed"]
    assert completed[-1]["status"] == "completed"
    assert visitor.complaints == []


def test_a_user_mends_row_by_row_in_a_narrow_iframe_and_goes_back_in_between(visitor: Visitor) -> None:
    page, importer = visitor.page, visitor.importer
    page.set_viewport_size({"width": 375, "height": 800})
    visitor.open_frame(visitor.session(locale="en"))
    visitor.send(FAULTY)
    visitor.press("Check all rows")
    visitor.heading("1 row would be written")
    visitor.press("Import 1 row")
    visitor.heading("1 row was written")
    visitor.press("Mend 3 rows")
    visitor.press("Fix 1")
    importer.get_by_text("1 mended, 2 to go").wait_for()
    page.frames[1].evaluate("history.back()")
    visitor.heading("1 row was written")
    visitor.press("Mend 3 rows")
    importer.get_by_text("1 mended, 2 to go").wait_for()
    visitor.press("Next row")
    importer.get_by_label("E-mail").fill("typed@mail.example")
    importer.get_by_label("E-mail").press("Enter")
    importer.get_by_text("2 mended, 1 to go").wait_for()
    importer.get_by_role("tab", name="Status").click()
    importer.get_by_label("What gone means").select_option("inactive")
    visitor.press("Check 3 mended rows")
    importer.get_by_text("each would find its place").wait_for(timeout=LONG_MS)
    visitor.press("Import 3 mended rows")

    importer.get_by_text("3 faulty rows have been mended since.").wait_for(timeout=LONG_MS)
    assert len(visitor.client.records()) == 4
    assert visitor.complaints == []


def test_the_element_is_themed_and_heard_from_its_own_frame_only(visitor: Visitor) -> None:
    session = visitor.session(locale="en")
    element = f'<sluice-importer src="{session["importer_url"]}" theme="dark" height="30rem"></sluice-importer>'
    visitor.open(f'<!doctype html><script src="{visitor.client.base_url}/sluice-importer.js"></script>{element}')
    visitor.heading("Which file shall be imported?")

    forged = json.dumps({"source": "sluice", "event": "completed", "counts": {}})
    visitor.page.evaluate(f"window.postMessage({forged}, '*')")
    visitor.press("Close")
    visitor.heading("This is closed")

    assert [one["type"] for one in visitor.events()] == ["ready", "canceled"]
    assert visitor.page.locator("iframe").bounding_box()["height"] == 480  # type: ignore[index]
    assert visitor.page.frames[1].evaluate("getComputedStyle(document.documentElement).colorScheme") == "dark"
