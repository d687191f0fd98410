"""What `Imports.each_due` promises: every import has its entries in the due index until its end."""

import pytest

from chalicelib.model.ids import ImportId, TenantId
from chalicelib.model.imports import FINAL, Status
from chalicelib.model.list_filters import ImportFilter
from chalicelib.model.status_changes import ImportChange
from chalicelib.stores.dynamodb.client import DynamoDBClient
from chalicelib.stores.dynamodb.control_table import ControlTable
from chalicelib.stores.dynamodb.due_index import DueEntry, DueIndex, DueKind
from chalicelib.stores.dynamodb.imports import DynamoDBImports
from chalicelib.stores.dynamodb.item_changes import Along, ItemChange
from chalicelib.stores.interfaces import Counted, Imports, Stores
from tests.contract.stores.builders import an_import, an_import_id
from tests.contract.stores.conftest import Aws, clock

LATER = 10_000


def due(imports: Imports, tenant: TenantId, now: int) -> list[ImportId]:
    return [import_id for owner, import_id in imports.each_due(now) if owner == tenant]


def test_an_import_without_its_source_is_due_after_its_upload_window(stores: Stores, tenant: TenantId) -> None:
    import_ = an_import(tenant, upload_expires_at=100)
    stores.imports.add(import_)

    assert due(stores.imports, tenant, 100) == []
    assert due(stores.imports, tenant, 101) == [import_.import_id]


def test_a_due_import_stays_due_until_it_has_ended(stores: Stores, tenant: TenantId) -> None:
    import_ = an_import(tenant, upload_expires_at=100)
    stores.imports.add(import_)

    assert due(stores.imports, tenant, LATER) == [import_.import_id]
    assert due(stores.imports, tenant, LATER) == [import_.import_id]
    stores.imports.change(tenant, import_.import_id, ImportChange(to=Status.EXPIRED, at=LATER))
    assert due(stores.imports, tenant, LATER) == []


def test_a_deadline_takes_the_place_of_the_upload_window(stores: Stores, tenant: TenantId) -> None:
    import_ = an_import(tenant, upload_expires_at=100)
    stores.imports.add(import_)

    stores.imports.change(tenant, import_.import_id, ImportChange(to=Status.QUEUED, at=50, deadline_at=200))

    assert due(stores.imports, tenant, 150) == []
    assert due(stores.imports, tenant, 201) == [import_.import_id]


def test_a_deadline_may_come_before_the_end_of_the_upload_window(stores: Stores, tenant: TenantId) -> None:
    import_ = an_import(tenant, upload_expires_at=500)
    stores.imports.add(import_)

    stores.imports.change(tenant, import_.import_id, ImportChange(to=Status.QUEUED, at=50, deadline_at=200))

    assert due(stores.imports, tenant, 201) == [import_.import_id]


def test_an_import_that_starts_queued_is_due_from_the_beginning(stores: Stores, tenant: TenantId) -> None:
    import_ = an_import(tenant, status=Status.QUEUED, deadline_at=200)
    stores.imports.add(import_)

    assert due(stores.imports, tenant, 201) == [import_.import_id]


def test_a_canceled_upload_can_still_become_due(stores: Stores, tenant: TenantId) -> None:
    import_ = an_import(tenant, upload_expires_at=100)
    stores.imports.add(import_)

    stores.imports.change(tenant, import_.import_id, ImportChange(to=Status.CANCELING, at=50))

    assert due(stores.imports, tenant, 101) == [import_.import_id]


def test_the_longest_due_comes_first(stores: Stores, tenant: TenantId) -> None:
    made = {at: an_import(tenant, upload_expires_at=at) for at in (300, 100, 200, 400, 50)}
    for import_ in made.values():
        stores.imports.add(import_)

    assert due(stores.imports, tenant, LATER) == [made[at].import_id for at in sorted(made)]


@pytest.mark.parametrize("status", sorted(FINAL))
def test_a_final_import_is_never_due(stores: Stores, tenant: TenantId, status: Status) -> None:
    stores.imports.add(an_import(tenant, status=status, upload_expires_at=100, deadline_at=200))

    assert due(stores.imports, tenant, LATER) == []


class CrashingTable(ControlTable):
    """Its owner dies before the nth change."""

    changes_left = 0

    def put(self, *args: object, **given: object) -> bool:
        self._live()
        return super().put(*args, **given)  # type: ignore[arg-type]  # passed on as it came

    def put_counted(self, *args: object, **given: object) -> Counted:
        self._live()
        return super().put_counted(*args, **given)  # type: ignore[arg-type]  # passed on as it came

    def set(self, *args: object, **given: object) -> dict[str, object] | None:
        self._live()
        return super().set(*args, **given)  # type: ignore[arg-type]  # passed on as it came

    def put_along(self, *args: object, **given: object) -> bool:
        self._live()
        return super().put_along(*args, **given)  # type: ignore[arg-type]  # passed on as it came

    def change_all(self, *args: object, **given: object) -> tuple[dict[str, object] | None, ...]:
        self._live()
        return super().change_all(*args, **given)  # type: ignore[arg-type]  # passed on as it came

    def remove(self, pk: str, sk: str) -> None:
        self._live()
        super().remove(pk, sk)

    def _live(self) -> None:
        if self.changes_left == 0:
            raise InterruptedError
        self.changes_left -= 1


