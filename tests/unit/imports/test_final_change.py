"""What an import that has ended tells and keeps: its file, until when it can be undone or confirmed, and what became of
its cleanup.
"""

from typing import Any

import pytest

from chalicelib.errors import Retryable
from chalicelib.imports.events import FinishEvent, TaskEvent
from chalicelib.model.ids import ImportId
from chalicelib.model.imports import Import, PhaseStatus, Source, Status
from chalicelib.model.limits import Limits
from chalicelib.model.object_keys import upload_key
from chalicelib.model.phases import PhaseName
from chalicelib.model.retention import DAY_S
from chalicelib.model.status_changes import ImportChange
from chalicelib.model.stop_reasons import CANCELED, StopCode, StopReason
from tests.import_world import TENANT, ImportWorld

ANN = "name,email\nAnn,ann@x.com\n"
STORED = (
    '{"external_id":"b","name":"Bob","locations":["Berlin"]}\n'
    '{"external_id":"m","name":"Mo","locations":["Berlin","Paris"]}\n'
)


def after_stored(source: str, **options: Any) -> Import:
    """Imports contacts where those of `STORED` are."""
    world = ImportWorld(limits=Limits(undo_days=options.pop("undo_days", 7)))
    world.run(STORED, resource="contacts")
    return world.run(source, resource="contacts", **options)


@pytest.mark.parametrize(
    ("source", "options"),
    [
        pytest.param(ANN, {}, id="it has created"),
        pytest.param("external_id,name\nb,Bert\n", {}, id="it has updated"),
        pytest.param("external_id\nb\n", {"action": "delete"}, id="it has deleted"),
        pytest.param("external_id,name\nm,Mo\n", {"action": "overwrite"}, id="its cleanup has deleted"),
        pytest.param(
            "external_id,name\nb,Bob\n",
            {"action": "overwrite", "location_id": "Berlin"},
            id="its cleanup has relocated",
        ),
    ],
)
def test_an_import_that_has_changed_a_record_can_be_undone_for_days(source: str, options: dict[str, Any]) -> None:
    ended = after_stored(source, **options)

    assert ended.status is Status.COMPLETED
    assert ended.undo_until == (ended.ended_at or 0) + 7 * DAY_S


@pytest.mark.parametrize(
    ("source", "options"),
    [
        pytest.param("external_id,name\nb,Bob\n", {}, id="nothing was changed"),
        pytest.param("name,email\nAnn,wrong\n", {}, id="every row failed"),
        pytest.param(ANN, {"is_preview": True}, id="a preview"),
        pytest.param(ANN, {"undo_days": 0}, id="nothing is ever undone"),
    ],
)
def test_any_other_import_cannot_be_undone(source: str, options: dict[str, Any]) -> None:
    assert after_stored(source, **options).undo_until is None


def test_a_preview_that_has_completed_can_be_confirmed_for_days() -> None:
    world = ImportWorld(limits=Limits(confirm_days=3))

    preview, refused, import_ = world.run(ANN, is_preview=True), world.run("", is_preview=True), world.run(ANN)

    assert preview.confirm_until == (preview.ended_at or 0) + 3 * DAY_S
    assert (refused.status, refused.confirm_until) == (Status.FAILED, None)
    assert import_.confirm_until is None


def finished(world: ImportWorld, import_: Import, reason: StopReason | None = None) -> Import:
    """Ends an import that has read its source."""
    event = FinishEvent(tenant_id=TENANT, import_id=import_.import_id, attempt=1, stopped_by=reason)
    step = world.machine.plan(event)
    world.machine.run_phases(step)
    world.machine.finish(event)
    return world.get(import_)


KILLED = StopReason(StopCode.INTERNAL_ERROR, "the import's execution ended as FAILED")
REFUSED = StopReason(StopCode.FATAL, "the table is gone")


