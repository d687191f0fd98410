"""A file that is sent in parts begins its import when its caller says that all are here."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.errors import Conflict, Retryable
from chalicelib.imports.uploads import receive_file, receive_sent
from chalicelib.model.imports import Import, Source, Status
from chalicelib.model.limits import Limits
from chalicelib.model.object_keys import upload_key
from chalicelib.stores.memory import MemoryFiles, MemoryImportExecutions
from tests.world import OURS, World, an_import

CONTENT = b"name\nAnn\n"
KEY = upload_key(OURS, an_import().import_id)


def waiting(world: World, content: bytes = CONTENT, **fields: Any) -> Import:
    """An import whose parts are here."""
    files = world.stores.files
    assert isinstance(files, MemoryFiles)
    upload_id = files.start_parts(KEY, content_type="text/csv")
    for number, start in enumerate(range(0, len(content), world.context.limits.upload_part_bytes), 1):
        files.write_part(KEY, upload_id, number, content[start : start + world.context.limits.upload_part_bytes])
    source = Source(key=KEY, size_bytes=len(content), upload_id=upload_id, filename="a.csv")
    return world.add_import(**{"source": source, **fields})


def a_world(**limits: int) -> World:
    return World(Limits(upload_part_bytes=4, **limits))


def test_its_parts_become_its_file_and_it_begins() -> None:
    world = a_world()
    import_ = waiting(world)

    begun = receive_sent(world.context, world.caller(), import_.import_id)

    assert begun.status is Status.QUEUED
    assert begun.source is not None
    assert (begun.source.version_id is None, begun.source.filename) == (False, "a.csv")
    assert world.stores.files.read_file(KEY) == CONTENT
    assert world.started == ["imp_given-1"]


def test_asking_again_changes_nothing_whatever_has_become_of_it() -> None:
    world = a_world()
    import_ = waiting(world)
    begun = receive_sent(world.context, world.caller(), import_.import_id)

    assert receive_sent(world.context, world.caller(), import_.import_id) == begun
    assert len(world.stores.files.list_versions(KEY)) == 1


def test_a_file_that_was_sent_as_a_whole_begins_its_import_too() -> None:
    world = a_world()
    import_ = world.add_import(source=Source(key=KEY, filename="a.csv"))
    with pytest.raises(Conflict) as refused:
        receive_sent(world.context, world.caller(), import_.import_id)
    world.stores.files.write_file(KEY, CONTENT)

    begun = receive_sent(world.context, world.caller(), import_.import_id)

    assert refused.value.code == "file_missing"
    assert begun.status is Status.QUEUED
    assert world.started == ["imp_given-1"]


def test_an_import_without_a_place_for_a_file_takes_none() -> None:
    world = a_world()

    with pytest.raises(Conflict) as refused:
        receive_sent(world.context, world.caller(), world.add_import(source=None).import_id)

    assert refused.value.code == "already_ended"


@pytest.mark.parametrize("status", [Status.EXPIRED, Status.CANCELED])
def test_an_import_that_has_ended_takes_no_parts(status: Status) -> None:
    world = a_world()
    import_ = waiting(world, status=status)

    with pytest.raises(Conflict) as refused:
        receive_sent(world.context, world.caller(), import_.import_id)

    assert refused.value.code == "already_ended"
    assert world.stores.files.find_file(KEY) is None


def test_parts_that_are_no_longer_kept_are_to_be_sent_for_another_import() -> None:
    world = a_world()
    import_ = world.add_import(source=Source(key=KEY, size_bytes=9, upload_id="u_gone"))

    with pytest.raises(Conflict, match="no longer kept"):
        receive_sent(world.context, world.caller(), import_.import_id)

    assert world.stored_import(import_) == import_


class Unreachable(MemoryImportExecutions):
    """No execution can be started."""

    def start(self, import_: Import) -> None:
        raise Retryable("throttled")


def test_an_import_whose_machine_does_not_start_is_started_by_the_event_about_its_file() -> None:
    world = a_world()
    import_ = waiting(world)
    context = replace(world.context, stores=replace(world.stores, import_executions=Unreachable()))

    answered = receive_sent(context, world.caller(), import_.import_id)
    receive_file(world.context, KEY)

    assert answered.import_id == import_.import_id
    assert world.started == ["imp_given-1"]


@pytest.mark.parametrize(
    ("limits", "status"),
    [
        pytest.param({"parts_upload_bytes": 9, "upload_bytes": 1}, Status.QUEUED, id="as large as parts may be"),
        pytest.param({"parts_upload_bytes": 8, "upload_bytes": 99}, Status.FAILED, id="a byte larger"),
    ],
)
def test_a_file_in_parts_has_a_limit_of_its_own(limits: dict[str, int], status: Status) -> None:
    world = a_world(**limits)
    import_ = waiting(world)

    assert receive_sent(world.context, world.caller(), import_.import_id).status is status