def crashing(aws: Aws, changes_left: int) -> DynamoDBImports:
    table = CrashingTable(aws.resources.control_table, DynamoDBClient(aws.transport))
    table.changes_left = changes_left
    return DynamoDBImports(table, clock=clock)


def whole(aws: Aws) -> tuple[DynamoDBImports, DueIndex]:
    table = control(aws)
    return DynamoDBImports(table, clock=clock), DueIndex(table, DueKind.IMPORT)


def control(aws: Aws) -> ControlTable:
    return ControlTable(aws.resources.control_table, DynamoDBClient(aws.transport))


def due_times(entries: DueIndex, tenant: TenantId) -> list[int]:
    return [entry.due_at for entry in entries.each_before(1_000_000) if entry.tenant_id == tenant]


def test_an_import_is_added_with_its_due_entries_in_one_change(aws: Aws, tenant: TenantId) -> None:
    import_ = an_import(tenant, upload_expires_at=100, deadline_at=200)

    crashing(aws, changes_left=1).add(import_)

    _, entries = whole(aws)
    assert due_times(entries, tenant) == [100, 200]


def test_an_entry_without_an_import_is_removed_once_no_task_can_be_adding_it(aws: Aws, tenant: TenantId) -> None:
    imports, entries = whole(aws)
    entries.put(DueEntry(100, tenant, an_import_id()))

    assert due(imports, tenant, 100 + 20 * 60) == []
    assert due_times(entries, tenant) == [100]
    assert due(imports, tenant, 101 + 20 * 60) == []
    assert due_times(entries, tenant) == []


def test_an_import_is_queued_with_its_due_entry_in_one_change(aws: Aws, tenant: TenantId) -> None:
    imports, entries = whole(aws)
    import_ = an_import(tenant, upload_expires_at=100)
    imports.add(import_)

    crashing(aws, changes_left=1).change(
        tenant, import_.import_id, ImportChange(to=Status.QUEUED, at=50, deadline_at=200)
    )

    assert 200 in due_times(entries, tenant)
    assert due(imports, tenant, LATER) == [import_.import_id]


def test_entries_that_outlive_their_import_are_removed(aws: Aws, tenant: TenantId) -> None:
    imports, entries = whole(aws)
    import_ = an_import(tenant, status=Status.FAILED)
    imports.add(import_)
    entries.put(DueEntry(100, tenant, import_.import_id))

    assert due(imports, tenant, LATER) == []
    assert due_times(entries, tenant) == []


class OvertakenTable(ControlTable):
    """Somebody renames an import between each of the first looks at it and the change that follows."""

    renames_left = 3

    def set_along(self, change: ItemChange, along: Along) -> bool:
        if self.renames_left:
            self.renames_left -= 1
            values = {"name": f"{self.renames_left} left"}
            assert self.set(change.pk, values, condition="attribute_exists(#pk)", parameters={})
        return super().set_along(change, along)


def test_a_change_that_is_overtaken_begins_anew(aws: Aws, tenant: TenantId) -> None:
    imports, _ = whole(aws)
    import_ = an_import(tenant, status=Status.QUEUED)
    imports.add(import_)
    table = OvertakenTable(aws.resources.control_table, DynamoDBClient(aws.transport))

    changed = DynamoDBImports(table, clock=clock).change(
        tenant, import_.import_id, ImportChange(to=Status.PROCESSING, at=50)
    )

    assert changed is not None
    assert (changed.status, changed.name) == (Status.PROCESSING, "0 left")
    assert changed == imports.find(tenant, import_.import_id)
    assert [imports.list_page(tenant, only(one), page=1, per_page=9).total for one in Status] == [
        int(one is Status.PROCESSING) for one in Status
    ]


def only(status: Status) -> ImportFilter:
    return ImportFilter(statuses=frozenset({status}))


def test_an_import_that_is_known_ends_in_one_change(aws: Aws, tenant: TenantId) -> None:
    imports, entries = whole(aws)
    import_ = an_import(tenant, status=Status.PROCESSING, deadline_at=200)
    imports.add(import_)

    ended = crashing(aws, changes_left=1).change_known(import_, ImportChange(to=Status.COMPLETED, at=50))

    assert ended == imports.find(tenant, import_.import_id)
    assert due_times(entries, tenant) == []
    assert [one for one in imports.each_unpublished(51) if one.tenant_id == tenant] == [ended]


def test_the_end_of_an_import_removes_its_entries(aws: Aws, tenant: TenantId) -> None:
    imports, entries = whole(aws)
    import_ = an_import(tenant, upload_expires_at=500)
    imports.add(import_)
    imports.change(tenant, import_.import_id, ImportChange(to=Status.QUEUED, at=50, deadline_at=200))

    imports.change(tenant, import_.import_id, ImportChange(to=Status.FAILED, at=60))

    assert due_times(entries, tenant) == []
