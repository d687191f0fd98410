"""What becomes of a file that is dropped, however often and late that is told."""

import json
from typing import Any

import pytest

from chalicelib.imports.file_drops import object_stored
from chalicelib.imports.profiles import change_settings
from chalicelib.imports.service import delete, list_imports
from chalicelib.model.imports import Action, DuplicateHandling, Status
from chalicelib.model.limits import Limits
from chalicelib.model.status_changes import ImportChange
from chalicelib.stores.interfaces import StoredFile
from tests.world import NOW, OURS, World

KEY = f"drop/{OURS}/contacts/merge/people.csv"


@pytest.fixture
def world() -> World:
    world = World(Limits(import_time_s=100, upload_bytes=50))
    world.key("secret")
    return world


def drop_file(world: World, key: str = KEY, content: bytes = b"name\nAnn\n") -> StoredFile:
    file = world.stores.files.write_file(key, content, content_type="text/csv")
    object_stored(world.context, "bucket", file.key, file.version_id)
    return file


def result_of(world: World, key: str = KEY) -> dict[str, Any]:
    return dict(json.loads(world.stores.files.read_file(f"{key}.result.json")))


def imports_of(world: World) -> list[Any]:
    return list(list_imports(world.context, world.caller(), page=1, per_page=10).entries)


def test_a_dropped_file_becomes_an_import_that_is_listed(world: World) -> None:
    file = drop_file(world)

    (import_,) = imports_of(world)
    assert (import_.status, import_.dialect, import_.deadline_at) == (Status.QUEUED, "drop", NOW + 100)
    assert (import_.resource, import_.action) == ("contacts", Action.MERGE)
    assert import_.duplicate_handling is DuplicateHandling.USE_FIRST
    assert (import_.source.key, import_.source.version_id) == (KEY, file.version_id)
    assert import_.source.filename == "people.csv"
    assert world.started == [f"{import_.import_id}-1"]


def test_the_resource_may_be_named_in_the_singular_and_the_action_in_capitals(world: World) -> None:
    drop_file(world, f"drop/{OURS}/Contact/OVERWRITE/people.csv")

    (import_,) = imports_of(world)
    assert (import_.resource, import_.action) == ("contacts", Action.OVERWRITE)


def test_a_file_whose_tenant_has_imports_held_waits_and_is_looked_at(world: World) -> None:
    change_settings(world.context, world.caller(), {"hold": True})

    drop_file(world)

    (import_,) = imports_of(world)
    assert (import_.status, import_.is_held, import_.deadline_at) == (Status.REQUESTED, True, None)
    assert world.started == []
    assert [one.is_describing for one in world.executions] == [True]


def test_a_doubled_event_changes_nothing(world: World) -> None:
    file = drop_file(world)
    before = imports_of(world)
    world.now += 50

    object_stored(world.context, "bucket", file.key, file.version_id)

    assert imports_of(world) == before
    assert len(world.started) == 1


def test_a_late_event_does_not_wake_an_import_that_has_ended(world: World) -> None:
    file = drop_file(world)
    (import_,) = imports_of(world)
    for status in (Status.PROCESSING, Status.COMPLETED):
        world.stores.imports.change(OURS, import_.import_id, ImportChange(to=status, at=NOW))
    before = imports_of(world)

    object_stored(world.context, "bucket", file.key, file.version_id)

    assert imports_of(world) == before


def test_a_deleted_import_does_not_come_back_with_a_late_event(world: World) -> None:
    file = drop_file(world)
    (import_,) = imports_of(world)
    for status in (Status.PROCESSING, Status.COMPLETED):
        world.stores.imports.change(OURS, import_.import_id, ImportChange(to=status, at=NOW))
    delete(world.context, world.caller(), import_.import_id)

    object_stored(world.context, "bucket", file.key, file.version_id)

    assert imports_of(world) == []


def test_each_version_of_a_file_is_an_import_of_its_own(world: World) -> None:
    drop_file(world)
    drop_file(world, content=b"name\nBob\n")

    assert len({one.import_id for one in imports_of(world)}) == 2


def test_a_queued_import_whose_machine_did_not_start_is_started_by_the_next_event(world: World) -> None:
    file = drop_file(world)
    world.executions.clear()

    object_stored(world.context, "bucket", file.key, file.version_id)

    assert len(world.started) == 1


