"""What the arrival of a file sets going, and what it does not."""

from dataclasses import replace

import pytest

from chalicelib.model.imports import PhaseStatus, Source, Status
from chalicelib.model.limits import Limits
from chalicelib.operations.uploads import file_arrived
from tests.worlds import NOW, OURS, THEIRS, World


def test_the_first_file_becomes_the_source_and_starts_the_machine() -> None:
    world = World(Limits(import_time_s=100))
    import_ = world.given(source=Source(key="", filename="spring.csv"))
    file = world.uploaded(import_, b"name\nAnn\n")

    file_arrived(world.context, file.key, file.version_id)

    queued = world.now_is(import_)
    assert (queued.status, queued.deadline_at) == (Status.QUEUED, NOW + 100)
    assert queued.source == Source(
        key=f"uploads/{OURS}/imp_given/source",
        version_id="v1",
        size_bytes=9,
        checksum="208b59bb5e76237ed4a7170637da0b89",
        filename="spring.csv",
        content_type="text/csv",
    )
    assert world.started == ["imp_given-1"]


@pytest.mark.parametrize("announced", ["208b59bb5e76237ed4a7170637da0b89", "208B59BB5E76237ED4A7170637DA0B89"])
def test_a_file_with_the_announced_checksum_is_taken(announced: str) -> None:
    world = World()
    import_ = world.given(source=Source(key="", checksum=announced))
    file = world.uploaded(import_, b"name\nAnn\n")

    file_arrived(world.context, file.key, file.version_id)

    assert world.now_is(import_).status is Status.QUEUED


def test_a_file_with_another_checksum_than_announced_ends_the_import() -> None:
    world = World()
    import_ = world.given(source=Source(key="", checksum="0" * 32))
    file = world.uploaded(import_, b"name\nAnn\n")

    file_arrived(world.context, file.key, file.version_id)

    ended = world.now_is(import_)
    assert ended.status is Status.FAILED
    assert ended.reason == (
        "checksum_differs: the file's MD5 is 208b59bb5e76237ed4a7170637da0b89, " + "0" * 32 + " was announced."
    )
    assert world.started == []


def test_a_doubled_event_changes_nothing() -> None:
    world = World()
    import_ = world.given()
    file = world.uploaded(import_)
    file_arrived(world.context, file.key, file.version_id)
    first = world.now_is(import_)
    world.now += 50

    file_arrived(world.context, file.key, file.version_id)

    assert world.now_is(import_) == first
    assert world.started == ["imp_given-1"]


def test_a_second_version_does_not_replace_the_first() -> None:
    world = World()
    import_ = world.given()
    first, second = world.uploaded(import_, b"name\nAnn\n"), world.uploaded(import_, b"name\nBob\n")

    file_arrived(world.context, first.key, first.version_id)
    file_arrived(world.context, second.key, second.version_id)

    source = world.now_is(import_).source
    assert source is not None
    assert source.version_id == first.version_id


def test_a_queued_import_whose_machine_did_not_start_is_started_by_the_next_event() -> None:
    world = World()
    import_ = world.given(Status.QUEUED)
    file = world.uploaded(import_)

    file_arrived(world.context, file.key, file.version_id)

    assert world.started == ["imp_given-1"]


@pytest.mark.parametrize("status", sorted(set(Status) - {Status.REQUESTED, Status.QUEUED}))
def test_a_late_event_changes_nothing(status: Status) -> None:
    world = World()
    import_ = world.given(status)
    file = world.uploaded(import_)

    file_arrived(world.context, file.key, file.version_id)

    assert world.now_is(import_) == import_
    assert world.started == []


@pytest.mark.parametrize(
    ("stated_bytes", "reason"),
    [
        pytest.param(0, "too_large: the file has 9 bytes, the limit is 8.", id="above the limit"),
        pytest.param(9, "too_large: the file has 9 bytes, the limit is 8.", id="as stated, yet above the limit"),
    ],
)
def test_a_file_above_the_limit_fails_the_import(stated_bytes: int, reason: str) -> None:
    world = World(Limits(upload_bytes=8))
    import_ = world.given(source=Source(key="", size_bytes=stated_bytes))
    file = world.uploaded(import_, b"name\nAnn\n")

    file_arrived(world.context, file.key, file.version_id)

    failed = world.now_is(import_)
    assert (failed.status, failed.reason, failed.ended_at) == (Status.FAILED, reason, NOW)
    assert {phase.status for phase in failed.phases} == {PhaseStatus.SKIPPED}
    assert world.started == []


def test_a_file_of_another_size_than_stated_fails_the_import() -> None:
    world = World()
    import_ = world.given(source=Source(key="", size_bytes=8))
    file = world.uploaded(import_, b"name\nAnn\n")

    file_arrived(world.context, file.key, file.version_id)

    assert world.now_is(import_).reason == "size_differs: the file has 9 bytes, 8 were announced."


@pytest.mark.parametrize(
    "key",
    [
        pytest.param("uploads/elsewhere", id="no key of ours"),
        pytest.param(f"uploads/{OURS}/imp_unknown/source", id="no such import"),
        pytest.param(f"uploads/{THEIRS}/imp_given/source", id="another tenant's folder"),
    ],
)
def test_a_file_nobody_waits_for_is_ignored(key: str) -> None:
    world = World()
    import_ = world.given()
    world.stores.files.write_file(key, b"name\n")

    assert file_arrived(world.context, key, "v1") is None
    assert world.now_is(import_) == import_


def test_a_file_that_is_gone_again_changes_nothing() -> None:
    world = World()
    import_ = world.given()
    file = replace(world.uploaded(import_), version_id="v9")

    file_arrived(world.context, file.key, file.version_id)

    assert world.now_is(import_) == import_
