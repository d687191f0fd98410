"""Exports whose time is over."""

from chalicelib.exports.reaper import reap_exports
from chalicelib.lifecycle.reaper import Reaped
from chalicelib.maintenance import reap_all
from chalicelib.model.exports import ExportStatus
from chalicelib.model.status_changes import ExportChange
from chalicelib.stores.memory import MemoryExportExecutions
from tests.export_world import ExportWorld
from tests.reaping import a_run
from tests.world import NOW, OURS, World, an_export


def test_an_export_that_is_not_done_in_time_is_timed_out_and_stopped() -> None:
    world = World()
    world.stores.exports.add(an_export(ExportStatus.PROCESSING, deadline_at=NOW))
    world.stores.export_executions.start(an_export())
    world.now += 1

    reaped = reap_all(world.context)

    stored = world.stores.exports.find(OURS, an_export().export_id)
    assert reaped == Reaped(ended=1)
    assert stored is not None
    assert stored.status is ExportStatus.TIMED_OUT
    assert isinstance(world.stores.export_executions, MemoryExportExecutions)
    assert list(world.stores.export_executions.stopped.values()) == ["timed_out"]


def test_an_export_that_begins_after_the_reaper_died_over_it_has_its_whole_time() -> None:
    world = World()
    export = an_export(ExportStatus.QUEUED, deadline_at=NOW)
    world.stores.exports.add(export)
    world.stores.exports.postpone(export, until=NOW + 300)
    begun = ExportChange(to=ExportStatus.PROCESSING, at=NOW, deadline_at=NOW + 3600)
    world.stores.exports.change(OURS, export.export_id, begun)

    world.now += 301
    reaped = reap_exports(a_run(world.context))

    stored = world.stores.exports.find(OURS, export.export_id)
    assert stored is not None
    assert (reaped, stored.status, stored.end_tries) == (Reaped(), ExportStatus.PROCESSING, 0)


def test_files_are_deleted_when_they_have_lived_long_enough() -> None:
    world = ExportWorld()
    world.write("con_1", {"name": "Ann"})
    export = world.run()

    world.now += 24 * 3600
    early = reap_exports(a_run(world.context))
    world.now += 1
    late = reap_exports(a_run(world.context))

    assert (early, late, reap_exports(a_run(world.context))) == (Reaped(), Reaped(ended=1), Reaped())
    assert world.stored_export(export).status is ExportStatus.EXPIRED
    assert [world.stores.files.find_file(file.key) for file in export.files] == [None] * 3
