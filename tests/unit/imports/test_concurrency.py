"""The ends of an import start the next that waits, also those before its beginning."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from chalicelib.access.context import InlineRun
from chalicelib.imports import service
from chalicelib.imports.concurrency import import_queue
from chalicelib.imports.handlers import ImportMachine
from chalicelib.maintenance import reap_all
from chalicelib.model.ids import ImportId
from chalicelib.model.imports import Import, Status
from chalicelib.model.limits import Limits
from chalicelib.model.status_changes import ImportChange
from chalicelib.model.stop_reasons import EndReason
from tests.import_world import ImportWorld
from tests.world import OURS, World

LIMITS = Limits(tenant_imports=1)


def cancel_before_it_begins(world: World, import_: Import) -> None:
    assert service.cancel(world.context, world.caller(), import_.import_id).status is Status.CANCELED


def end_by_the_machine(world: World, import_: Import) -> None:
    machine = ImportMachine(stores=world.stores, limits=LIMITS, now=lambda: world.now, new_attempt_id=lambda: "att_1")
    machine.end(import_, EndReason(Status.FAILED, "internal_error"))


def end_and_crash(world: World, import_: Import) -> None:
    """The process that ended it dies before it gives the slot back."""
    for status in (Status.PROCESSING, Status.COMPLETED):
        world.stores.imports.change(OURS, import_.import_id, ImportChange(to=status, at=world.now))
    reap_all(world.context)


ENDS: list[Callable[[World, Import], None]] = [cancel_before_it_begins, end_by_the_machine, end_and_crash]


@pytest.mark.parametrize("end", ENDS, ids=lambda end: end.__name__)
def test_the_end_of_an_import_starts_the_next(end: Callable[[World, Import], None]) -> None:
    world = World(LIMITS)
    queue = import_queue(world.stores, LIMITS, lambda: world.now)
    imports = [world.add_import(Status.QUEUED, f"imp_{n}", created_at=n) for n in range(3)]
    for import_ in imports:
        queue.start_or_enqueue(import_)
    assert world.started == ["imp_0-1"]

    end(world, imports[0])

    assert world.started == ["imp_0-1", "imp_1-1"]


def test_one_that_was_canceled_while_it_waited_is_passed_over() -> None:
    world = World(LIMITS)
    queue = import_queue(world.stores, LIMITS, lambda: world.now)
    imports = [world.add_import(Status.QUEUED, f"imp_{n}", created_at=n) for n in range(3)]
    for import_ in imports:
        queue.start_or_enqueue(import_)
    cancel_before_it_begins(world, imports[1])

    end_by_the_machine(world, imports[0])

    assert world.started == ["imp_0-1", "imp_2-1"]


def test_imports_that_wait_start_in_the_order_in_which_they_were_made_or_queued() -> None:
    world = World(LIMITS)
    queue = import_queue(world.stores, LIMITS, lambda: world.now)
    first = world.add_import(Status.QUEUED, "imp_0", created_at=0)
    world.add_import(Status.QUEUED, "imp_1", created_at=1, queued_at=3)
    world.add_import(Status.QUEUED, "imp_2", created_at=2)
    for import_ in (first, *(world.stores.imports.find(OURS, ImportId(one)) for one in ("imp_1", "imp_2"))):
        assert import_ is not None
        queue.start_or_enqueue(import_)

    end_by_the_machine(world, first)

    assert world.started == ["imp_0-1", "imp_2-1"]


def test_an_import_inside_its_request_costs_no_look_at_slots() -> None:
    world = ImportWorld()
    machine = replace(world.machine, stores=replace(world.stores, slots=None))  # type: ignore[arg-type]

    done = machine.run_all_phases(world.queue("name,email\nAnn,ann@x.com\n"), InlineRun(b"name,email\nAnn,ann@x.com\n"))

    assert (done.import_.status, done.import_.stats.created) == (Status.COMPLETED, 1)
