"""Imports whose time is over."""

from dataclasses import replace

import pytest

from chalicelib.errors import Retryable
from chalicelib.lifecycle.reaper import Reaped
from chalicelib.maintenance import reap_all
from chalicelib.model.imports import FINAL, Import, Status
from tests.import_runner import InterruptedRunner
from tests.world import NOW, World


def test_an_upload_that_never_came_expires() -> None:
    world = World()
    import_ = world.add_import(Status.REQUESTED, upload_expires_at=NOW - 1)

    reaped = reap_all(world.context)

    expired = world.stored_import(import_)
    assert reaped == Reaped(ended=1)
    assert (expired.status, expired.ended_at) == (Status.EXPIRED, NOW)
    assert expired.reason == "upload_not_received: no file arrived until 2023-11-14T22:13:19Z."


def test_a_file_whose_event_was_lost_begins_instead_of_expiring() -> None:
    world = World()
    import_ = world.add_import(Status.REQUESTED, upload_expires_at=NOW - 1)
    world.uploaded(import_)

    reap_all(world.context)

    assert world.stored_import(import_).status is Status.QUEUED
    assert world.started == ["imp_given-1"]


@pytest.mark.parametrize(
    ("status", "ended_as", "reason"),
    [
        (Status.QUEUED, Status.TIMED_OUT, "timed_out: the import was not done by 2023-11-14T22:13:19Z."),
        (Status.PROCESSING, Status.TIMED_OUT, "timed_out: the import was not done by 2023-11-14T22:13:19Z."),
        (Status.CANCELING, Status.CANCELED, "canceled"),
    ],
)
def test_what_is_past_its_deadline_goes_to_the_finaliser(status: Status, ended_as: Status, reason: str) -> None:
    world = World()
    import_ = world.add_import(status, deadline_at=NOW - 1)
    world.stores.import_executions.start(import_)

    reap_all(world.context)

    assert world.runner.ended == [(import_.import_id, ended_as, reason)]
    assert world.stored_import(import_).status is ended_as
    assert [one.stopped_by for one in world.executions] == [reason]


@pytest.mark.parametrize("status", sorted(set(Status) - FINAL))
def test_what_still_has_time_is_left_alone(status: Status) -> None:
    world = World()
    import_ = world.add_import(status)

    assert reap_all(world.context) == Reaped()
    assert world.stored_import(import_) == import_


def test_an_import_in_trouble_does_not_keep_the_others_waiting() -> None:
    world = World()
    world.add_import(Status.PROCESSING, import_id="imp_a", deadline_at=NOW - 2)
    second = world.add_import(Status.PROCESSING, import_id="imp_b", deadline_at=NOW - 1)

    def trip_over_the_first(import_: Import) -> None:
        if import_.import_id == "imp_a":
            raise Retryable("throttled")

    runner = InterruptedRunner(world.runner, before_end=trip_over_the_first)
    reaped = reap_all(replace(world.context, open_runner=lambda: runner))

    assert reaped == Reaped(ended=1, failed=1)
    assert world.stored_import(second).status is Status.TIMED_OUT
