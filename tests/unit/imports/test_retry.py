"""What is tried again: rows that failed, were skipped or not processed, and nothing that was mended before."""

import pytest

from chalicelib.model.imports import DuplicateHandling, Status
from tests.retries import (
    IN_BATCHES,
    IN_ONE_TASK,
    codes_of,
    imported,
    outcomes_of,
    records,
    retried,
)
from tests.world import World

DIRTY = (
    b"name,email,phone\n"
    b"Ann,ann@x.com,\n"
    b"Bob,wrong,\n"
    b"Cid,cid@x.com,\n"
    b"Dan,also wrong,\n"
    b"Eve,eve@x.com,,,too many\n"
    b"Fay,fay@x.com,\n"
    b"Gil,ann@x.com,\n"
)


@pytest.fixture(params=[IN_ONE_TASK, IN_BATCHES], ids=["in one task", "in batches"])
def world(request: pytest.FixtureRequest) -> World:
    return World(request.param)


def test_failed_rows_are_mended_under_their_numbers(world: World) -> None:
    root = imported(world, DIRTY, duplicate_handling=DuplicateHandling.USE_FIRST)
    assert outcomes_of(world, root) == {
        1: "created",
        2: "failed",
        3: "created",
        4: "failed",
        5: "failed",
        6: "created",
        7: "skipped",
    }

    child = retried(world, root, {2: {"email": "bob@x.com"}, 5: {"name": "Eve", "email": "eve@x.com"}})

    assert (child.status, child.retry_of) == (Status.COMPLETED, root.import_id)
    assert outcomes_of(world, child) == {2: "created", 4: "failed", 5: "created"}
    assert codes_of(world, child) == {4: ["invalid_email"]}
    assert (child.stats.total, child.stats.created, child.stats.failed) == (3, 2, 1)
    stored = world.stored_import(root)
    assert (stored.mended, stored.retries, stored.busy_with) == (2, (child.import_id,), None)
    assert stored.stats == root.stats
    assert sorted(str(one["name"]) for one in records(world).values()) == ["Ann", "Bob", "Cid", "Eve", "Fay"]
