"""A file is looked at before anything is written, and done afterwards; the rows tell what each of them does."""

import pytest

from tests.e2e.packagex_client import JSON, PackageXClient, counted
from tests.e2e.sources import customers_csv

pytestmark = pytest.mark.e2e

ROWS = 1600
SMALL = b"name,email\nAnn,ann@example.com\nBen,ben@\n"


def confirmed(client: PackageXClient, preview: JSON) -> JSON:
    answer = client.post(f"/v1/imports/{preview['id']}", {"status": "confirmed"})
    assert answer.status == 201
    assert answer.headers["Location"].endswith(f"/v1/imports/{answer.data['id']}")
    return client.wait(answer.data["id"])


@pytest.mark.parametrize("source", [SMALL, customers_csv(1, ROWS)], ids=["in one task", "in many"])
def test_a_preview_tells_what_its_import_does_and_writes_nothing(client: PackageXClient, source: bytes) -> None:
    preview = client.run(source, preview=True)
    rows = client.get(f"/v1/imports/{preview['id']}/rows", limit=500).data

    assert (preview["status"], preview["is_preview"]) == ("completed", True)
    assert client.records() == []

    import_ = confirmed(client, preview)

    assert (import_["stats"], import_["preview_of"], import_["drift"]) == (preview["stats"], preview["id"], {})
    assert client.get(f"/v1/imports/{import_['id']}/rows", limit=500).data == rows
    assert len(client.each_record()) == import_["stats"]["created"]


def test_a_preview_of_rows_in_the_request_tells_what_each_would_change(client: PackageXClient) -> None:
    client.run(SMALL)

    preview = client.run_records([{"name": "Anna", "email": "ann@example.com"}], preview=True)

    (row,) = client.get(f"/v1/imports/{preview['id']}/rows").data
    assert (row["outcome"], row["changes"]) == ("updated", {"name": {"from": "Ann", "to": "Anna"}})
    assert [one["name"] for one in client.records()] == ["Ann"]


def test_a_file_that_would_fail_too_much_changes_nothing(client: PackageXClient) -> None:
    import_ = client.run(SMALL, max_failed="10%")

    assert (import_["status"], import_["reason"]) == ("failed", "max_failed: 1 of 2 rows, limit 10%")
    assert counted(import_) == {"total": 2, "failed": 1, "unprocessed": 1}
    assert client.records() == []


def test_an_overwrite_that_would_delete_too_much_deletes_nothing(client: PackageXClient) -> None:
    client.run(customers_csv(1, 10))

    import_ = client.run(customers_csv(1, 4), action="overwrite", max_deleted="10%")

    assert (import_["status"], import_["reason"]) == ("failed", "max_deleted: 6 of 10 records, limit 10%")
    assert len(client.each_record()) == 10


def test_rows_of_many_batches_are_listed_by_cursor_and_by_kind(client: PackageXClient) -> None:
    import_ = client.run(customers_csv(1, ROWS) + b"\nWrong,wrong@,\n")
    path, found = f"/v1/imports/{import_['id']}/rows", list[int]()
    cursor: str | None = ""

    while cursor is not None:
        answer = client.get(path, limit=500, **({"cursor": cursor} if cursor else {}))
        found += [row["row_number"] for row in answer.data]
        cursor = answer.body["pagination"]["cursor"]

    assert found == [*range(1, ROWS + 2)]
    assert [row["row_number"] for row in client.get(path, outcome="failed").data] == [ROWS + 1]
