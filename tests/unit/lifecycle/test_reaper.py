"""Jobs that are due are ended one by one, each for itself, within the time of a run."""

import logging

import pytest

from chalicelib.errors import Retryable
from chalicelib.lifecycle.reaper import Reaped, Run, reap_due
from chalicelib.log_keys import current_log_keys
from chalicelib.model.events import JobKind
from chalicelib.model.imports import Import, Status
from chalicelib.model.limits import Limits
from tests.reaping import a_run
from tests.world import NOW, OURS, World

LIMITS = Limits(end_again_s=60, end_again_longest_s=200)
ERRORS = [Retryable("slow down"), TypeError("not iterable"), MemoryError(), RecursionError()]


def a_world(imports: int) -> World:
    world = World(LIMITS)
    for number in range(imports):
        world.add_import(Status.PROCESSING, import_id=f"imp_{number}", deadline_at=NOW + number)
    world.now = NOW + imports
    return world


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
def test_one_job_in_trouble_does_not_keep_the_others_waiting(
    error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    world = a_world(3)
    ended: list[str] = []

    def end(import_: Import) -> bool:
        if import_.import_id == "imp_1":
            raise error
        ended.append(import_.import_id)
        return True

    with caplog.at_level(logging.ERROR):
        reaped = reap_due(a_run(world.context), JobKind.IMPORT, world.stores.imports, end)

    assert (reaped, ended) == (Reaped(ended=2, failed=1), ["imp_0", "imp_2"])
    assert [(one.getMessage(), one.exc_info is not None) for one in caplog.records] == [
        ("the reaper is in trouble with imp_1", True)
    ]


def test_a_job_that_was_left_alone_is_not_counted() -> None:
    world = a_world(1)

    assert reap_due(a_run(world.context), JobKind.IMPORT, world.stores.imports, lambda import_: False) == Reaped()


def test_a_run_begins_nothing_after_its_time_and_the_next_one_goes_on_with_the_longest_due() -> None:
    world = a_world(10)
    seen: list[str] = []

    def end(import_: Import) -> bool:
        seen.append(import_.import_id)
        world.now += 5
        return True

    first = reap_due(Run(world.context, until=world.now + 12), JobKind.IMPORT, world.stores.imports, end)
    reap_due(Run(world.context, until=world.now + 12), JobKind.IMPORT, world.stores.imports, end)

    assert first == Reaped(ended=3)
    assert seen == [f"imp_{number}" for number in range(6)]


def test_a_job_is_moved_behind_the_others_before_it_is_touched_and_each_time_further() -> None:
    world = a_world(1)
    waits: list[int] = []

    def end(import_: Import) -> bool:
        waits.append((import_.due_at or 0) - world.now)
        assert world.stored_import(import_).due_at == import_.due_at
        raise KeyboardInterrupt

    for _ in range(4):
        with pytest.raises(KeyboardInterrupt):
            reap_due(a_run(world.context), JobKind.IMPORT, world.stores.imports, end)
        assert reap_due(a_run(world.context), JobKind.IMPORT, world.stores.imports, end) == Reaped()
        world.now += 1 + waits[-1]

    assert waits == [60, 120, 200, 200]


def test_of_two_runs_at_once_one_tries() -> None:
    world = a_world(1)

    def end(_: Import) -> bool:
        assert reap_due(a_run(world.context), JobKind.IMPORT, world.stores.imports, lambda import_: True) == Reaped()
        return True

    assert reap_due(a_run(world.context), JobKind.IMPORT, world.stores.imports, end) == Reaped(ended=1)


def test_what_is_logged_of_a_job_is_about_it() -> None:
    world = a_world(1)
    seen: list[dict[str, str]] = []

    def end(_: Import) -> bool:
        seen.append(current_log_keys())
        return False

    reap_due(a_run(world.context), JobKind.IMPORT, world.stores.imports, end)

    assert seen == [{"tenant_id": OURS, "import_id": "imp_0"}]
