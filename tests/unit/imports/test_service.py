"""Imports that exist: shown, listed, renamed, canceled, deleted."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from chalicelib.access.context import Caller, Context
from chalicelib.errors import Conflict, NotFound, Refused
from chalicelib.imports import service
from chalicelib.model.ids import ImportId
from chalicelib.model.imports import FINAL, Action, PhaseStatus, Status, UploadMode
from chalicelib.model.list_filters import ImportFilter
from tests.world import NOW, THEIRS, World

RUNNING = [Status.QUEUED, Status.PROCESSING]

Operation = Callable[[Context, Caller, ImportId], object]


@pytest.mark.parametrize(
    "operation",
    [
        pytest.param(service.get_import, id="get"),
        pytest.param(service.cancel, id="cancel"),
        pytest.param(service.delete, id="delete"),
        pytest.param(lambda context, caller, id_: service.rename(context, caller, id_, "abc"), id="rename"),
    ],
)
@pytest.mark.parametrize("tenant_id", [pytest.param(THEIRS, id="foreign"), pytest.param(None, id="absent")])
def test_absent_and_foreign_imports_are_not_found(operation: Operation, tenant_id: str | None) -> None:
    world = World()
    before = [world.add_import(Status.PROCESSING, tenant_id=tenant_id)] if tenant_id else []

    with pytest.raises(NotFound) as refusal:
        operation(world.context, world.caller(), ImportId("imp_given"))

    assert refusal.value.code == "import_not_found"
    assert [world.stored_import(import_) for import_ in before] == before


@pytest.mark.parametrize("text", ["", "a/b", "x" * 65, "imp\n", "ïmp"])
def test_what_can_be_no_id_is_not_found(text: str) -> None:
    with pytest.raises(NotFound):
        service.to_import_id(text)


def test_a_list_shows_ours_only_newest_first() -> None:
    world = World()
    for number in range(3):
        world.add_import(import_id=f"imp_{number}", created_at=NOW + number)
    world.add_import(import_id="imp_9", tenant_id=THEIRS)

    listing = service.list_imports(world.context, world.caller(), page=1, per_page=2)

    assert ([one.import_id for one in listing.entries], listing.total) == (["imp_2", "imp_1"], 3)


@pytest.mark.parametrize(
    ("selection", "expected"),
    [
        pytest.param(ImportFilter(resources=frozenset({"groups"})), ["imp_b"], id="resource"),
        pytest.param(
            ImportFilter(statuses=frozenset({Status.FAILED, Status.CANCELED})), ["imp_c", "imp_b"], id="status"
        ),
        pytest.param(ImportFilter(upload_modes=frozenset({UploadMode.SYNC})), ["imp_c"], id="upload mode"),
        pytest.param(ImportFilter(actions=frozenset({Action.DELETE})), ["imp_a"], id="action"),
        pytest.param(
            ImportFilter(resources=frozenset({"groups"}), statuses=frozenset({Status.FAILED})), [], id="two at once"
        ),
    ],
)
def test_filters_select(selection: ImportFilter, expected: list[str]) -> None:
    world = World()
    world.add_import(import_id="imp_a", created_at=NOW, action=Action.DELETE)
    world.add_import(Status.CANCELED, import_id="imp_b", created_at=NOW + 1, resource="groups")
    world.add_import(Status.FAILED, import_id="imp_c", created_at=NOW + 2, upload_mode=UploadMode.SYNC)

    listing = service.list_imports(world.context, world.caller(), selection, page=1, per_page=10)

    assert ([one.import_id for one in listing.entries], listing.total) == (expected, len(expected))


def test_filtered_lists_are_paged_over_what_was_found() -> None:
    world = World()
    for number in range(9):
        world.add_import(
            Status.FAILED if number % 2 else Status.QUEUED, import_id=f"imp_{number}", created_at=NOW + number
        )
    failed = ImportFilter(statuses=frozenset({Status.FAILED}))

    listing = service.list_imports(world.context, world.caller(), failed, page=2, per_page=3)

    assert ([one.import_id for one in listing.entries], listing.total) == (["imp_1"], 4)


@pytest.mark.parametrize("name", ["Summer list", None])
def test_a_new_name_is_kept_with_who_gave_it(name: str | None) -> None:
    world = World()
    import_ = world.add_import(name="Spring list", updated_by="key_old", updated_at=NOW - 9)

    renamed = service.rename(world.context, world.caller(), import_.import_id, name)

    assert (renamed.name, renamed.updated_by, renamed.updated_at) == (name, "key_test", NOW)


def test_a_name_of_the_wrong_length_is_refused() -> None:
    world = World()
    import_ = world.add_import(name="Spring list")

    with pytest.raises(Refused):
        service.rename(world.context, world.caller(), import_.import_id, "ab")

    assert world.stored_import(import_).name == "Spring list"


def test_an_import_whose_source_never_came_is_canceled_at_once() -> None:
    world = World()
    import_ = world.add_import(Status.REQUESTED)

    canceled = service.cancel(world.context, world.caller(), import_.import_id)

    assert (canceled.status, canceled.reason, canceled.ended_at) == (Status.CANCELED, "canceled", NOW)
    assert {phase.status for phase in canceled.phases} == {PhaseStatus.SKIPPED}
    assert canceled.updated_by == "key_test"
    assert world.stored_import(import_) == replace(canceled, unpublished_since=None)


def test_an_import_that_waits_for_a_slot_is_canceled_at_once() -> None:
    world = World()
    import_ = world.add_import(Status.QUEUED)

    assert service.cancel(world.context, world.caller(), import_.import_id).status is Status.CANCELED


def test_a_running_import_is_canceling_until_its_tasks_stop() -> None:
    world = World()
    import_ = world.add_import(Status.PROCESSING)
    world.stores.import_executions.start(import_)

    asked = service.cancel(world.context, world.caller(), import_.import_id)

    assert (asked.status, asked.reason, asked.ended_at) == (Status.CANCELING, None, None)
    assert [one.stopped_by for one in world.executions] == [None]
    assert world.runner.ended == []


def test_asking_again_to_cancel_changes_nothing() -> None:
    world = World()
    import_ = world.add_import(Status.PROCESSING)
    first = service.cancel(world.context, world.caller(), import_.import_id)

    assert service.cancel(world.context, world.caller(), import_.import_id) == first


def test_a_cancel_that_broke_off_half_way_is_ended_by_the_next() -> None:
    world = World()
    import_ = world.add_import(Status.CANCELING, started_at=None)

    assert service.cancel(world.context, world.caller(), import_.import_id).status is Status.CANCELED


@pytest.mark.parametrize("status", sorted(FINAL))
def test_what_has_ended_cannot_be_canceled(status: Status) -> None:
    world = World()
    import_ = world.add_import(status)

    with pytest.raises(Conflict) as refusal:
        service.cancel(world.context, world.caller(), import_.import_id)

    assert refusal.value.code == "already_ended"
    assert world.stored_import(import_) == import_


@pytest.mark.parametrize("status", sorted(FINAL))
def test_a_deleted_import_leaves_nothing_behind(status: Status) -> None:
    world = World()
    import_, other = world.add_import(status), world.add_import(import_id="imp_given2")
    tenant = import_.tenant_id
    for folder in (f"uploads/{tenant}", f"work/{tenant}", f"results/{tenant}"):
        world.stores.files.write_file(f"{folder}/imp_given/a", b"1")
        world.stores.files.write_file(f"{folder}/imp_given2/a", b"1")

    service.delete(world.context, world.caller(), import_.import_id)

    assert world.stores.imports.find(tenant, import_.import_id) is None
    assert [one.import_id for one in world.stores.imports.list_page(tenant, page=1, per_page=9).entries] == [
        other.import_id
    ]
    for folder in (f"uploads/{tenant}", f"work/{tenant}", f"results/{tenant}"):
        assert world.stores.files.find_file(f"{folder}/imp_given/a") is None
        assert world.stores.files.find_file(f"{folder}/imp_given2/a") is not None


@pytest.mark.parametrize("status", sorted(set(Status) - FINAL))
def test_what_has_not_ended_cannot_be_deleted(status: Status) -> None:
    world = World()
    import_ = world.add_import(status)
    world.uploaded(import_)

    with pytest.raises(Conflict) as refusal:
        service.delete(world.context, world.caller(), import_.import_id)

    assert refusal.value.code == "not_ended"
    assert world.stored_import(import_) == import_
    assert world.stores.files.find_file(f"uploads/{import_.tenant_id}/imp_given/source") is not None
