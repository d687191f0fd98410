"""One end-to-end test per format, gzipped and not: the same customers in, the same records out."""

import pytest

from tests.e2e.phased_client import PhasedClient, counted
from tests.e2e.sources import RECORDS, SOURCES, gzipped

pytestmark = pytest.mark.e2e

FINDINGS = {"semicolons in cp1252": ["encoding_guessed"], "xlsx": ["more_sheets"]}
"""What is to be said of the source beside its rows."""


@pytest.mark.parametrize("is_gzipped", [False, True], ids=["plain", "gzipped"])
@pytest.mark.parametrize("kind", SOURCES)
def test_a_source_of_any_format_becomes_the_same_records(client: PhasedClient, kind: str, is_gzipped: bool) -> None:
    filename, content = gzipped(SOURCES[kind]) if is_gzipped else SOURCES[kind]

    import_ = client.run(content, filename=filename)

    assert (import_["status"], import_["reason"], counted(import_)) == ("completed", None, {"total": 2, "created": 2})
    assert client.records() == RECORDS
    assert [finding["code"] for finding in import_["findings"]] == FINDINGS.get(kind, [])


def test_another_sheet_of_a_workbook_can_be_named(client: PhasedClient) -> None:
    filename, content = SOURCES["xlsx"]

    import_ = client.run(content, filename=filename, reading={"sheet": "Leads"})

    assert import_["status"] == "completed"
    assert client.records() == [{"name": "Lea Lead", "email": "lea@example.com", "status": "active"}]
