"""A retry whose processes die at any call, while it is asked for and while it runs: it is made once or not at all, its
root is busy with nothing in the end, and what is counted as mended is what is stored.
"""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.errors import Conflict, Refused
from chalicelib.imports.events import FinishEvent
from chalicelib.imports.tasks.recovery import ATTEMPT_LIVES_S
from chalicelib.maintenance import reap_all
from chalicelib.model.imports import Import, Status
from chalicelib.model.limits import Limits
from chalicelib.model.stop_reasons import StopCode, StopReason
from tests.faults.crash import Crash
from tests.faults.recorder import Call, CallRecorder, Intercept
from tests.import_world import run_import
from tests.real_pipeline import connect_pipeline
from tests.retries import imported, outcomes_of, records, requested_again, retried, run
from tests.world import OURS, World

IN_BATCHES = Limits(small_source_bytes=0, batch_rows=3, split_bytes=64)
SOURCE = b"name,email\nAnn,ann@x.com\nBob,wrong\nCid,cid@x.com\nDan,wrong too\nEve,eve@x.com\nFay,no\n"
CORRECTIONS: dict[int, dict[str, Any]] = {2: {"email": "bob@x.com"}, 4: {"email": "dan@x.com"}}
DIED = StopReason(StopCode.INTERNAL_ERROR, "the import's execution ended as FAILED")


def dying_at(number: int, seen: list[int], *, is_performed: bool) -> Intercept:
    def intercept(call: Call) -> Any:
        seen.append(call.number)
        if call.number != number:
            return call.perform()
        if is_performed:
            call.perform()
        raise Crash

    return intercept


def retries_of(world: World, root: Import) -> list[Import]:
    listed = world.stores.imports.list_page(OURS, page=1, per_page=100).entries
    return [one for one in listed if one.retry_of == root.import_id]


@pytest.mark.parametrize("is_performed", [False, True], ids=["before", "after"])
def test_a_request_that_breaks_off_makes_one_retry_or_none(is_performed: bool) -> None:
    for number in range(80):
        world = World()
        root, seen = imported(world, SOURCE), list[int]()
        context = world.context
        recorder = CallRecorder(world.stores, dying_at(number, seen, is_performed=is_performed))
        world.context = replace(context, stores=recorder.stores)
        try:
            requested_again(world, root, CORRECTIONS)
        except Crash:
            assert number in seen
        world.context = context
        for _ in range(2):
            world.now += context.limits.child_start_s + 1
            reap_all(context)
        for child in retries_of(world, root):
            run(world, child)
        try:
            retried(world, root, CORRECTIONS)
        except (Conflict, Refused):  # the rows are mended already
            assert len(retries_of(world, root)) == 1

        stored = world.stored_import(root)
        assert (stored.mended, stored.busy_with, len(retries_of(world, root))) == (2, None, 1), number
        assert len(records(world)) == 5
        if number not in seen:
            return
    raise AssertionError("there are more calls")


@pytest.mark.parametrize("limits", [Limits(), IN_BATCHES], ids=["in one task", "in batches"])
def test_a_retry_that_dies_is_counted_truthfully_and_tried_again(limits: Limits) -> None:
    for number in range(3, 100_000, 11):
        world = World(limits)
        root, seen = imported(world, SOURCE), list[int]()
        child = requested_again(world, root, CORRECTIONS)
        recorder = CallRecorder(world.stores, dying_at(number, seen, is_performed=bool(number % 2)))
        try:
            run_import(replace(connect_pipeline(world), stores=recorder.stores), world.stored_import(child))
        except Crash:
            assert number in seen
        if number not in seen:
            assert number > 20
            return
        ended = ended_after_death(world, child)
        stored = world.stored_import(root)
        assert ended.status in (Status.FAILED, Status.COMPLETED), number  # it may have ended before
        assert (ended.stats.total - ended.stats.accounted, stored.busy_with) == (0, None), number
        assert stored.mended == len(records(world)) - 3, number

        left = {row: CORRECTIONS[row] for row in CORRECTIONS if outcomes_of(world, ended).get(row) != "created"}
        again = retried(world, root, left)

        assert again.status is Status.COMPLETED, number
        assert (world.stored_import(root).mended, len(records(world))) == (2, 5), number
    raise AssertionError("there are more calls")


def ended_after_death(world: World, import_: Import) -> Import:
    world.now += ATTEMPT_LIVES_S + 1
    ids = {"tenant_id": import_.tenant_id, "import_id": import_.import_id, "attempt": 1}
    for _ in range(2):
        connect_pipeline(world).finish(FinishEvent(**ids, stopped_by=DIED, is_dead=True))
    return world.stored_import(import_)
