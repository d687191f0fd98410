"""A sync import whose request dies at any call is not there, or goes on within minutes: the reaper finds it."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.imports.create import import_now, inline_source
from chalicelib.imports.reaper import look_after_imports
from chalicelib.imports.request import ImportRequest
from chalicelib.model.imports import Action, Status
from tests.faults.crash import Crash
from tests.faults.recorder import Call, CallRecorder
from tests.real_pipeline import connect_pipeline
from tests.reaping import a_run
from tests.world import OURS, World

WANTED = ImportRequest(dialect="packagex", resource="contacts", action=Action.MERGE)
ROWS = inline_source([{"name": "Ann", "email": "ann@example.com"}])


def died_at(number: int, *, is_done: bool) -> tuple[World, bool]:
    """The world in which a request died at this call, before it or after it, and whether it came to it."""
    world, seen = World(), 0

    def intercept(call: Call) -> Any:
        nonlocal seen
        seen += call.is_effect
        if not call.is_effect or seen != number:
            return call.perform()
        if is_done:
            call.perform()
        raise Crash

    real = world.stores
    world.stores = CallRecorder(real, intercept).stores
    world.context = replace(world.context, stores=world.stores)
    connect_pipeline(world)
    has_died = False
    try:
        import_now(world.context, world.caller(), WANTED, ROWS)
    except Crash:
        has_died = True
    world.stores, world.context = real, replace(world.context, stores=real)
    return world, has_died


@pytest.mark.parametrize("is_done", [False, True], ids=["before", "after"])
def test_what_a_dead_request_has_stored_goes_on_by_itself(*, is_done: bool) -> None:
    number = 1
    while True:
        world, has_died = died_at(number, is_done=is_done)
        look_after_imports(a_run(world.context))
        stored = world.stores.imports.list_page(OURS, page=1, per_page=9).entries
        assert {one.status for one in stored} <= {Status.PROCESSING}
        assert len(world.started) == len(stored)
        if not has_died:
            break
        number += 1

    assert number > 3