@pytest.mark.parametrize(
    ("key", "code"),
    [
        pytest.param("drop/nobody/contacts/merge/a.csv", "unknown_tenant", id="tenant"),
        pytest.param(f"drop/{OURS}/dragons/merge/a.csv", "unknown_resource", id="resource"),
        pytest.param(f"drop/{OURS}/contacts/burn/a.csv", "unknown_action", id="action"),
        pytest.param(f"drop/{OURS}/contacts/merge/2024/a.csv", "malformed_key", id="nested"),
        pytest.param("drop/a.csv", "malformed_key", id="too short"),
        pytest.param(f"drop/{OURS}/contacts/merge/{'x' * 300}.csv", "invalid_parameter", id="name"),
    ],
)
def test_a_file_that_cannot_be_an_import_is_told_why(world: World, key: str, code: str) -> None:
    drop_file(world, key)

    result = result_of(world, key)
    assert (result["status"], result["import_id"]) == ("refused", None)
    assert result["reason"].startswith(f"{code}: ")
    assert imports_of(world) == []


def test_a_file_that_is_too_large_is_told_so(world: World) -> None:
    drop_file(world, content=b"x" * 51)

    assert result_of(world)["reason"] == "too_large: The file has 51 bytes, the limit is 50. Split it."


@pytest.mark.parametrize("name", ["people.csv.result.json", "people.csv.errors.csv", ""])
def test_results_and_folders_set_nothing_going(world: World, name: str) -> None:
    key = f"drop/{OURS}/contacts/merge/{name}"

    drop_file(world, key)

    assert imports_of(world) == []
    assert world.stores.files.find_file(f"{key}.result.json") is None


def test_a_file_that_is_gone_again_sets_nothing_going(world: World) -> None:
    object_stored(world.context, "bucket", KEY, "v9")

    assert imports_of(world) == []


@pytest.mark.parametrize("version_id", ["v9", None])
def test_a_file_that_was_deleted_at_once_has_a_result_that_says_so(world: World, version_id: str | None) -> None:
    object_stored(world.context, "bucket", KEY, version_id)

    assert result_of(world) == {
        "status": "refused",
        "reason": "file_gone: The file was deleted before it could be read. Drop it again.",
        "import_id": None,
        "source": {"key": KEY, "version_id": version_id, "size_bytes": 0},
        "ended_at": "2023-11-14T22:13:20Z",
    }


def test_a_file_deleted_after_it_was_imported_keeps_its_result(world: World) -> None:
    file = drop_file(world)
    world.stores.files.delete_files(KEY)

    object_stored(world.context, "bucket", file.key, file.version_id)

    assert world.stores.files.find_file(f"{KEY}.result.json") is None


@pytest.mark.parametrize("version_id", ["v9", None])
def test_the_result_of_a_file_whose_import_was_deleted_stays(world: World, version_id: str | None) -> None:
    result = {"status": "completed", "source": {"key": KEY, "version_id": "v9"}}
    world.stores.files.write_file(f"{KEY}.result.json", json.dumps(result).encode())

    object_stored(world.context, "bucket", KEY, version_id)

    assert result_of(world) == result


def test_a_deleted_file_replaces_the_result_of_an_earlier_one_of_its_name(world: World) -> None:
    result = {"status": "completed", "source": {"key": KEY, "version_id": "v8"}}
    world.stores.files.write_file(f"{KEY}.result.json", json.dumps(result).encode())

    object_stored(world.context, "bucket", KEY, "v9")

    assert result_of(world)["reason"].startswith("file_gone: ")


def test_a_file_that_another_one_has_replaced_is_left_to_its_result(world: World) -> None:
    drop_file(world)

    object_stored(world.context, "bucket", KEY, "gone")

    assert len(imports_of(world)) == 1
    assert world.stores.files.find_file(f"{KEY}.result.json") is None


@pytest.mark.parametrize("letters", [pytest.param("𝄞" * 240, id="in bytes"), pytest.param("x" * 960, id="in letters")])
def test_a_file_whose_name_leaves_no_room_for_a_result_is_told_so_under_a_shortened_one(
    world: World, letters: str
) -> None:
    key = f"drop/{OURS}/contacts/merge/{letters}.csv"

    drop_file(world, key)

    (shortened,) = [one for one in world.stores.files.list_keys("drop/") if one.endswith(".result.json")]
    result = json.loads(world.stores.files.read_file(shortened))
    assert (result["source"]["key"], len(shortened.encode()) <= 1_024) == (key, True)
    assert result["reason"].startswith("key_too_long: A key may have 1024 bytes")
    assert imports_of(world) == []


def test_an_upload_is_still_an_upload(world: World) -> None:
    import_ = world.add_import()
    file = world.uploaded(import_)

    object_stored(world.context, "bucket", file.key, file.version_id)

    assert world.stored_import(import_).status is Status.QUEUED
