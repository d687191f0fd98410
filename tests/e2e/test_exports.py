"""Asynchronous exports over the deployed stack: what was imported comes out, selected, sorted, in every format."""

import csv
import hashlib
import io
import json
import time
from collections.abc import Callable
from typing import Any

import pytest

from tests.e2e.phased_client import FINAL, JSON, WAIT_S, PhasedClient, fetch, send
from tests.e2e.tenants import Tenants

pytestmark = pytest.mark.e2e

PEOPLE = 120


def wait_for(client: PhasedClient, export_id: str, is_there: Callable[[JSON], bool], **query: str) -> JSON:
    begun = time.monotonic()
    while not is_there(shown := client.get(f"/v1/exports/{export_id}", **query).data):
        assert time.monotonic() - begun < WAIT_S, shown
        time.sleep(0.1)
    found: JSON = shown
    return found


def run(client: PhasedClient, **wanted: Any) -> JSON:
    """The export as it ended, with all its links."""
    export = client.post("/v1/exports", {"resource": "customers"} | wanted).data
    links = {f"include_{name}": "true" for name in ("csv", "json", "ndjson", "manifest")}
    return wait_for(client, export["id"], lambda shown: shown["status"] in FINAL, **links)


def rows_of(export: JSON, format_: str) -> list[dict[str, Any]]:
    content = fetch(export[f"_{format_}_url"])
    if format_ == "csv":
        return list(csv.DictReader(io.StringIO(content.decode(), newline="")))
    if format_ == "json":
        return list(json.loads(content))
    return [json.loads(line) for line in content.splitlines()]


@pytest.fixture
def people(client: PhasedClient) -> PhasedClient:
    """A tenant with customers."""
    lines = [f"Person {number:03d},p{number}@example.com,company {number % 3}" for number in range(PEOPLE)]
    done = client.run(("name,email,company\n" + "\n".join(lines) + "\n").encode())
    assert done["stats"]["created"] == PEOPLE
    return client


def test_everything_comes_out_in_every_format(people: PhasedClient) -> None:
    export = run(people, formats=["csv", "json", "ndjson"], fields=["name", "email"])

    assert (export["status"], export["progress"]["rows"]) == ("completed", PEOPLE)
    expected = {(f"Person {number:03d}", f"p{number}@example.com") for number in range(PEOPLE)}
    for format_ in ("csv", "json", "ndjson"):
        rows = rows_of(export, format_)
        assert len(rows) == PEOPLE
        assert {(row["name"], row["email"]) for row in rows} == expected
    for file in export["files"]:
        content = fetch(export[f"_{file['format']}_url"])
        assert (len(content), hashlib.sha256(content).hexdigest()) == (file["size_bytes"], file["sha256"])


def test_records_are_filtered_sorted_and_limited(people: PhasedClient) -> None:
    options = {"company": "company 1", "name": "gte:Person 050", "order_by": "name", "direction": "asc", "limit": 3}

    export = run(people, format="json", options=options, fields=["name"])

    assert rows_of(export, "json") == [{"name": "Person 052"}, {"name": "Person 055"}, {"name": "Person 058"}]


def test_an_export_is_canceled_listed_renamed_and_deleted(people: PhasedClient) -> None:
    export = people.post("/v1/exports", {"resource": "customer", "name": "First"}).data

    canceled = people.post(f"/v1/exports/{export['id']}", {"status": "canceled"}).data
    renamed = people.post(f"/v1/exports/{export['id']}", {"name": "Second"}).data
    listed = people.get("/v1/exports").data
    deleted = people.request("DELETE", f"/v1/exports/{export['id']}").data

    assert (canceled["status"], canceled["reason"]) == ("failed", "canceled")
    assert (renamed["name"], [one["id"] for one in listed]) == ("Second", [export["id"]])
    assert deleted == {"object": "export", "id": export["id"], "deleted": True}
    assert people.get(f"/v1/exports/{export['id']}").refusal == (404, "export_not_found", [])


def test_deleting_an_export_takes_its_files_along(people: PhasedClient) -> None:
    export = run(people, format="csv")

    people.request("DELETE", f"/v1/exports/{export['id']}")

    assert send("GET", export["_csv_url"]).status == 404


def test_another_tenant_sees_nothing_of_it(people: PhasedClient, tenants: Tenants) -> None:
    export = run(people, format="csv")
    stranger = tenants.client()

    assert stranger.get(f"/v1/exports/{export['id']}").refusal == (404, "export_not_found", [])
    assert stranger.get("/v1/exports").data == []
    assert rows_of(run(stranger, format="csv"), "csv") == []
