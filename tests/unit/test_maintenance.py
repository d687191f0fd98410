"""One round ends the imports and the exports whose time is over."""

from collections.abc import Callable

from chalicelib.lifecycle.reaper import Reaped, Run
from chalicelib.maintenance import reap_all
from chalicelib.model.exports import ExportStatus
from chalicelib.model.imports import Status
from chalicelib.model.limits import Limits
from tests.world import NOW, OURS, World, an_export


def test_imports_and_exports_are_ended_in_one_round() -> None:
    world = World()
    import_ = world.add_import(Status.REQUESTED, upload_expires_at=NOW - 1)
    export = an_export(ExportStatus.PROCESSING, deadline_at=NOW - 1)
    world.stores.exports.add(export)

    assert reap_all(world.context) == Reaped(ended=2)

    stored = world.stores.exports.find(OURS, export.export_id)
    assert world.stored_import(import_).status is Status.EXPIRED
    assert stored is not None
    assert stored.status is ExportStatus.TIMED_OUT


def test_nothing_is_ended_before_its_time() -> None:
    world = World()
    world.add_import(Status.REQUESTED)
    world.stores.exports.add(an_export(ExportStatus.PROCESSING))

    assert reap_all(world.context) == Reaped()


def test_each_part_has_its_share_of_the_time_that_is_left() -> None:
    world, shares = World(Limits(reaper_time_s=120)), list[int]()

    def taking(seconds: int) -> Callable[[Run], Reaped]:
        def part(run: Run) -> Reaped:
            shares.append(run.until - world.now)
            world.now += seconds
            return Reaped()

        return part

    reap_all(world.context, [taking(10), taking(100), taking(30), taking(0)])

    assert shares == [30, 36, 5, 0]


def test_a_part_that_fails_is_counted_and_keeps_no_other_from_its_turn() -> None:
    def fails(_run: Run) -> Reaped:
        raise TypeError("broken")

    assert reap_all(World().context, [fails, lambda _: Reaped(ended=1)]) == Reaped(ended=1, failed=1)
