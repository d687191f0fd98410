"""What `Exports.each_owed` promises: no ending is forgotten, and none is told of twice."""

import pytest

from chalicelib.model.exports import ENDINGS, ExportChange, ExportStatus
from chalicelib.model.ids import ExportId, TenantId
from chalicelib.stores.interfaces import Stores
from tests.contract.stores.test_exports import an_export

LATER = 10_000


def ended(stores: Stores, tenant: TenantId, to: ExportStatus = ExportStatus.COMPLETED, *, at: int = 50) -> ExportId:
    export = an_export(tenant, status=ExportStatus.PROCESSING)
    stores.exports.add(export)
    assert stores.exports.change(tenant, export.export_id, ExportChange(to=to, at=at))
    return export.export_id


def owed(stores: Stores, tenant: TenantId, before: int = LATER) -> list[ExportId]:
    return [one.export_id for one in stores.exports.each_owed(before) if one.tenant_id == tenant]


def settle(stores: Stores, tenant: TenantId, export_id: ExportId) -> None:
    export = stores.exports.find(tenant, export_id)
    assert export is not None
    stores.exports.settle(export)


@pytest.mark.parametrize("to", sorted(ENDINGS))
def test_an_ending_is_owed_until_it_is_settled(stores: Stores, tenant: TenantId, to: ExportStatus) -> None:
    export_id = ended(stores, tenant, to)

    assert owed(stores, tenant) == [export_id]
    settle(stores, tenant, export_id)
    settle(stores, tenant, export_id)
    assert owed(stores, tenant) == []


def test_an_ending_is_owed_to_the_sweep_only_after_a_while(stores: Stores, tenant: TenantId) -> None:
    export_id = ended(stores, tenant, at=50)

    assert owed(stores, tenant, before=50) == []
    assert owed(stores, tenant, before=51) == [export_id]


def test_who_has_waited_longest_comes_first(stores: Stores, tenant: TenantId) -> None:
    made = {at: ended(stores, tenant, at=at) for at in (30, 10, 20)}

    assert owed(stores, tenant) == [made[10], made[20], made[30]]


def test_the_end_of_files_is_not_owed(stores: Stores, tenant: TenantId) -> None:
    export_id = ended(stores, tenant)
    settle(stores, tenant, export_id)

    stores.exports.change(tenant, export_id, ExportChange(to=ExportStatus.EXPIRED, at=60))

    assert owed(stores, tenant) == []
