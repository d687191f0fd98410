"""One end-to-end test per format, gzipped and not: the same customers in, the same records out."""

import pytest

from tests.e2e.packagex_client import PackageXClient, counted
from tests.e2e.sources import RECORDS, SOURCES, gzipped

pytestmark = pytest.mark.e2e

FINDINGS = {"semicolons in cp1252": ["encoding_guessed"], "xlsx": ["more_sheets"]}
"""The findings about each source as a whole."""


@pytest.mark.parametrize("is_gzipped", [False, True], ids=["plain", "gzipped"])
@pytest.mark.parametrize("kind", SOURCES)
def test_a_source_of_any_format_becomes_the_same_records(client: PackageXClient, kind: str, is_gzipped: bool) -> None:
    filename, content = gzipped(SOURCES[kind]) if is_gzipped else SOURCES[kind]

    import_ = client.run(content, filename=filename)

    assert (import_["status"], import_["reason"], counted(import_)) == ("completed", None, {"total": 2, "created": 2})
    assert client.records() == RECORDS
    assert [finding["code"] for finding in import_["findings"]] == FINDINGS.get(kind, [])


def test_another_sheet_of_a_workbook_can_be_named(client: PackageXClient) -> None:
    filename, content = SOURCES["xlsx"]

    import_ = client.run(content, filename=filename, reading={"sheet": "Leads"})

    assert import_["status"] == "completed"
    assert client.records() == [{"name": "Lea Lead", "email": "lea@example.com", "status": "active"}]


def test_dates_are_read_as_the_column_proves_or_as_stated_or_refused(client: PackageXClient) -> None:
    unclear = b"name,email,customer since\nAnn,ann@example.com,03/04/2024\n"
    proven = unclear + b"Bob,bob@example.com,23/01/2024\n"

    refused = client.run(unclear)
    stated = client.run(unclear, reading={"date_order": "month_first"})
    months = [one["customer_since"] for one in client.records()]
    decided = client.run(proven)

    assert (refused["problems"], counted(refused)["failed"]) == ({"ambiguous_date": 1}, 1)
    assert (counted(stated), months) == ({"total": 1, "created": 1}, ["2024-03-04"])
    assert [one["code"] for one in decided["findings"]] == ["notation_decided"]
    assert sorted(one["customer_since"] for one in client.records()) == ["2024-01-23", "2024-04-03"]
