"""Imports that end before their first row, and what their lifecycle refuses."""

from dataclasses import replace

import pytest

from chalicelib.errors import NotFound
from chalicelib.imports.lifecycle import IMPORTS, end_unbegun, skip_pending
from chalicelib.model.ids import ImportId
from chalicelib.model.imports import PhaseStatus, Source, Status
from chalicelib.model.stop_reasons import EndReason
from tests.world import NOW, World

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
