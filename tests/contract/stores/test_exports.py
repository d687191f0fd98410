"""What `Exports` promises: status changes on their condition, lists by time, due times, results once each."""

from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest

from chalicelib.formats.registry import Format
from chalicelib.model.exports import (
    ENDINGS,
    Export,
    ExportFile,
    ExportResult,
    ExportSelection,
    ExportStage,
    ExportStatus,
    FilePart,
    Progress,
    ShardFile,
)
from chalicelib.model.filters import Condition, Group, LogicalOperator, Operator
from chalicelib.model.ids import ExportId, TenantId
from chalicelib.model.list_filters import ExportFilter
from chalicelib.model.status_changes import EXPORT_PREDECESSORS, ExportChange
from chalicelib.model.write_options import Rendering
from chalicelib.stores.aws import stores_over
from chalicelib.stores.dynamodb.due_index import DueEntry, DueIndex, DueKind
from chalicelib.stores.interfaces import Stores
from chalicelib.stores.memory import MemoryExportExecutions
from tests.contract.stores.builders import an_import
from tests.contract.stores.conftest import NOW, Aws, StoresUnderTest, clock
from tests.contract.stores.test_due_imports import control

FILE_PART = FilePart(key="results/a", rows=2, size_bytes=9, sha256="ab")
FILE = ExportFile(
    format="csv", key="results/a", filename="a.csv", content_type="text/csv", rows=2, size_bytes=9, parts=(FILE_PART,)
)
UNDER_WAY = [ExportStatus.QUEUED, ExportStatus.PROCESSING]


def an_export(tenant: TenantId, **given: Any) -> Export:
    wanted: dict[str, Any] = {"export_id": ExportId(f"exp_{uuid4().hex[:26]}"), "tenant_id": tenant}
    return Export(**(wanted | {"resource": "contacts", "created_at": NOW} | given))


def due(stores: Stores, tenant: TenantId, now: int) -> list[ExportId]:
    return [export_id for owner, export_id in stores.exports.each_due(now) if owner == tenant]


def test_an_export_is_found_as_it_was_added(stores: Stores, tenant: TenantId) -> None:
    nested = Group(LogicalOperator.NOT, (Condition("name", Operator.IS_NULL),))
    export = an_export(
        tenant,
        name="März",
        selection=ExportSelection(
            filter=Group(LogicalOperator.AND, (Condition("status", Operator.IN, ["a", 1, None]), nested)),
            fields=("id", "name"),
            order_by="name",
            limit=5,
            since_ms=1,
        ),
        renderings=(Rendering(delimiter=";"), Rendering(format=Format.JSON, is_gzipped=True)),
        options={"limit": "all", "filters": {"conditions": []}},
        progress=Progress(shards=3),
        files=(FILE,),
        created_at=17,
        deadline_at=18,
    )

    is_new = stores.exports.add(export)

    assert is_new
    assert stores.exports.find(tenant, export.export_id) == export


def test_an_id_is_added_once_even_after_a_deletion(stores: Stores, tenant: TenantId) -> None:
    export = an_export(tenant, status=ExportStatus.FAILED)
    stores.exports.add(export)
    again = stores.exports.add(replace(export, name="second"))
    stores.exports.delete(tenant, export.export_id)

    assert not again
    assert not stores.exports.add(export)
    assert stores.exports.find(tenant, export.export_id) is None


def test_another_tenant_finds_nothing(stores: Stores, tenant: TenantId) -> None:
    export = an_export(tenant)
    stores.exports.add(export)
    stranger = TenantId(str(uuid4()))

    assert stores.exports.find(stranger, export.export_id) is None
    assert stores.exports.list_page(stranger, page=1, per_page=9).entries == ()
    assert not stores.exports.rename(stranger, export.export_id, "mine", by="key", at=1)


