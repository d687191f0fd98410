"""A file is held until it was looked at and its columns are settled; then it is let go."""

import time

import pytest

from tests.e2e.packagex_client import JSON, WAIT_S, PackageXClient, counted
from tests.other_workbooks import ods, ods_table

pytestmark = pytest.mark.e2e

FILE = "Kunde;Post\nAnn;ann@example.com\nBén;ben@example.com\n".encode()


def held(client: PackageXClient, content: bytes, **options: object) -> JSON:
    import_id = client.upload(content, hold=True, **options)
    return client.wait_until(import_id, lambda shown: bool(shown["held"]))


def source_of(client: PackageXClient, import_id: str) -> JSON:
    """Asks until somebody has looked at the source."""
    started_at = time.monotonic()
    while (answer := client.get(f"/v1/imports/{import_id}/source")).status == 409:
        assert answer.refusal[1] == "source_not_ready"
        assert time.monotonic() - started_at < WAIT_S
        time.sleep(0.1)
    data: JSON = answer.data
    return data


def test_a_held_file_is_looked_at_mapped_and_let_go(client: PackageXClient) -> None:
    import_ = held(client, FILE)
    assert (import_["status"], import_["_upload_url"], import_["phases"][0]["status"]) == ("requested", None, "pending")

    source = source_of(client, import_["id"])
    assert (source["delimiter"], source["header_row"], source["rows"][1]) == (";", 1, ["Bén", "ben@example.com"])
    assert [one["field"] for one in source["columns"]] == [None, None]

    mapping = {"name": "Kunde", "email": "Post"}
    changed = client.post(f"/v1/imports/{import_['id']}", {"column_mapping": mapping}).data
    assert (changed["held"], changed["column_mapping"]) == (True, mapping)
    assert [one["field"] for one in source_of(client, import_["id"])["columns"]] == ["name", "email"]
    assert client.records() == []

    assert client.post(f"/v1/imports/{import_['id']}", {"status": "queued"}).data["status"] == "queued"
    done = client.wait(import_["id"])
    assert (done["status"], counted(done)) == ("completed", {"total": 2, "created": 2})
    assert [(one["field"], one["why"]) for one in done["columns"]] == [("name", "mapping"), ("email", "mapping")]
    assert sorted(one["name"] for one in client.records()) == ["Ann", "Bén"]
    late = client.post(f"/v1/imports/{import_['id']}", {"column_mapping": {}})
    assert late.refusal == (409, "import_started", [])


def test_another_way_of_reading_is_looked_at_again(client: PackageXClient) -> None:
    import_ = held(client, b"name|email\nAnn|ann@example.com\n")
    assert source_of(client, import_["id"])["delimiter"] == "|"

    client.post(f"/v1/imports/{import_['id']}", {"reading": {"header_row": 2}})

    assert [one["header"] for one in source_of(client, import_["id"])["columns"]] == ["Ann", "ann@example.com"]


def test_the_sheets_of_a_workbook_are_named(client: PackageXClient) -> None:
    import_ = held(client, ods(ods_table([["name", "email"], ["Ann", "ann@example.com"]], name="People")))

    source = source_of(client, import_["id"])

    assert (source["format"], source["sheet"]) == ("ods", "People")
    assert source["sheets"] == ["People"]


def test_a_large_document_is_looked_at_by_a_function_of_its_own(client: PackageXClient) -> None:
    import_ = held(client, b'[{"name": "Ann"}]' + b" " * 5_000_000)

    assert [one["header"] for one in source_of(client, import_["id"])["columns"]] == ["name"]
