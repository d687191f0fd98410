"""Lists of imports and exports are ordered by time, even within one second of `created_at`."""

from itertools import count

import pytest

from chalicelib.model.exports import Export
from chalicelib.model.ids import ExportId, ImportId, TenantId
from chalicelib.stores.interfaces import Stores
from tests.contract.stores.builders import an_import
from tests.contract.stores.conftest import NOW, StoresUnderTest


@pytest.fixture
def ticking(world: StoresUnderTest) -> Stores:
    """The same stores by a clock that goes on a millisecond at each look."""
    ticks = count()
    return world.with_clock(lambda: NOW + next(ticks) / 1_000)


NAMES = ["c", "a", "d", "b"]


def test_imports_of_one_second_are_listed_latest_first(ticking: Stores, tenant: TenantId) -> None:
    for name in NAMES:
        ticking.imports.add(an_import(tenant, import_id=ImportId(f"imp_{name}"), created_at=NOW))

    listed = ticking.imports.list_page(tenant, page=1, per_page=9).entries

    assert [one.import_id for one in listed] == ["imp_b", "imp_d", "imp_a", "imp_c"]


def test_exports_of_one_second_are_listed_latest_first(ticking: Stores, tenant: TenantId) -> None:
    for name in NAMES:
        export_id = ExportId(f"exp_{name}")
        ticking.exports.add(Export(export_id=export_id, tenant_id=tenant, resource="contacts", created_at=NOW))

    listed = ticking.exports.list_page(tenant, page=1, per_page=9).entries

    assert [one.export_id for one in listed] == ["exp_b", "exp_d", "exp_a", "exp_c"]
