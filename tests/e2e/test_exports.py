"""Asynchronous exports over the deployed stack: what was imported comes out, selected, sorted, in every format."""

import csv
import gzip
import hashlib
import io
import json
import time
from collections.abc import Callable
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from chalicelib.formats.registry import FORMATS, WRITABLE
from tests.e2e.packagex_client import FINAL, JSON, WAIT_S, PackageXClient, fetch, send
from tests.e2e.stack_internals import StackInternals
from tests.e2e.tenants import Tenants

pytestmark = pytest.mark.e2e

PEOPLE = 120


def wait_for(client: PackageXClient, export_id: str, is_there: Callable[[JSON], bool], **query: str) -> JSON:
    begun = time.monotonic()
    while not is_there(shown := client.get(f"/v1/exports/{export_id}", **query).data):
        assert time.monotonic() - begun < WAIT_S, shown
        time.sleep(0.1)
    found: JSON = shown
    return found


def run(client: PackageXClient, **wanted: Any) -> JSON:
    """Requests an export, and returns it as it ended, with all its links."""
    export = client.post("/v1/exports", {"resource": "customers"} | wanted).data
    links = {f"include_{name}": "true" for name in (*WRITABLE, "manifest")}
    return wait_for(client, export["id"], lambda shown: shown["status"] in FINAL, **links)


def rows_of(export: JSON, format_: str) -> list[dict[str, Any]]:
    content = fetch(export[f"_{format_}_url"])
    if delimiter := FORMATS[format_.removesuffix("_sanitized")].delimiter:
        return list(csv.DictReader(io.StringIO(content.decode(), newline=""), delimiter=delimiter))
    if format_ == "xlsx":
        header, *rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
        return [dict(zip(map(str, header), row, strict=True)) for row in rows]
    if format_ == "json":
        return list(json.loads(content))
    return [json.loads(line) for line in content.splitlines()]


@pytest.fixture
def people(client: PackageXClient) -> PackageXClient:
    """A client of a tenant with customers."""
    lines = [f"Person {number:03d},p{number}@example.com,company {number % 3}" for number in range(PEOPLE)]
    done = client.run(("name,email,company\n" + "\n".join(lines) + "\n").encode())
    assert done["stats"]["created"] == PEOPLE
    return client


def test_everything_comes_out_in_every_format(people: PackageXClient) -> None:
    export = run(people, formats=list(WRITABLE), fields=["name", "email"])

    assert (export["status"], export["progress"]["rows"]) == ("completed", PEOPLE)
    expected = {(f"Person {number:03d}", f"p{number}@example.com") for number in range(PEOPLE)}
    for format_ in WRITABLE:
        rows = rows_of(export, format_)
        assert len(rows) == PEOPLE
        assert {(row["name"], row["email"]) for row in rows} == expected
    for file in export["files"]:
        content = fetch(export[f"_{file['format']}_url"])
        assert (len(content), hashlib.sha256(content).hexdigest()) == (file["size_bytes"], file["sha256"])


def test_records_are_filtered_sorted_and_limited(people: PackageXClient) -> None:
    options = {"company": "company 1", "name": "gte:Person 050", "order_by": "name", "direction": "asc", "limit": 3}

    export = run(people, format="json", options=options, fields=["name"])

    assert rows_of(export, "json") == [{"name": "Person 052"}, {"name": "Person 055"}, {"name": "Person 058"}]


def test_an_export_is_canceled_listed_renamed_and_deleted(people: PackageXClient) -> None:
    export = people.post("/v1/exports", {"resource": "customer", "name": "First"}).data

    canceled = people.post(f"/v1/exports/{export['id']}", {"status": "canceled"}).data
    renamed = people.post(f"/v1/exports/{export['id']}", {"name": "Second"}).data
    listed = people.get("/v1/exports").data
    deleted = people.request("DELETE", f"/v1/exports/{export['id']}").data

    assert (canceled["status"], canceled["reason"]) == ("failed", "canceled")
    assert (renamed["name"], [one["id"] for one in listed]) == ("Second", [export["id"]])
    assert deleted == {"object": "export", "id": export["id"], "deleted": True}
    assert people.get(f"/v1/exports/{export['id']}").refusal == (404, "export_not_found", [])