def test_pages_are_listed_newest_first_with_the_total(stores: Stores, tenant: TenantId) -> None:
    stores.imports.add(an_import(tenant, created_at=NOW + 40))
    for at, resource in ((10, "contacts"), (30, "users"), (20, "contacts")):
        stores.exports.add(an_export(tenant, created_at=NOW + at, resource=resource))

    pages = [stores.exports.list_page(tenant, page=page, per_page=2) for page in (1, 2)]
    contacts = stores.exports.list_page(tenant, ExportFilter(resources=frozenset({"contacts"})), page=1, per_page=5)

    assert [[one.created_at - NOW for one in page.entries] for page in pages] == [[30, 20], [10]]
    assert [page.total for page in pages] == [3, 3]
    assert ([one.created_at - NOW for one in contacts.entries], contacts.total) == ([20, 10], 2)


@pytest.mark.parametrize("before", list(ExportStatus))
@pytest.mark.parametrize("to", list(ExportStatus))
def test_a_status_follows_its_predecessors_only(
    stores: Stores, tenant: TenantId, before: ExportStatus, to: ExportStatus
) -> None:
    export = an_export(tenant, status=before)
    stores.exports.add(export)

    changed = stores.exports.change(tenant, export.export_id, ExportChange(to=to, at=9, reason="so", by="key"))

    owed = 9 if to in ENDINGS else None
    expected = replace(export, status=to, updated_at=9, reason="so", updated_by="key", unpublished_since=owed)
    assert changed == (expected if before in EXPORT_PREDECESSORS[to] else None)
    assert stores.exports.find(tenant, export.export_id) == (changed or export)


def test_the_end_brings_its_files(stores: Stores, tenant: TenantId) -> None:
    export = an_export(tenant, status=ExportStatus.PROCESSING)
    stores.exports.add(export)
    done = Progress(shards=1, shards_done=1, rows=2, rows_total=2, rows_written=2)
    change = ExportChange(to=ExportStatus.COMPLETED, at=9, files=(FILE,), progress=done, files_until=99)

    changed = stores.exports.change(tenant, export.export_id, change)

    assert changed is not None
    assert (changed.files, changed.progress, changed.files_until) == ((FILE,), done, 99)


@pytest.mark.parametrize("status", list(ExportStatus))
def test_progress_is_reported_only_while_processing(stores: Stores, tenant: TenantId, status: ExportStatus) -> None:
    export = an_export(tenant, status=status)
    stores.exports.add(export)

    is_taken = stores.exports.report(tenant, export.export_id, Progress(shards=7), at=9)

    is_processing = status is ExportStatus.PROCESSING
    assert is_taken is is_processing
    expected = replace(export, progress=Progress(shards=7), updated_at=9) if is_processing else export
    assert stores.exports.find(tenant, export.export_id) == expected


@pytest.mark.parametrize("status", list(ExportStatus))
def test_only_what_has_ended_is_deleted(stores: Stores, tenant: TenantId, status: ExportStatus) -> None:
    export = an_export(tenant, status=status)
    stores.exports.add(export)

    is_deleted = stores.exports.delete(tenant, export.export_id)

    assert is_deleted is (status not in UNDER_WAY)
    assert (stores.exports.find(tenant, export.export_id) is None) is is_deleted
    assert stores.exports.list_page(tenant, page=1, per_page=5).total == (0 if is_deleted else 1)


def test_a_name_is_given_and_taken_away(stores: Stores, tenant: TenantId) -> None:
    export = an_export(tenant, name="old")
    stores.exports.add(export)

    assert stores.exports.rename(tenant, export.export_id, "new", by="key", at=3)
    named = stores.exports.find(tenant, export.export_id)
    stores.exports.rename(tenant, export.export_id, None, by="key", at=4)

    assert named == replace(export, name="new", updated_by="key", updated_at=3)
    assert stores.exports.find(tenant, export.export_id) == replace(export, name=None, updated_by="key", updated_at=4)


def test_an_export_is_due_at_its_deadline_and_again_when_its_files_have_lived(stores: Stores, tenant: TenantId) -> None:
    export = an_export(tenant, status=ExportStatus.PROCESSING, deadline_at=100)
    stores.exports.add(export)

    late = due(stores, tenant, 101)
    change = ExportChange(to=ExportStatus.COMPLETED, at=50, files_until=200)
    stores.exports.change(tenant, export.export_id, change)

    assert (due(stores, tenant, 100), late) == ([], [export.export_id])
    assert (due(stores, tenant, 199), due(stores, tenant, 201)) == ([], [export.export_id])
    stores.exports.change(tenant, export.export_id, ExportChange(to=ExportStatus.EXPIRED, at=201))
    assert due(stores, tenant, 1_000) == []


