"""Imports of one tenant take slots; whoever ends lets the next in, and nobody is forgotten."""

from dataclasses import replace

from chalicelib.imports.concurrency import ImportQueue
from chalicelib.imports.service import cancel
from chalicelib.maintenance import reap_all
from chalicelib.model.ids import ImportId, TenantId
from chalicelib.model.imports import Import, Status
from chalicelib.model.status_changes import ImportChange
from tests.world import OURS, THEIRS, World


def a_world(waiting: int, slots: int = 1) -> tuple[World, ImportQueue, list[Import]]:
    """With so many queued imports, which come to the admission one after the other."""
    world = World()
    admission = ImportQueue(world.stores, slots)
    imports = [world.add_import(Status.QUEUED, f"imp_{n}", created_at=n) for n in range(waiting)]
    for import_ in imports:
        admission.start_or_enqueue(import_)
    return world, admission, imports


def end(world: World, import_: Import) -> None:
    for status in (Status.PROCESSING, Status.COMPLETED):
        assert world.stores.imports.change(OURS, import_.import_id, ImportChange(to=status, at=world.now))


def test_an_import_whose_tenant_has_no_slot_left_waits() -> None:
    world, _, _ = a_world(3, slots=2)

    assert world.started == ["imp_0-1", "imp_1-1"]


def test_another_tenant_does_not_wait_with_it() -> None:
    world, admission, _ = a_world(2)
    theirs = world.add_import(Status.QUEUED, "imp_theirs", tenant_id=THEIRS)

    admission.start_or_enqueue(theirs)

    assert world.started == ["imp_0-1", "imp_theirs-1"]


def test_the_import_that_has_waited_longest_gets_the_slot_of_one_that_has_ended() -> None:
    world, admission, imports = a_world(3)
    end(world, imports[0])

    admission.release(imports[0])

    assert world.started == ["imp_0-1", "imp_1-1"]


def test_an_import_that_goes_on_keeps_its_slot() -> None:
    world, admission, imports = a_world(2)

    admission.release(imports[0])

    assert world.started == ["imp_0-1"]


def test_releasing_a_slot_twice_starts_one_import() -> None:
    world, admission, imports = a_world(3)
    end(world, imports[0])

    admission.release(imports[0])
    admission.release(imports[0])

    assert world.started == ["imp_0-1", "imp_1-1"]


def test_an_event_that_comes_twice_takes_one_slot() -> None:
    world, admission, imports = a_world(1, slots=2)

    admission.start_or_enqueue(imports[0])

    assert world.stores.slots.list_holders(OURS, slots=2) == [ImportId("imp_0")]


def test_one_that_was_canceled_while_it_waited_has_ended_and_is_passed_over() -> None:
    world, admission, imports = a_world(3)

    canceled = cancel(world.context, world.caller(), imports[1].import_id)
    end(world, imports[0])
    admission.release(imports[0])

    assert canceled.status is Status.CANCELED
    assert world.started == ["imp_0-1", "imp_2-1"]


def test_a_slot_that_a_crash_left_is_found_by_the_next_import() -> None:
    world, admission, imports = a_world(1)
    end(world, imports[0])

    admission.start_or_enqueue(world.add_import(Status.QUEUED, "imp_next", created_at=9))

    assert world.started == ["imp_0-1", "imp_next-1"]


def test_the_reaper_lets_in_whom_a_crash_forgot() -> None:
    world, _, imports = a_world(2)
    world.context = replace(world.context, limits=replace(world.context.limits, tenant_imports=1))
    end(world, imports[0])

    reap_all(world.context)

    assert world.started == ["imp_0-1", "imp_1-1"]
    assert world.stores.slots.list_tenants() == []


def test_a_slot_released_between_asking_and_waiting_is_not_missed() -> None:
    """The last of those who run leaves right after a newcomer was refused, and sees nobody wait."""
    world, admission, imports = a_world(1)
    slots = world.stores.slots

    class LeavesMeanwhile:
        def __getattr__(self, name: str) -> object:
            if name == "wait":
                end(world, imports[0])
                admission.release(imports[0])
            return getattr(slots, name)

    late = ImportQueue(replace(world.stores, slots=LeavesMeanwhile()), 1)  # type: ignore[arg-type]
    late.start_or_enqueue(world.add_import(Status.QUEUED, "imp_late", created_at=9))

    assert world.started == ["imp_0-1", "imp_late-1"]
    assert list(slots.each_waiting(TenantId(OURS))) == []
