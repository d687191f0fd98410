"""What the arrival of a file sets going, and what it does not."""

from dataclasses import replace

import pytest

from chalicelib.imports import service
from chalicelib.imports.uploads import NOTES_KEPT, receive_file
from chalicelib.model.ids import ImportId, TenantId
from chalicelib.model.imports import Import, PhaseStatus, Source, Status, UploadMode
from chalicelib.model.limits import Limits
from chalicelib.model.object_keys import upload_key
from chalicelib.model.problem_codes import ProblemCode
from chalicelib.model.problems import Problem
from chalicelib.model.status_changes import ImportChange
from chalicelib.stores.interfaces import StoredFile
from chalicelib.stores.memory import MemoryImports
from tests.world import NOW, OURS, THEIRS, World


def test_the_first_file_becomes_the_source_and_starts_the_machine() -> None:
    world = World(Limits(import_time_s=100))
    import_ = world.add_import(source=Source(key="", filename="spring.csv"))
    file = world.uploaded(import_, b"name\nAnn\n")

    receive_file(world.context, file.key, file.version_id)

    queued = world.stored_import(import_)
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
    import_ = world.add_import(source=Source(key="", checksum=announced))
    file = world.uploaded(import_, b"name\nAnn\n")

    receive_file(world.context, file.key, file.version_id)

    assert world.stored_import(import_).status is Status.QUEUED


def test_a_file_with_another_checksum_than_announced_ends_the_import() -> None:
    world = World()
    import_ = world.add_import(source=Source(key="", checksum="0" * 32))
    file = world.uploaded(import_, b"name\nAnn\n")

    receive_file(world.context, file.key, file.version_id)

    ended = world.stored_import(import_)
    assert ended.status is Status.FAILED
    assert ended.reason == (
        "checksum_differs: the file's MD5 is 208b59bb5e76237ed4a7170637da0b89, " + "0" * 32 + " was announced."
    )
    assert world.started == []


def test_a_doubled_event_changes_nothing() -> None:
    world = World()
    import_ = world.add_import()
    file = world.uploaded(import_)
    receive_file(world.context, file.key, file.version_id)
    first = world.stored_import(import_)
    world.now += 50

    receive_file(world.context, file.key, file.version_id)

    assert world.stored_import(import_) == first
    assert world.started == ["imp_given-1"]


def test_a_second_version_does_not_replace_the_first() -> None:
    world = World()
    import_ = world.add_import()
    first, second = world.uploaded(import_, b"name\nAnn\n"), world.uploaded(import_, b"name\nBob\n")

    receive_file(world.context, first.key, first.version_id)
    receive_file(world.context, second.key, second.version_id)

    source = world.stored_import(import_).source
    assert source is not None
    assert source.version_id == first.version_id


def test_a_queued_import_whose_machine_did_not_start_is_started_by_the_next_event() -> None:
    world = World()
    import_ = world.add_import(Status.QUEUED)
    file = world.uploaded(import_)

    receive_file(world.context, file.key, file.version_id)

    assert world.started == ["imp_given-1"]


@pytest.mark.parametrize("status", sorted(set(Status) - {Status.REQUESTED, Status.QUEUED}))
def test_a_late_event_changes_nothing(status: Status) -> None:
    world = World()
    import_ = world.add_import(status)
    file = world.uploaded(import_)

    receive_file(world.context, file.key, file.version_id)

    assert world.stored_import(import_) == import_
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
    import_ = world.add_import(source=Source(key="", size_bytes=stated_bytes))
    file = world.uploaded(import_, b"name\nAnn\n")

    receive_file(world.context, file.key, file.version_id)

    failed = world.stored_import(import_)
    assert (failed.status, failed.reason, failed.ended_at) == (Status.FAILED, reason, NOW)
    assert {phase.status for phase in failed.phases} == {PhaseStatus.SKIPPED}
    assert world.started == []


def test_a_file_of_another_size_than_stated_fails_the_import() -> None:
    world = World()
    import_ = world.add_import(source=Source(key="", size_bytes=8))
    file = world.uploaded(import_, b"name\nAnn\n")

    receive_file(world.context, file.key, file.version_id)

    assert world.stored_import(import_).reason == "size_differs: the file has 9 bytes, 8 were announced."