def test_exports_of_a_tenant_wait_for_each_other_and_start_as_each_ends(
    people: PackageXClient, internals: StackInternals
) -> None:
    stuck = internals.add_stuck_export(run(people, format="csv"))
    first, second = (people.post("/v1/exports", {"resource": "customers"}).data for _ in range(2))
    time.sleep(2)
    waiting = [people.get(f"/v1/exports/{export['id']}").data["status"] for export in (first, second)]

    people.post(f"/v1/exports/{stuck}", {"status": "canceled"})

    ended = [wait_for(people, export["id"], lambda shown: shown["status"] in FINAL) for export in (first, second)]
    earlier, later = sorted(ended, key=lambda export: export["started_at"])  # both were created in the same second
    assert (waiting, [one["status"] for one in ended]) == (["queued"] * 2, ["completed"] * 2)
    assert later["started_at"] >= earlier["ended_at"]


def test_deleting_an_export_takes_its_files_along(people: PackageXClient) -> None:
    export = run(people, format="csv")

    people.request("DELETE", f"/v1/exports/{export['id']}")

    assert send("GET", export["_csv_url"]).status == 404


def test_another_tenant_sees_nothing_of_it(people: PackageXClient, tenants: Tenants) -> None:
    export = run(people, format="csv")
    stranger = tenants.client()

    assert stranger.get(f"/v1/exports/{export['id']}").refusal == (404, "export_not_found", [])
    assert stranger.get("/v1/exports").data == []
    assert rows_of(run(stranger, format="csv"), "csv") == []


def test_files_that_have_lived_long_enough_are_gone(people: PackageXClient, internals: StackInternals) -> None:
    export = run(people, format="csv")

    internals.expire_files(export)
    internals.reap()

    shown = people.get(f"/v1/exports/{export['id']}", include_csv="true").data
    assert (shown["status"], shown["_csv_url"]) == ("expired", None)
    assert send("GET", export["_csv_url"]).status == 404


def test_an_export_whose_execution_died_has_failed(people: PackageXClient, internals: StackInternals) -> None:
    internals.export_in_process(people.tenant_id, "exp_dead")

    internals.send_export_failed_event(people.tenant_id, "exp_dead")

    shown = people.get("/v1/exports/exp_dead").data
    assert (shown["status"], shown["reason"]) == (
        "failed",
        "internal_error: the export's execution ended as FAILED",
    )


def test_changes_and_deletions_since_the_last_export(people: PackageXClient) -> None:
    first = run(people, format="json", fields=["name"])
    rows = b"email,name\np3@example.com,Another\nnew@example.com,Somebody\n"
    people.run(rows)
    people.run(b"email\np5@example.com\n", action="delete")
    time.sleep(2)

    changes = run(people, format="json", fields=["name", "email"], since=first["until"], options={"order_by": "email"})

    delivered = {(one["email"], one["_deleted"]) for one in rows_of(changes, "json")}
    assert {("new@example.com", False), ("p3@example.com", False), (None, True)} <= delivered


def test_formulas_are_disarmed_and_told(client: PackageXClient) -> None:
    client.run_records([{"name": "=1+1", "email": "bad@example.com"}, {"name": "Good", "email": "good@example.com"}])

    export = run(client, formats=["csv"], fields=["name"], options={"order_by": "name", "direction": "asc"})

    assert rows_of(export, "csv_sanitized") == [{"name": "'=1+1\t"}]
    assert [row["name"] for row in rows_of(export, "csv")] == ["'=1+1\t", "Good"]


def test_a_gzipped_file_comes_back_as_it_was(people: PackageXClient) -> None:
    export = run(people, format="ndjson", gzip=True, fields=["name"])

    lines = gzip.decompress(fetch(export["_ndjson_url"])).splitlines()
    assert len(lines) == PEOPLE
    assert export["files"][0]["filename"].endswith(".ndjson.gz")


def test_what_was_exported_is_imported_again_unchanged(people: PackageXClient, tenants: Tenants) -> None:
    fields = ["id", "name", "email", "company"]
    export = run(people, format="csv", fields=fields)

    again = people.run(fetch(export["_csv_url"]))
    elsewhere = tenants.client().run(fetch(export["_csv_url"]))

    assert (again["stats"]["unchanged"], elsewhere["stats"]["created"]) == (PEOPLE, PEOPLE)
