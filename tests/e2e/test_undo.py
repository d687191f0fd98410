"""What an import has changed on a deployed stack is taken back, and what somebody has changed since is kept."""

import time

import pytest

from tests.e2e.packagex_client import JSON, POLL_S, WAIT_S, PackageXClient, counted
from tests.e2e.sources import customers_csv

pytestmark = pytest.mark.e2e

ROWS = 1200
CHANGING = ("version", "updated_at")


def stored(client: PackageXClient) -> dict[str, JSON]:
    """The records by id, with the times of their creation."""
    return {
        one["id"]: {name: value for name, value in one.items() if name not in CHANGING} for one in client.each_record()
    }


def undone(client: PackageXClient, import_: JSON, **options: object) -> JSON:
    answer = client.post(f"/v1/imports/{import_['id']}/undo", options)
    assert answer.status == 201
    assert answer.headers["Location"].endswith(f"/v1/imports/{answer.data['id']}")
    return client.wait(answer.data["id"])


def test_the_undo_of_an_overwrite_in_many_batches_leaves_everything_as_it_was(client: PackageXClient) -> None:
    client.run(customers_csv(1, ROWS))
    before = stored(client)
    renamed = customers_csv(101, ROWS).replace(b"@", b"@new.")
    import_ = client.run(renamed, action="overwrite")
    after = stored(client)
    assert after != before

    preview = undone(client, import_, preview=True)
    assert stored(client) == after
    undo = undone(client, import_)

    assert stored(client) == before
    assert (undo["status"], undo["stats"]) == ("completed", preview["stats"])
    shown = client.show(import_["id"])
    assert (shown["status"], shown["reverted"], shown["undo"]["reversed"]) == (
        "completed",
        True,
        undo["stats"]["total"],
    )
    assert undone(client, undo)["status"] == "completed"
    assert stored(client) == after


def test_what_was_changed_since_is_kept(client: PackageXClient) -> None:
    client.run(b"name,email\nAnn,ann@example.com\nBen,ben@example.com\n")
    import_ = client.run(b"name,email\nAnn Lee,ann@example.com\nBen Lee,ben@example.com\nCy,cy@example.com\n")
    client.run_records([{"name": "Anna", "email": "ann@example.com"}])

    undo = undone(client, import_)

    assert [one["name"] for one in client.records()] == ["Anna", "Ben"]
    assert counted(undo) == {"total": 3, "updated": 1, "deleted": 1, "skipped": 1}
    assert client.codes(undo["id"]) == {3: ["changed_since"]}
    shown = client.show(import_["id"])
    assert (shown["reverted"], shown["undo"]["kept"]) == (False, 1)


def test_an_import_inside_a_request_is_undone_too(client: PackageXClient) -> None:
    client.run(b"name,email\nAnn,ann@example.com\n")
    before = stored(client)
    import_ = client.run_records(
        [{"name": "Anna", "email": "ann@example.com"}, {"name": "Zoe", "email": "z@example.com"}]
    )

    undo = undone(client, import_)

    assert counted(undo) == {"total": 2, "updated": 1, "deleted": 1}
    assert stored(client) == before
    assert client.post(f"/v1/imports/{import_['id']}/undo", {}).refusal[:2] == (409, "already_reverted")


def test_an_import_that_is_to_be_done_as_a_whole_writes_nothing_where_a_row_fails(client: PackageXClient) -> None:
    import_ = client.run(b"name,email\nAnn,ann@example.com\nBen,ben@\n", all_or_nothing=True)

    assert (import_["status"], import_["reason"]) == ("failed", "all_or_nothing: 1 of 2 rows")
    assert client.records() == []


def own_undo_of(client: PackageXClient, import_id: str) -> str:
    """Waits until an import that has ended is being undone, and returns the undo."""
    until = time.monotonic() + WAIT_S
    while (undo := client.show(import_id)["undo"]) is None:
        assert time.monotonic() < until
        time.sleep(POLL_S)
    return str(undo["id"])


def has_written(client: PackageXClient) -> bool:
    """Whether a record bears a name of the file; rehearsals count as processing, too, and write nothing."""
    return any(one["name"].startswith("Client") for one in client.get("/v1/records/customers", limit=100).data)


def test_an_import_that_is_to_be_done_as_a_whole_and_is_broken_off_undoes_itself(client: PackageXClient) -> None:
    client.run(customers_csv(1, ROWS))
    before = stored(client)
    import_id = client.upload(customers_csv(1, 6 * ROWS).replace(b"Person", b"Client"), all_or_nothing=True)
    client.wait_until(import_id, lambda _: has_written(client))

    client.post(f"/v1/imports/{import_id}", {"status": "canceled"})
    import_ = client.wait(import_id)
    undo = client.wait(own_undo_of(client, import_id))

    assert (import_["status"], import_["reason"]) == ("failed", "canceled")
    assert (undo["status"], undo["undo_of"]) == ("completed", import_id)
    assert undo["stats"]["total"] == sum(import_["stats"][one] for one in ("created", "updated")) > 0
    assert client.show(import_id)["reverted"] is True
    assert stored(client) == before