@pytest.mark.parametrize(
    "key",
    [
        pytest.param("uploads/elsewhere", id="no key of ours"),
        pytest.param(f"uploads/{OURS}/imp_unknown/source", id="no such import"),
        pytest.param(f"uploads/{THEIRS}/imp_given/source", id="another tenant's folder"),
    ],
)
def test_a_file_that_no_import_waits_for_changes_no_import(key: str) -> None:
    world = World()
    import_ = world.add_import()
    world.stores.files.write_file(key, b"name\n")

    assert receive_file(world.context, key, "v1") is None
    assert world.stored_import(import_) == import_


def versions(world: World, import_: Import) -> list[str | None]:
    return [one.version_id for one in world.stores.files.list_versions(upload_key(OURS, import_.import_id))]


def test_a_file_that_comes_after_its_import_was_deleted_is_deleted_too() -> None:
    world = World()
    import_, _, _ = two_files(world)
    for status in (Status.PROCESSING, Status.COMPLETED):
        world.stores.imports.change(OURS, import_.import_id, ImportChange(to=status, at=NOW))
    service.delete(world.context, world.caller(), import_.import_id)

    late = [world.uploaded(import_, b"name\nEve\n") for _ in range(2)]
    for file in late:
        receive_file(world.context, file.key, file.version_id)

    assert versions(world, import_) == []


@pytest.mark.parametrize("status", [Status.EXPIRED, Status.CANCELED, Status.FAILED])
def test_a_file_that_comes_after_its_import_ended_without_one_is_deleted(status: Status) -> None:
    world = World()
    import_ = world.add_import(status, source=Source(key="", size_bytes=7))
    file = world.uploaded(import_)

    receive_file(world.context, file.key, file.version_id)

    assert versions(world, import_) == []
    assert world.stored_import(import_) == import_


@pytest.mark.parametrize("status", [Status.QUEUED, Status.PROCESSING, Status.COMPLETED])
def test_a_further_file_is_deleted_and_the_finding_stays(status: Status) -> None:
    world = World()
    import_, first, second = two_files(world)
    if status is not Status.QUEUED:
        world.stores.imports.change(OURS, import_.import_id, ImportChange(to=Status.PROCESSING, at=NOW))
        world.stores.imports.change(OURS, import_.import_id, ImportChange(to=status, at=NOW))

    for _ in range(2):
        receive_file(world.context, second.key, second.version_id)

    assert versions(world, import_) == [first.version_id]
    assert [one.value for one in world.stored_import(import_).notes] == [second.version_id]


def test_a_deletion_that_broke_off_behind_the_finding_is_done_by_the_next_event() -> None:
    world = World()
    import_, first, second = two_files(world)
    note = Problem(ProblemCode.UPLOAD_IGNORED, value=second.version_id)
    world.stores.imports.note(world.stored_import(import_), (note,))

    receive_file(world.context, second.key, second.version_id)

    assert versions(world, import_) == [first.version_id]
    assert world.stored_import(import_).notes == (note,)


def test_a_file_that_is_gone_again_changes_nothing() -> None:
    world = World()
    import_ = world.add_import()
    file = replace(world.uploaded(import_), version_id="v9")

    receive_file(world.context, file.key, file.version_id)

    assert world.stored_import(import_) == import_


def two_files(world: World) -> tuple[Import, StoredFile, StoredFile]:
    import_ = world.add_import()
    first, second = world.uploaded(import_, b"name\nAnn\n"), world.uploaded(import_, b"name\nBob\nCid\n")
    receive_file(world.context, first.key, first.version_id)
    return import_, first, second


def test_a_second_file_is_told_in_a_finding() -> None:
    world = World()
    import_, _, second = two_files(world)

    receive_file(world.context, second.key, second.version_id)

    (note,) = world.stored_import(import_).all_findings
    assert (note.code, note.value) == ("upload_ignored", second.version_id)
    assert note.message == (
        "Another file, of 13 bytes, arrived at the upload URL and was not read: "
        "the import had its file of 9 bytes already."
    )


def test_the_finding_is_told_once_however_often_the_event_comes() -> None:
    world = World()
    import_, first, second = two_files(world)
    third = world.uploaded(import_, b"name\nDan\n")

    for file in (second, first, second, third, first, second):
        receive_file(world.context, file.key, file.version_id)

    assert [one.value for one in world.stored_import(import_).notes] == [second.version_id, third.version_id]


