"""Rows that failed are mended until none is left, without the file being sent again; the rows page shows it."""

import pytest

from tests.e2e.packagex_client import JSON, PackageXClient, counted
from tests.e2e.sources import customers_csv

pytestmark = pytest.mark.e2e

ROWS = 1600
"""So many that the first import reads them in batches."""
DIRTY = customers_csv(1, ROWS) + b"\nWrong One,wrong@,\nWrong Two,wrong,too,many,cells\nWrong Three,also wrong,\n"
FAILED = [ROWS + 1, ROWS + 2, ROWS + 3]


def retried(client: PackageXClient, import_: JSON, body: JSON) -> JSON:
    answer = client.post(f"/v1/imports/{import_['id']}/retry", body)
    assert answer.status == 201, answer.body
    assert answer.headers["Location"].endswith(f"/v1/imports/{answer.data['id']}")
    return client.wait(answer.data["id"])


def rows(client: PackageXClient, import_: JSON, **query: object) -> list[JSON]:
    found: list[JSON] = client.get(f"/v1/imports/{import_['id']}/rows", **query).data
    return found


def test_rows_are_mended_until_none_fails(client: PackageXClient) -> None:
    root = client.run(DIRTY)
    assert [row["row_number"] for row in rows(client, root, outcome="failed")] == FAILED

    first = retried(
        client, root, {"rows": [{"row_number": ROWS + 1, "values": {"name": "Right", "email": "right@example.com"}}]}
    )

    assert (first["status"], counted(first)) == ("completed", {"total": 3, "created": 1, "failed": 2})
    assert [(row["row_number"], row["outcome"]) for row in rows(client, first)] == [
        (ROWS + 1, "created"),
        (ROWS + 2, "failed"),
        (ROWS + 3, "failed"),
    ]

    second = retried(
        client,
        root,
        {
            "rows": [
                {"row_number": ROWS + 2, "values": {"name": "Two", "email": "two@example.com"}},
                {"row_number": ROWS + 3, "values": {"email": "three@example.com"}},
            ]
        },
    )

    assert counted(second) == {"total": 2, "created": 2}
    shown = client.get(f"/v1/imports/{root['id']}").data
    assert (shown["mended"], shown["retries"]) == (3, [first["id"], second["id"]])
    assert client.post(f"/v1/imports/{root['id']}/retry", {}).status == 409
    assert len(client.each_record()) == root["stats"]["created"] + 3


def test_rows_that_came_with_their_request_are_mended_as_well(client: PackageXClient) -> None:
    root = client.run_records([{"name": "Ann", "email": "ann@"}, {"name": "Ben", "email": "ben@example.com"}])

    done = retried(client, root, {"rows": [{"row_number": 1, "values": {"email": "ann@example.com"}}]})

    assert counted(done) == {"total": 1, "created": 1}
    assert sorted(one["name"] for one in client.records()) == ["Ann", "Ben"]