@pytest.mark.parametrize(
    ("options", "reason", "is_kept"),
    [
        pytest.param({}, None, True, id="saved"),
        pytest.param({"save_upload": False}, None, False, id="not to be saved"),
        pytest.param({"save_upload": False, "is_preview": True}, None, True, id="a preview, which may be confirmed"),
        pytest.param({"save_upload": False, "is_preview": True}, REFUSED, False, id="a preview that has failed"),
        pytest.param({"save_upload": False}, KILLED, True, id="interrupted, so that it may go on"),
        pytest.param({"save_upload": False}, REFUSED, False, id="failed for good"),
    ],
)
def test_the_file_is_kept_while_it_is_needed(options: dict[str, Any], reason: StopReason | None, is_kept: bool) -> None:
    world = ImportWorld()

    ended = finished(world, world.queue(ANN, **options), reason)

    file = world.stores.files.find_file(upload_key(TENANT, ended.import_id))
    assert (file is not None) is is_kept
    assert ended.has_upload_file is options.get("save_upload", True)
    assert world.stores.files.find_file(upload_key(TENANT, ImportId("imp_other"))) is None


@pytest.mark.parametrize(
    ("source", "has_errors_file"),
    [
        pytest.param(ANN, False, id="every row went well"),
        pytest.param("name,email\nAnn,wrong\n", True, id="a row failed"),
        pytest.param(ANN + "Ann,ann@x.com\n", True, id="a row was skipped"),
    ],
)
def test_rows_that_failed_or_were_skipped_make_an_errors_file(source: str, has_errors_file: bool) -> None:
    assert ImportWorld().run(source).has_errors_file is has_errors_file


@pytest.mark.parametrize(
    ("options", "reason", "days"),
    [
        pytest.param({}, None, None, id="saved"),
        pytest.param({"save_upload": False}, None, None, id="gone"),
        pytest.param({"save_upload": False, "is_preview": True}, None, 3, id="a preview"),
        pytest.param({"save_upload": False, "is_preview": True}, KILLED, 5, id="a preview that was interrupted"),
        pytest.param({"save_upload": False}, KILLED, 5, id="interrupted"),
    ],
)
def test_until_when_the_file_is_needed_is_written_down(
    options: dict[str, Any], reason: StopReason | None, days: int | None
) -> None:
    world = ImportWorld(limits=Limits(confirm_days=3, redrive_days=5, child_start_s=60))

    ended = finished(world, world.queue(ANN, **options), reason)

    assert ended.source_until == (None if days is None else (ended.ended_at or 0) + days * DAY_S + 60)


def test_a_file_that_could_not_be_read_is_not_kept_either() -> None:
    world = ImportWorld()

    refused = world.run("", save_upload=False)

    assert (refused.status, refused.has_upload_file) == (Status.FAILED, False)
    assert world.stores.files.find_file(upload_key(TENANT, refused.import_id)) is None


def test_the_file_of_a_preview_that_is_canceled_at_its_last_step_goes() -> None:
    world = ImportWorld()
    preview = world.queue(ANN, save_upload=False, is_preview=True)
    event = FinishEvent(tenant_id=TENANT, import_id=preview.import_id, attempt=1)
    world.machine.run_phases(world.machine.plan(event))
    canceled = ImportChange(to=Status.CANCELING, at=1)
    world.stores.imports.change(TENANT, preview.import_id, canceled)

    world.machine.finish(event)

    ended = world.get(preview)
    assert (ended.status, ended.confirm_until, ended.source_until) == (Status.CANCELED, None, None)
    assert world.stores.files.find_file(upload_key(TENANT, preview.import_id)) is None


def test_another_version_of_the_file_and_one_whose_name_begins_alike_stay() -> None:
    world = ImportWorld()
    import_ = world.queue(ANN, save_upload=False)
    key = upload_key(TENANT, import_.import_id)
    later, beside = (world.stores.files.write_file(one, b"name\nZoe\n") for one in (key, f"{key}s"))

    finished(world, import_)

    assert world.stores.files.find_file(key) == later
    assert world.stores.files.find_file(beside.key) == beside


def test_a_dropped_file_stays_in_its_folder() -> None:
    world = ImportWorld()
    dropped = world.stores.files.write_file(f"drop/{TENANT}/customers/merge/a.csv", ANN.encode())
    source = Source(key=dropped.key, version_id=dropped.version_id, size_bytes=dropped.size_bytes)

    ended = finished(world, world.queue(ANN, save_upload=False, source=source))

    assert (ended.status, ended.source_until) == (Status.COMPLETED, None)
    assert world.stores.files.find_file(dropped.key) == dropped