@pytest.mark.parametrize("to", [ExportStatus.FAILED, ExportStatus.CANCELED, ExportStatus.TIMED_OUT])
def test_what_left_no_files_is_never_due_again(stores: Stores, tenant: TenantId, to: ExportStatus) -> None:
    export = an_export(tenant, deadline_at=100)
    stores.exports.add(export)

    stores.exports.change(tenant, export.export_id, ExportChange(to=to, at=50))

    assert due(stores, tenant, 10_000) == []


def test_imports_and_exports_become_due_apart(stores: Stores, tenant: TenantId) -> None:
    import_ = an_import(tenant, upload_expires_at=100)
    export = an_export(tenant, deadline_at=100)
    stores.imports.add(import_)
    stores.exports.add(export)

    for _ in range(2):
        assert due(stores, tenant, 10_000) == [export.export_id]
        assert [one for owner, one in stores.imports.each_due(10_000) if owner == tenant] == [import_.import_id]


def test_an_entry_without_an_export_is_removed_once_no_task_can_be_adding_it(aws: Aws, tenant: TenantId) -> None:
    stores = stores_over(aws.session, aws.transport, aws.resources, clock=clock)
    entries = DueIndex(control(aws), DueKind.EXPORT)
    entries.put(DueEntry(100, tenant, "exp_never"))

    for now, left in ((100 + 20 * 60, [100]), (101 + 20 * 60, [])):
        assert due(stores, tenant, now) == []
        assert [one.due_at for one in entries.each_before(10_000) if one.tenant_id == tenant] == left


def test_the_first_result_of_a_task_stands(stores: Stores, tenant: TenantId) -> None:
    export_id = an_export(tenant).export_id
    first = ExportResult(
        stage=ExportStage.SHARD,
        task=10,
        attempt_id="try1",
        records_read=3,
        shard_files=(ShardFile(key="work/a", rows=2, size_bytes=8),),
        file_part=FILE_PART,
        file=FILE,
        offsets=(1, 2),
    )

    is_first = stores.exports.put_once(export_id, first)
    is_second = stores.exports.put_once(export_id, replace(first, attempt_id="try2"))
    stores.exports.put_once(export_id, replace(first, task=9))
    stores.exports.put_once(export_id, replace(first, stage=ExportStage.JOIN))

    assert (is_first, is_second) == (True, False)
    assert stores.exports.find_result(export_id, ExportStage.SHARD, 10) == first
    assert stores.exports.find_result(export_id, ExportStage.SHARD, 11) is None
    assert [one.task for one in stores.exports.list_results(export_id, ExportStage.SHARD)] == [9, 10]


def test_an_export_is_started_once_and_stopped(world: StoresUnderTest, tenant: TenantId) -> None:
    export = an_export(tenant)
    stranger = an_export(tenant)

    world.stores.export_executions.start(export)
    world.stores.export_executions.start(export)
    running = executions(world, export)
    world.stores.export_executions.stop(export, cause="canceled")
    world.stores.export_executions.stop(export, cause="once more")
    world.stores.export_executions.stop(stranger, cause="never ran")

    assert (running, executions(world, export), executions(world, stranger)) == ([True], [False], [])


def executions(world: StoresUnderTest, export: Export) -> list[bool]:
    """Whether each of them runs."""
    if world.aws is None:
        machine = world.stores.export_executions
        assert isinstance(machine, MemoryExportExecutions)
        return [one not in machine.stopped for one in machine.started if one == export.export_id]
    client = world.aws.session.client("stepfunctions")
    listed = client.list_executions(stateMachineArn=world.aws.resources.export_machine_arn)["executions"]
    return [one["status"] == "RUNNING" for one in listed if one["name"] == export.export_id]
