"""Exports that end are announced as imports are: once by whoever ends them, or by the sweep if that one died."""

from dataclasses import replace
from typing import cast

import pytest

from chalicelib.errors import Retryable
from chalicelib.exports import service
from chalicelib.exports.events import FinishExportEvent
from chalicelib.exports.reaper import reap_exports
from chalicelib.model.events import EVENT_TYPES, LifecycleEvent, event_of_export
from chalicelib.model.exports import ENDINGS, ExportChange, ExportStatus
from chalicelib.stores.memory import MemoryEvents
from chalicelib.webhooks.outbox import GRACE_S, publish_all_pending
from tests.export_world import ExportWorld


def published(town: ExportWorld) -> list[LifecycleEvent]:
    return cast(MemoryEvents, town.stores.events).published


def told(town: ExportWorld) -> list[str]:
    return [one.event_type for one in published(town)]


def a_town() -> ExportWorld:
    town = ExportWorld()
    town.write("con_1", {"name": "Ann"})
    return town


def test_an_export_is_announced_once_with_its_rows() -> None:
    town = a_town()

    export = town.run()
    town.steps.finish(FinishExportEvent(tenant_id=export.tenant_id, export_id=export.export_id))

    (completion,) = published(town)
    assert (completion.detail_type, completion.subject_id) == ("Export completed", export.export_id)
    assert completion.stats == {"total": 1}
    assert export.unpublished_since is None


def test_a_finish_that_died_before_telling_is_made_up_for() -> None:
    town = a_town()
    events = cast(MemoryEvents, town.stores.events)
    events.raises = Retryable("down")
    export = town.run()
    assert (told(town), export.status) == ([], ExportStatus.COMPLETED)
    events.raises = None

    town.world.now += GRACE_S + 1
    still_owed = publish_all_pending(town.stores, town.world.now)
    publish_all_pending(town.stores, town.world.now)

    assert (still_owed, told(town)) == (0, ["export.completed"])


def test_a_cancel_is_announced() -> None:
    town = a_town()
    export = town.ask()

    service.cancel(town.context, town.world.caller(), export.export_id)

    assert told(town) == ["export.canceled"]


def test_an_export_whose_time_is_over_is_announced_and_the_end_of_its_files_is_not() -> None:
    town = a_town()
    done, late = town.run(), town.ask()

    town.world.now = max(done.files_until or 0, late.deadline_at or 0) + 1
    reap_exports(town.context)

    assert town.now_is(done).status is ExportStatus.EXPIRED
    assert told(town) == ["export.completed", "export.timed_out"]


def test_what_is_still_owed_when_its_files_run_out_is_told_as_the_same_event() -> None:
    town = a_town()
    events = cast(MemoryEvents, town.stores.events)
    events.raises = Retryable("down")
    export = town.run()
    wanted = event_of_export(export)
    town.world.now = (export.files_until or 0) + 1
    reap_exports(town.context)
    events.raises = None

    still_owed = publish_all_pending(town.stores, town.world.now)

    assert (still_owed, town.now_is(export).status) == (0, ExportStatus.EXPIRED)
    assert published(town) == [wanted]


@pytest.mark.parametrize("status", sorted(ENDINGS))
def test_every_ending_has_a_type_to_listen_to_and_an_id_of_its_own(status: ExportStatus) -> None:
    town = a_town()
    export = replace(town.ask(), status=ExportStatus.PROCESSING)

    ended = ExportChange(to=status, at=5, ended_at=5).applied_to(export)

    assert ended is not None
    assert ended.unpublished_since == 5
    assert f"export.{status.value}" in EVENT_TYPES
