"""No method of any store lets one tenant see or change what is another's, though all ids are the same."""

from dataclasses import replace

import pytest

from chalicelib.model.ids import RecordId, TenantId
from chalicelib.model.imports import Status
from chalicelib.model.records import WriteStatus
from chalicelib.model.status_changes import ImportChange
from chalicelib.stores.interfaces import Stores
from tests.contract.stores.builders import CONTACTS, NOW_MS, a_deletion, a_write, an_import, created, stored


@pytest.fixture
def other(tenant: TenantId) -> TenantId:
    return TenantId(f"{tenant}-2")


def test_imports_of_one_id_live_side_by_side(stores: Stores, tenant: TenantId, other: TenantId) -> None:
    mine = an_import(tenant, name="mine", status=Status.PROCESSING, upload_expires_at=5)
    theirs = replace(mine, tenant_id=other, name="theirs")

    assert stores.imports.add(mine)
    assert stores.imports.add(theirs)
    assert stores.imports.find(tenant, mine.import_id) == mine
    assert stores.imports.find(other, mine.import_id) == theirs
    assert stores.imports.list_page(tenant, page=1, per_page=9).entries == (mine,)
    assert [one for one in stores.imports.each_due(9) if one[0] in (tenant, other)].count((other, mine.import_id)) == 1


def test_an_import_of_another_tenant_does_not_exist(stores: Stores, tenant: TenantId, other: TenantId) -> None:
    mine = an_import(tenant, status=Status.PROCESSING)
    stores.imports.add(mine)
    stores.imports.add(final := an_import(tenant, status=Status.FAILED))

    assert stores.imports.find(other, mine.import_id) is None
    assert stores.imports.list_page(other, page=1, per_page=9).total == 0
    assert stores.imports.change(other, mine.import_id, ImportChange(to=Status.COMPLETED, at=1)) is None
    assert not stores.imports.report(replace(mine, tenant_id=other))
    assert not stores.imports.rename(other, mine.import_id, "theirs", by="eve", at=1)
    assert not stores.imports.delete(other, final.import_id)
    assert stores.imports.find(tenant, mine.import_id) == mine
    assert stores.imports.find(tenant, final.import_id) == final


def test_records_of_another_tenant_are_not_seen(stores: Stores, tenant: TenantId, other: TenantId) -> None:
    created(stores, tenant, "con_1", claims=("e:1",), match_keys=("m:1",))

    assert stores.records.get_many(other, CONTACTS, [RecordId("con_1")]) == {}
    assert stores.records.find_claims(other, CONTACTS, ["e:1", "id:con_1"]) == {}
    assert stores.records.find_matches(other, CONTACTS, ["m:1"]) == {}
    assert stores.records.list_records(other, CONTACTS, limit=9, cursor=None).records == ()
    assert [list(stores.records.each_record(other, CONTACTS, shard)) for shard in range(32)] == [[]] * 32


def test_records_of_another_tenant_are_not_changed(stores: Stores, tenant: TenantId, other: TenantId) -> None:
    mine = created(stores, tenant, "con_1", claims=("e:1",), match_keys=("m:1",))

    refused = stores.records.write_many(other, CONTACTS, [a_deletion(mine)], now_ms=NOW_MS)
    same = a_write("con_1", by="imp_two", fields={"name": "theirs"}, claims=("e:1",), match_keys=("m:1",))
    written = stores.records.write_many(other, CONTACTS, [same], now_ms=NOW_MS)

    assert [one.status for one in refused + written] == [WriteStatus.STALE, WriteStatus.WRITTEN]
    assert stored(stores, tenant, "con_1") == mine
    assert stores.records.find_claims(tenant, CONTACTS, ["e:1"]) == {"e:1": "con_1"}


def test_shards_of_another_tenant_are_not_fixed(stores: Stores, tenant: TenantId, other: TenantId) -> None:
    stores.records.prepare(tenant, CONTACTS, expected_rows=10**9)

    assert stores.records.shard_count(other, CONTACTS) == 32


def test_resources_are_apart_as_tenants_are(stores: Stores, tenant: TenantId) -> None:
    created(stores, tenant, "con_1", claims=("e:1",), match_keys=("m:1",))

    assert stores.records.get_many(tenant, "tickets", [RecordId("con_1")]) == {}
    assert stores.records.find_claims(tenant, "tickets", ["e:1", "id:con_1"]) == {}
    assert stores.records.find_matches(tenant, "tickets", ["m:1"]) == {}
    assert stores.records.list_records(tenant, "tickets", limit=9, cursor=None).records == ()
