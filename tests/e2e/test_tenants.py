"""Tenants are separate: the same people at two of them, and neither sees those of the other."""

import pytest

from tests.e2e.packagex_client import PackageXClient, counted
from tests.e2e.tenants import Tenants

pytestmark = pytest.mark.e2e


def test_two_tenants_have_the_same_customer_and_never_meet(tenants: Tenants) -> None:
    ours, theirs = tenants.client(), tenants.client()
    first = ours.run_records([{"id": "cus_1", "name": "Ann", "email": "ann@example.com"}])
    second = theirs.run_records([{"id": "cus_1", "name": "Anna", "email": "ann@example.com"}])

    emptied = theirs.run_records([{"name": "Zoe", "email": "zoe@example.com"}], action="overwrite")

    assert [counted(one) for one in (first, second)] == [{"total": 1, "created": 1}] * 2
    assert counted(emptied) == {"total": 1, "created": 1, "overwritten": 1}
    assert ours.records() == [{"name": "Ann", "email": "ann@example.com", "status": "active"}]
    assert theirs.records() == [{"name": "Zoe", "email": "zoe@example.com", "status": "active"}]
    assert ids_of(ours) == [first["id"]]
    assert ids_of(theirs) == [emptied["id"], second["id"]]
    assert first["organization_id"] == ours.tenant_id


def test_a_second_key_of_a_tenant_sees_what_the_first_has_imported(tenants: Tenants) -> None:
    ours = tenants.client()
    import_ = ours.run_records([{"name": "Ann", "email": "ann@example.com"}])

    colleague = tenants.client(ours.tenant_id)

    assert ids_of(colleague) == [import_["id"]]
    assert colleague.records() == ours.records()


def ids_of(client: PackageXClient) -> list[str]:
    return [import_["id"] for import_ in client.get("/v1/imports").data]
