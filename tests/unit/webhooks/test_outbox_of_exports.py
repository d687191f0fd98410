"""Exports that end are announced as imports are: once by whoever ends them, or by the sweep if that one died."""

from dataclasses import replace
from typing import cast

import pytest

from chalicelib.errors import Retryable
from chalicelib.exports import service
from chalicelib.exports.events import FinishExportEvent
from chalicelib.exports.reaper import reap_exports
from chalicelib.model.events import EVENT_TYPES, LifecycleEvent, event_of_export
from chalicelib.model.exports import ENDINGS, ExportStatus
from chalicelib.model.status_changes import ExportChange
from chalicelib.stores.memory import MemoryEvents
from chalicelib.webhooks.outbox import GRACE_S, publish_all_pending
from tests.export_world import ExportWorld
from tests.reaping import a_run


def published(world: ExportWorld) -> list[LifecycleEvent]:
    return cast(MemoryEvents, world.stores.events).published


def announced(world: ExportWorld) -> list[str]:
    return [one.event_type for one in published(world)]


def a_world() -> ExportWorld:
    world = ExportWorld()
    world.write("con_1", {"name": "Ann"})
    return world


def test_an_export_is_announced_once_with_its_rows() -> None:
    world = a_world()

    export = world.run()
    world.steps.finish(FinishExportEvent(tenant_id=export.tenant_id, export_id=export.export_id))

    (completion,) = published(world)
    assert (completion.detail_type, completion.job_id) == ("Export completed", export.export_id)
    assert completion.stats == {"total": 1}
    assert export.unpublished_since is None


def test_a_finish_that_died_before_telling_is_made_up_for() -> None:
    world = a_world()
    events = cast(MemoryEvents, world.stores.events)
    events.raises = Retryable("down")
    export = world.run()
    assert (announced(world), export.status) == ([], ExportStatus.COMPLETED)
    events.raises = None

    world.now += GRACE_S + 1
    still_pending = publish_all_pending(world.stores, world.now)
    publish_all_pending(world.stores, world.now)

    assert (still_pending, announced(world)) == (0, ["export.completed"])


def test_a_cancel_is_announced() -> None:
    world = a_world()
    export = world.ask()

    service.cancel(world.context, world.caller(), export.export_id)

    assert announced(world) == ["export.canceled"]


def test_an_export_whose_time_is_over_is_announced_and_the_end_of_its_files_is_not() -> None:
    world = a_world()
    done, late = world.run(), world.ask()

    world.now = max(done.files_until or 0, late.deadline_at or 0) + 1
    reap_exports(a_run(world.context))

    assert world.stored_export(done).status is ExportStatus.EXPIRED
    assert announced(world) == ["export.completed", "export.timed_out"]


def test_an_event_still_pending_when_its_files_expire_is_published_as_the_same() -> None:
    world = a_world()
    events = cast(MemoryEvents, world.stores.events)
    events.raises = Retryable("down")
    export = world.run()
    wanted = event_of_export(export)
    world.now = (export.files_until or 0) + 1
    reap_exports(a_run(world.context))
    events.raises = None

    still_pending = publish_all_pending(world.stores, world.now)

    assert (still_pending, world.stored_export(export).status) == (0, ExportStatus.EXPIRED)
    assert published(world) == [wanted]


@pytest.mark.parametrize("status", sorted(ENDINGS))
def test_every_ending_has_a_type_to_listen_to_and_an_id_of_its_own(status: ExportStatus) -> None:
    world = a_world()
    export = replace(world.ask(), status=ExportStatus.PROCESSING)

    ended = ExportChange(to=status, at=5, ended_at=5).applied_to(export)

    assert ended is not None
    assert ended.unpublished_since == 5
    assert f"export.{status.value}" in EVENT_TYPES
