"""What `Exports.each_unpublished` promises: no ending is forgotten, and none is told of twice."""

import pytest

from chalicelib.model.exports import ENDINGS, ExportStatus
from chalicelib.model.ids import ExportId, TenantId
from chalicelib.model.status_changes import ExportChange
from chalicelib.stores.dynamodb.client import DynamoDBClient
from chalicelib.stores.dynamodb.due_index import DueEntry, DueIndex, DueKind
from chalicelib.stores.dynamodb.exports import DynamoDBExports
from chalicelib.stores.interfaces import Stores
from tests.contract.stores.conftest import Aws, clock
from tests.contract.stores.test_due_imports import CrashingTable, control
from tests.contract.stores.test_exports import an_export

LATER = 10_000


def ended(stores: Stores, tenant: TenantId, to: ExportStatus = ExportStatus.COMPLETED, *, at: int = 50) -> ExportId:
    export = an_export(tenant, status=ExportStatus.PROCESSING)
    stores.exports.add(export)
    assert stores.exports.change(tenant, export.export_id, ExportChange(to=to, at=at))
    return export.export_id


def owed(stores: Stores, tenant: TenantId, before: int = LATER) -> list[ExportId]:
    return [one.export_id for one in stores.exports.each_unpublished(before) if one.tenant_id == tenant]


def mark_published(stores: Stores, tenant: TenantId, export_id: ExportId) -> None:
    export = stores.exports.find(tenant, export_id)
    assert export is not None
    stores.exports.mark_published(export)


@pytest.mark.parametrize("to", sorted(ENDINGS))
def test_an_event_is_pending_until_it_is_marked_published(stores: Stores, tenant: TenantId, to: ExportStatus) -> None:
    export_id = ended(stores, tenant, to)

    assert owed(stores, tenant) == [export_id]
    mark_published(stores, tenant, export_id)
    mark_published(stores, tenant, export_id)
    assert owed(stores, tenant) == []


def test_a_pending_event_is_found_only_after_a_while(stores: Stores, tenant: TenantId) -> None:
    export_id = ended(stores, tenant, at=50)

    assert owed(stores, tenant, before=50) == []
    assert owed(stores, tenant, before=51) == [export_id]


def test_who_has_waited_longest_comes_first(stores: Stores, tenant: TenantId) -> None:
    made = {at: ended(stores, tenant, at=at) for at in (30, 10, 20)}

    assert owed(stores, tenant) == [made[10], made[20], made[30]]


def test_the_end_of_files_makes_no_pending_event(stores: Stores, tenant: TenantId) -> None:
    export_id = ended(stores, tenant)
    mark_published(stores, tenant, export_id)

    stores.exports.change(tenant, export_id, ExportChange(to=ExportStatus.EXPIRED, at=60))

    assert owed(stores, tenant) == []


@pytest.mark.parametrize(("changes_left", "is_ended"), [(0, False), (1, False), (2, True)])
def test_no_crash_lets_an_ending_go_untold(aws: Aws, tenant: TenantId, changes_left: int, is_ended: bool) -> None:
    """Status and debt are one write: there are both of them or none."""
    whole, table = (
        DynamoDBExports(control(aws), clock=clock),
        CrashingTable(aws.resources.control_table, DynamoDBClient(aws.transport)),
    )
    export = an_export(tenant, status=ExportStatus.PROCESSING, deadline_at=200)
    whole.add(export)
    table.changes_left = changes_left

    change = ExportChange(to=ExportStatus.FAILED, at=50)
    with pytest.raises(InterruptedError):
        DynamoDBExports(table, clock=clock).change(tenant, export.export_id, change)

    found = [one.export_id for one in whole.each_unpublished(LATER) if one.tenant_id == tenant]
    assert found == ([export.export_id] if is_ended else [])
    assert (whole.find(tenant, export.export_id) or export).is_final is is_ended


def test_what_is_left_of_endings_that_never_were_is_cleared_away(aws: Aws, tenant: TenantId) -> None:
    exports, marks = DynamoDBExports(control(aws), clock=clock), DueIndex(control(aws), DueKind.UNPUBLISHED_EXPORT)
    marks.put(DueEntry(100, tenant, "exp_never"))

    left = []
    for before in (100 + 20 * 60, 101 + 20 * 60):
        assert [one for one in exports.each_unpublished(before) if one.tenant_id == tenant] == []
        left.append(len([one for one in marks.each_before(LATER) if one.tenant_id == tenant]))

    assert left == [1, 0]
