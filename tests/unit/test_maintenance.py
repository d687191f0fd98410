"""One round ends the imports and the exports whose time is over."""

from chalicelib.lifecycle.reaper import Reaped
from chalicelib.maintenance import reap_all
from chalicelib.model.exports import ExportStatus
from chalicelib.model.imports import Status
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