def test_of_two_files_whose_events_come_the_other_way_round_the_other_one_is_told() -> None:
    world = World()
    import_ = world.add_import()
    first, second = world.uploaded(import_, b"name\nAnn\n"), world.uploaded(import_, b"name\nBob\n")

    for file in (second, first):
        receive_file(world.context, file.key, file.version_id)

    stored = world.stored_import(import_)
    assert stored.source is not None
    assert (stored.source.version_id, [one.value for one in stored.notes]) == (second.version_id, [first.version_id])


def test_files_are_told_whatever_versions_their_events_name() -> None:
    world = World()
    import_, first, second = two_files(world)

    receive_file(world.context, first.key, None)

    assert [one.value for one in world.stored_import(import_).notes] == [second.version_id]


def test_a_file_that_comes_after_the_end_is_noted_with_the_findings() -> None:
    world = World()
    import_, _, second = two_files(world)
    found = (Problem(ProblemCode.HEADER_EMPTY, facts={"column": 3}),)
    for status in (Status.PROCESSING, Status.COMPLETED):
        assert world.stores.imports.change(OURS, import_.import_id, ImportChange(to=status, at=NOW, findings=found))

    receive_file(world.context, second.key, second.version_id)

    assert [one.code for one in world.stored_import(import_).all_findings] == ["header_empty", "upload_ignored"]


def test_findings_of_reading_leave_the_notes_alone() -> None:
    world = World()
    import_, _, second = two_files(world)
    receive_file(world.context, second.key, second.version_id)

    world.stores.imports.change(OURS, import_.import_id, ImportChange(to=Status.PROCESSING, at=NOW, findings=()))

    assert [one.code for one in world.stored_import(import_).all_findings] == ["upload_ignored"]


def test_a_second_file_behind_one_that_was_refused_is_told() -> None:
    world = World(Limits(upload_bytes=5))
    import_, _, second = two_files(world)

    receive_file(world.context, second.key, second.version_id)

    stored = world.stored_import(import_)
    assert (stored.status, [one.value for one in stored.notes]) == (Status.FAILED, [second.version_id])


def test_no_more_files_are_told_than_can_be_meant() -> None:
    world = World()
    import_, _, _ = two_files(world)

    for number in range(NOTES_KEPT + 3):
        file = world.uploaded(import_, f"name\n{number}\n".encode())
        receive_file(world.context, file.key, file.version_id)

    assert len(world.stored_import(import_).notes) == NOTES_KEPT == 10
    assert len(versions(world, import_)) == 1


def test_a_file_that_is_gone_again_is_not_told() -> None:
    world = World()
    import_ = world.add_import()
    first = world.uploaded(import_)
    receive_file(world.context, first.key, first.version_id)

    receive_file(world.context, first.key, "v99")

    assert world.stored_import(import_).notes == ()


def test_a_source_that_came_with_a_request_has_no_other_files() -> None:
    world = World()
    import_ = world.add_import(Status.PROCESSING, upload_mode=UploadMode.SYNC)
    file = world.uploaded(import_)

    receive_file(world.context, file.key, file.version_id)

    assert world.stored_import(import_).notes == ()


def test_a_file_of_which_nothing_was_announced_is_taken() -> None:
    world = World()
    import_ = world.add_import(source=None)
    file = world.uploaded(import_)

    receive_file(world.context, file.key, file.version_id)

    assert world.stored_import(import_).status is Status.QUEUED


def test_of_an_import_that_is_deleted_while_a_file_is_noted_nothing_is_told() -> None:
    class Vanishing(MemoryImports):
        is_gone = False

        def note(self, import_: Import, notes: tuple[Problem, ...]) -> bool:
            self.is_gone = True
            return False

        def find(self, tenant_id: TenantId, import_id: ImportId) -> Import | None:
            return None if self.is_gone else super().find(tenant_id, import_id)

    world = World()
    import_, _, second = two_files(world)
    vanishing = Vanishing(clock=world.context.clock)
    vars(vanishing).update(vars(world.stores.imports))
    context = replace(world.context, stores=replace(world.stores, imports=vanishing))

    receive_file(context, second.key, second.version_id)

    assert vanishing.is_gone
    assert world.stored_import(import_).notes == ()