def test_an_import_that_was_never_read_tells_of_no_file() -> None:
    world = ImportWorld()
    import_ = world.queue(ANN)
    world.stores.imports.change(TENANT, import_.import_id, ImportChange(to=Status.CANCELING, at=1))

    event = FinishEvent(tenant_id=TENANT, import_id=import_.import_id, attempt=1, stopped_by=CANCELED)
    world.machine.finish(event)

    ended = world.get(import_)
    assert (ended.status, ended.has_upload_file, ended.has_errors_file) == (Status.CANCELED, False, False)


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        pytest.param("external_id,name\nb,Bob\nm,Mo\n", None, id="done"),
        pytest.param(
            "external_id,name\nb,Bob\n,Nemo\n",
            "1 row carries no identity that can be read and might name any record; "
            "1 record that no row names was not deleted",
            id="one row, one record",
        ),
        pytest.param(
            "external_id,name\n,Nemo\n,Nemo too\n",
            "2 rows carry no identity that can be read and might name any record; "
            "2 records that no row names were not deleted",
            id="two rows, two records",
        ),
        pytest.param(
            "external_id,name,website\nb,Bob,wrong wrong\n",
            "every row failed; 1 record that no row names was not deleted",
            id="every row failed",
        ),
        pytest.param(
            "external_id,name\n", "there are no rows; 2 records that no row names were not deleted", id="no rows"
        ),
    ],
)
def test_an_overwrite_says_why_it_has_not_cleaned_up(source: str, reason: str | None) -> None:
    ended = after_stored(source, action="overwrite")

    assert ended.status is Status.COMPLETED
    assert ended.reason == (reason and f"cleanup_not_done: {reason}")
    assert ended.phases[-1].status is (PhaseStatus.SKIPPED if reason else PhaseStatus.COMPLETED)
    assert (ended.phases[-1].ended_at is None) is bool(reason)


def test_an_import_that_is_no_overwrite_has_no_cleanup_to_speak_of() -> None:
    ended = after_stored("name,email\nAnn,wrong\n")

    assert (ended.status, ended.reason, ended.phases[-1].status) == (Status.COMPLETED, None, PhaseStatus.SKIPPED)


def test_what_a_cleanup_has_found_is_told_before_what_the_columns_are() -> None:
    ended = after_stored("external_id,name,colour\nb,Bob,red\n", action="overwrite", location_id="Berlin")

    first, *others = ended.findings
    assert (first.code.value, first.value, first.facts) == ("location_left", "Berlin", {"records": 1})
    assert [one.code.value for one in others] == ["header_unknown"]


def test_an_import_that_is_at_work_cannot_end_as_canceled_without_being_asked() -> None:
    world = ImportWorld()
    import_ = world.queue(ANN)

    with pytest.raises(Retryable, match="processing cannot become canceled"):
        finished(world, import_, CANCELED)

    assert world.get(import_).status is Status.PROCESSING


def test_an_import_that_has_not_begun_cannot_end_as_completed() -> None:
    world = ImportWorld()
    import_ = world.queue(ANN)

    with pytest.raises(Retryable, match="queued cannot become completed"):
        world.machine.finish(FinishEvent(tenant_id=TENANT, import_id=import_.import_id, attempt=1))

    assert world.get(import_) == import_


def test_an_import_that_is_canceled_when_its_source_is_read_tells_of_its_columns() -> None:
    world = ImportWorld()
    import_ = world.queue(ANN)
    event = FinishEvent(tenant_id=TENANT, import_id=import_.import_id, attempt=1, stopped_by=CANCELED)
    world.machine.plan(event)
    world.machine.run_task(
        TaskEvent(tenant_id=TENANT, import_id=import_.import_id, attempt=1, phase=PhaseName.PREVALIDATION, task=0)
    )
    world.stores.imports.change(TENANT, import_.import_id, ImportChange(to=Status.CANCELING, at=1))

    world.machine.finish(event)

    ended = world.get(import_)
    assert (ended.status, ended.stats.total) == (Status.CANCELED, 1)
    assert [one.field for one in ended.columns] == ["name", "email"]
