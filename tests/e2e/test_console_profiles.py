"""Profiles in the console: made from an import, looked at, named anew, used and deleted."""

import pytest
from playwright.sync_api import FilePayload

from tests.e2e.browser import CHROMIUM
from tests.e2e.console_page import LONG_MS, Console
from tests.e2e.packagex_client import PackageXClient

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium: apt-get install chromium"),
]

GERMAN = """Kunden-Nr.;Kunde;E-Mail-Adresse;Kunde seit;Telefon privat
K-1;Jana Vogt;jana@example.com;03.04.2024;030 1234567
K-2;Jörg Müller;joerg@example.com;12.11.2023;nicht
"""
MAPPED = {"external_id": "Kunden-Nr.", "name": "Kunde", "email": "E-Mail-Adresse", "notes": "Telefon privat"}


def test_a_profile_is_made_of_an_import_named_anew_used_and_deleted(console: Console, client: PackageXClient) -> None:
    page = console.page
    file: FilePayload = {"name": "kunden 47.csv", "mimeType": "text/csv", "buffer": GERMAN.encode("cp1252")}
    first = client.run(GERMAN.encode("cp1252"), filename="kunden.csv", resource="customers", column_mapping=MAPPED)
    console.sign_in(client.key)
    page.get_by_role("link", name="Profiles").click()
    page.get_by_text("There are no profiles yet").wait_for()
    console.open(f"#/imports/{first['id']}/result")
    console.press("Remember as a profile")
    page.get_by_label("Name", exact=True).fill("weekly customers")
    console.press("Make the profile")
    console.heading("weekly-customers")
    assert page.get_by_role("row", name="Kunde Name").is_visible()
    console.press("Rename")
    page.get_by_label("New name").fill("kunden")
    console.press("Save")
    console.heading("kunden")
    assert [one["name"] for one in client.get("/v1/import-profiles").data] == ["kunden"]

    console.press("Import a file with it")
    page.get_by_text("Customers, with the profile kunden.").wait_for()
    page.set_input_files("#file", file)
    page.locator("button.main").click()
    page.get_by_text("as you had them remembered: kunden.").wait_for(timeout=LONG_MS)
    assert page.get_by_label("Field for Telefon privat").input_value() == "notes"
    console.press("Check all rows")
    page.locator(".chips").wait_for(timeout=LONG_MS)
    assert client.get("/v1/imports").data[0]["column_mapping"] == MAPPED | {"customer_since": None}

    console.open("#/profiles/kunden")
    console.press("Delete")
    console.press("Really delete?")
    page.get_by_text("There are no profiles yet").wait_for()
    assert client.get("/v1/import-profiles").data == []
    assert console.complaints == []


def test_another_profile_is_chosen_where_columns_are(console: Console, client: PackageXClient) -> None:
    for name, field in (("a", "notes"), ("b", "phone")):
        mapping = {"name": "Kunde", field: "Telefon privat"}
        client.post("/v1/import-profiles", {"name": name, "resource": "customers", "column_mapping": mapping})
    page = console.page
    console.sign_in(client.key)
    console.send({"name": "kunden.csv", "mimeType": "text/csv", "buffer": GERMAN.encode("cp1252")}, "Customers")
    page.get_by_text("as you had them remembered: a.").wait_for()
    assert page.get_by_label("Field for Telefon privat").input_value() == "notes"

    page.get_by_label("Profile").select_option("b")

    page.get_by_text("as you had them remembered: b.").wait_for()
    assert page.get_by_label("Field for Telefon privat").input_value() == "phone"
    assert console.complaints == []
