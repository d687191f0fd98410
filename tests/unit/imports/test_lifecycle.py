"""Imports that end before their first row, and what their lifecycle refuses."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pytest

from chalicelib.errors import NotFound, Retryable
from chalicelib.imports.lifecycle import IMPORTS, close_phase, end_unbegun, skip_pending, undo_until
from chalicelib.maintenance import reap_all
from chalicelib.model.ids import ImportId
from chalicelib.model.imports import PhaseStatus, Source, Status
from chalicelib.model.limits import Limits
from chalicelib.model.stop_reasons import EndReason
from chalicelib.stores.interfaces import Files, StoredFile
from tests.world import NOW, World


class UndeletedFiles:
    """Files of which none can be deleted just now."""

    def __init__(self, files: Files) -> None:
        self._files = files

    def delete_versions(self, versions: Iterable[StoredFile]) -> None:
        raise Retryable(f"S3 did not delete {len(list(versions))} versions")

    def __getattr__(self, name: str) -> Any:
        return getattr(self._files, name)


CANCELED = EndReason(Status.CANCELED, "canceled")
EXPIRED = EndReason(Status.EXPIRED, "upload_not_received: too late")


def test_an_import_that_never_began_ends_with_all_phases_skipped() -> None:
    world = World()
    import_ = world.add_import(Status.REQUESTED)

    ended = end_unbegun(world.context, import_, EXPIRED)

    assert ended is not None
    assert (ended.status, ended.reason, ended.ended_at) == (Status.EXPIRED, EXPIRED.text, NOW)
    assert {phase.status for phase in ended.phases} == {PhaseStatus.SKIPPED}
    assert world.stored_import(import_).status is Status.EXPIRED


def test_the_file_on_whose_account_it_ends_is_kept() -> None:
    world = World()
    import_ = world.add_import(Status.REQUESTED)
    source = Source(key="uploads/x", size_bytes=7)

    ended = end_unbegun(world.context, import_, EndReason(Status.FAILED, "too_large"), source=source)

    assert ended is not None
    assert ended.source == source


@pytest.mark.parametrize(("save_upload", "is_there"), [(True, True), (False, False)])
def test_a_file_that_is_not_to_be_saved_goes_with_an_import_that_never_began(save_upload: bool, is_there: bool) -> None:
    world = World()
    import_ = world.add_import(Status.CANCELING, save_upload=save_upload)
    file = world.uploaded(import_)
    source = Source(key=file.key, version_id=file.version_id)

    ended = end_unbegun(world.context, import_, CANCELED, source=source)

    assert ended is not None
    assert (world.stores.files.find_file(file.key) is not None) is is_there
    assert world.stored_import(import_).source_until is None


def test_a_file_that_could_not_be_deleted_at_once_is_left_to_the_reaper() -> None:
    world = World()
    import_ = world.add_import(Status.CANCELING, save_upload=False)
    files, file = world.stores.files, world.uploaded(import_)
    world.context = replace(world.context, stores=replace(world.stores, files=UndeletedFiles(files)))
    with pytest.raises(Retryable):
        end_unbegun(world.context, import_, CANCELED, source=Source(key=file.key, version_id=file.version_id))
    assert world.stored_import(import_).status is Status.CANCELED
    world.context, world.now = replace(world.context, stores=world.stores), NOW + 1

    reap_all(world.context)

    assert files.find_file(file.key) is None
    assert world.stored_import(import_).source_until is None


@pytest.mark.parametrize("status", [Status.PROCESSING, Status.COMPLETED])
def test_an_import_that_has_begun_does_not_end_so(status: Status) -> None:
    world = World()
    import_ = world.add_import(status)

    assert end_unbegun(world.context, import_, EXPIRED) is None
    assert world.stored_import(import_).status is status


def test_phases_that_have_run_are_not_skipped() -> None:
    world = World()
    done, *pending = world.add_import().phases
    completed = replace(done, status=PhaseStatus.COMPLETED)

    assert skip_pending((completed, *pending))[0] == completed


def test_an_import_that_does_not_exist_is_named_in_the_refusal() -> None:
    world = World()

    with pytest.raises(NotFound) as refusal:
        IMPORTS.get(world.context, world.caller(), ImportId("imp_none"))

    assert (refusal.value.code, refusal.value.message) == ("import_not_found", "There is no import 'imp_none'.")


@pytest.mark.parametrize(
    ("before", "to", "after"),
    [
        (PhaseStatus.PENDING, Status.COMPLETED, PhaseStatus.SKIPPED),
        (PhaseStatus.PENDING, Status.FAILED, PhaseStatus.SKIPPED),
        (PhaseStatus.PROCESSING, Status.COMPLETED, PhaseStatus.COMPLETED),
        (PhaseStatus.PROCESSING, Status.CANCELED, PhaseStatus.FAILED),
        (PhaseStatus.COMPLETED, Status.FAILED, PhaseStatus.COMPLETED),
        (PhaseStatus.SKIPPED, Status.COMPLETED, PhaseStatus.SKIPPED),
    ],
)
def test_a_phase_ends_with_its_import_unless_it_has_ended(before: PhaseStatus, to: Status, after: PhaseStatus) -> None:
    phase = replace(World().add_import().phases[0], status=before)

    assert close_phase(phase, to, NOW).status is after


@pytest.mark.parametrize(
    ("undo_days", "is_preview", "until"), [(2, False, NOW + 172_800), (2, True, None), (0, False, None)]
)
def test_an_import_can_be_undone_for_days_unless_none_ever_is(
    undo_days: int, is_preview: bool, until: int | None
) -> None:
    import_ = World().add_import(Status.PROCESSING, is_preview=is_preview)

    assert undo_until(Limits(undo_days=undo_days), import_, NOW) == until
