"""A file in another language, from its headers to its records."""

import pytest

from tests.e2e.packagex_client import PackageXClient

pytestmark = pytest.mark.e2e

CONTENT = b"Vorname;Nachname;E-Mail-Adresse;Geburtstag\nJana;Vogt;jana@example.com;12.04.1990\n"
HEADERS = ["Vorname", "Nachname", "E-Mail-Adresse", "Geburtstag"]


def test_an_import_takes_the_mapping_that_is_suggested(client: PackageXClient) -> None:
    suggested = client.post("/v1/mapping-suggestions", {"resource": "customers", "headers": HEADERS}).data

    import_ = client.run(CONTENT, filename="kunden.csv", column_mapping=suggested["column_mapping"])

    assert suggested["column_mapping"] == {
        "first_name": "Vorname",
        "last_name": "Nachname",
        "email": "E-Mail-Adresse",
    }
    assert import_["status"] == "completed"
    assert client.records() == [{"name": "Jana Vogt", "email": "jana@example.com", "status": "active"}]
