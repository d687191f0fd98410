"""Many rows are previewed, confirmed and undone on a deployed stack, one after the other: what was there before is
there again. `make soak` does it with 200,000 rows, on a stack with the limits of production.
"""

import os
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import pytest

from local.stack import Stack, running_stack
from tests.e2e.conftest import WHOLE
from tests.e2e.packagex_client import JSON, PackageXClient
from tests.e2e.sources import customers_csv
from tests.e2e.stack_internals import StackInternals
from tests.e2e.tenants import Tenants

pytestmark = pytest.mark.e2e

IS_SOAK = "SOAK" in os.environ
ROWS = 200_000 if IS_SOAK else 1_000
STORED = 500
"""Records that are there before, and that the file changes."""


@pytest.fixture(scope="module")
def large_client(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[PackageXClient]:
    """A client of a stack with the limits of production, or of the small one of the other tests."""
    if not IS_SOAK:
        yield request.getfixturevalue("tenants").client()
        return
    with running_stack(tmp_path_factory.mktemp("large"), WHOLE) as stack:
        yield _tenants_of(stack).client()


def _tenants_of(stack: Stack) -> Tenants:
    return Tenants(StackInternals(stack))


@contextmanager
def timed(what: str) -> Iterator[None]:
    """Prints how long something took; `make soak` shows it."""
    began = time.monotonic()
    yield
    print(f"{what} {ROWS:,} rows: {time.monotonic() - began:.0f} s")


def stored(client: PackageXClient, ids: Iterable[str]) -> dict[str, JSON]:
    """Each record by itself: to list them behind so many deleted ones takes the emulator half an hour."""
    changing = ("version", "updated_at")
    found = {one: client.get(f"/v1/records/customers/{one}").data for one in ids}
    return {id_: {name: value for name, value in one.items() if name not in changing} for id_, one in found.items()}


def each_id(client: PackageXClient) -> Iterator[str]:
    cursor: str | None = ""
    while cursor is not None:
        answer = client.get("/v1/records/customers", limit=100, **({"cursor": cursor} if cursor else {}))
        yield from (one["id"] for one in answer.data)
        cursor = answer.body["pagination"]["cursor"]


def test_many_rows_are_previewed_confirmed_and_undone(large_client: PackageXClient) -> None:
    client = large_client
    client.run(customers_csv(1, STORED))
    before, changed = stored(client, each_id(client)), customers_csv(1, ROWS).replace(b"Person", b"Client")

    with timed("previewed"):
        preview = client.run(changed, preview=True)
    assert (preview["stats"]["updated"], preview["stats"]["created"]) == (STORED, ROWS - STORED)
    with timed("confirmed"):
        import_ = client.wait(client.post(f"/v1/imports/{preview['id']}", {"status": "confirmed"}).data["id"])
    assert (import_["status"], import_["stats"], import_["drift"]) == ("completed", preview["stats"], {})
    with timed("undone"):
        undo = client.wait(client.post(f"/v1/imports/{import_['id']}/undo", {}).data["id"])

    assert (undo["status"], undo["stats"]["total"]) == ("completed", ROWS)
    assert client.show(import_["id"])["undo"]["reversed"] == ROWS
    assert (undo["stats"]["updated"], undo["stats"]["deleted"]) == (STORED, ROWS - STORED)
    assert len(before) == STORED
    assert stored(client, before) == before
