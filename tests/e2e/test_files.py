"""What an import leaves to fetch: the kept upload and the rejected rows, as CSV and JSON, behind signed URLs."""

import csv
import io
import json
import time

import pytest

from tests.e2e.packagex_client import PackageXClient, counted, put, send
from tests.e2e.stack_internals import StackInternals

pytestmark = pytest.mark.e2e

SOURCE = (
    b"Name;E-Mail;Seit;Notiz\n"
    b"Ann;ann@example.com;2024-03-01;fine\n"
    b'Ben;ben(at)example.com;2024-03-01;"two\nlines"\n'
    b"Anna;ANN@example.com;;copy\n"
)
MAPPING = {"customer_since": "Seit", "notes": "Notiz"}
ROWS = [
    {"Name": "Ann", "E-Mail": "ann@example.com", "Seit": "2024-03-01", "Notiz": "fine"},
    {"Name": "Ben", "E-Mail": "ben(at)example.com", "Seit": "2024-03-01", "Notiz": "two\nlines"},
    {"Name": "Anna", "E-Mail": "ANN@example.com", "Seit": "", "Notiz": "copy"},
]


def read_csv(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode(), newline="")))


def to_csv(rows: list[dict[str, str]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, rows[0].keys())
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def test_the_kept_upload_is_the_source_as_csv_and_json(client: PackageXClient) -> None:
    import_ = client.run(SOURCE, column_mapping=MAPPING)

    assert (import_["has_upload_file"], import_["has_errors_file"]) == (True, True)
    assert read_csv(client.file(import_["id"], "upload_csv")) == ROWS
    assert json.loads(client.file(import_["id"], "upload_json")) == ROWS


def test_a_second_file_at_the_upload_url_is_ignored_and_told(client: PackageXClient) -> None:
    asked = client.create()
    for content in (b"name,email\nAnn,ann@example.com\n", b"name,email\nBob,bob@example.com\nCid,cid@example.com\n"):
        assert put(asked["_upload_url"], content) == 200

    ended = client.wait(asked["id"])

    for _ in range(100):
        if noted := client.show(asked["id"])["findings"]:
            break
        time.sleep(0.2)
    (finding,) = noted
    sizes = [one for one in (31, 51) if f"of {one} bytes, arrived" in finding["message"]]
    assert (finding["code"], len(sizes)) == ("upload_ignored", 1)
    assert ended["stats"]["created"] == (2 if sizes == [31] else 1)  # whichever was told of first was read


def test_a_file_that_comes_after_its_import_was_deleted_is_deleted_too(
    client: PackageXClient, internals: StackInternals
) -> None:
    import_ = client.create()
    assert put(import_["_upload_url"], b"name,email\nAnn,ann@example.com\n") == 200
    client.wait(import_["id"])
    client.request("DELETE", f"/v1/imports/{import_['id']}")

    assert put(import_["_upload_url"], b"name,email\nBob,bob@example.com\n") == 200

    assert internals.versions_left(import_, 0) == []


def test_rejected_rows_are_corrected_and_uploaded_again(client: PackageXClient) -> None:
    import_ = client.run(SOURCE, column_mapping=MAPPING)
    as_json = client.rejected(import_["id"])
    as_csv = read_csv(client.file(import_["id"], "errors_csv"))

    ben = as_csv[0] | {"E-Mail": "ben@example.com"}
    corrected = client.run(to_csv([ben, as_csv[1]]))

    assert counted(import_) == {"total": 3, "created": 1, "skipped": 1, "failed": 1}
    assert [(row["Name"], row["_row_number"], row["_line"], row["_outcome"]) for row in as_json] == [
        ("Ben", 2, 3, "failed"),
        ("Anna", 3, 5, "skipped"),
    ]
    assert as_json[0]["_problems"] == [
        {
            "code": "invalid_email",
            "field": "email",
            "header": "E-Mail",
            "value": "ben(at)example.com",
            "message": "'email' must be a valid email address, not 'ben(at)example.com'.",
            "hint": "Write it as name@example.com.",
            "facts": {},
        }
    ]
    assert [(row["Name"], row["_row_number"], row["_codes"]) for row in as_csv] == [
        ("Ben", "2", "invalid_email"),
        ("Anna", "3", "duplicate_in_source"),
    ]
    assert counted(corrected) == {"total": 2, "created": 1, "updated": 1}
    assert corrected["findings"] == []
    assert [(record["name"], record["notes"]) for record in client.records()] == [
        ("Anna", "copy"),
        ("Ben", "two\nlines"),
    ]


def test_an_upload_that_is_not_to_be_saved_is_not_there_afterwards(
    client: PackageXClient, internals: StackInternals
) -> None:
    import_ = client.run(SOURCE, save_upload=False)

    shown = client.show(import_["id"], include_upload_csv="true", include_errors_csv="true")
    assert (import_["has_upload_file"], import_["has_errors_file"]) == (False, True)
    assert shown["_upload_csv_url"] is None
    assert shown["_errors_csv_url"] is not None
    assert internals.versions(import_) == []


def test_deleting_an_import_takes_its_files_along(client: PackageXClient, internals: StackInternals) -> None:
    import_ = client.run(SOURCE)
    url = client.show(import_["id"], include_upload_csv="true")["_upload_csv_url"]

    deleted = client.request("DELETE", f"/v1/imports/{import_['id']}")

    assert deleted.data == {"object": "import", "id": import_["id"], "deleted": True}
    assert client.get(f"/v1/imports/{import_['id']}").refusal == (404, "import_not_found", [])
    assert client.get("/v1/imports").data == []
    assert send("GET", url).status == 404
    assert internals.versions(import_) == []
    assert len(client.records()) == 1
