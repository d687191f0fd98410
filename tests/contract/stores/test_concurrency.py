"""What `Slots` promises: never more holders than slots, and who has waited longest comes first."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from chalicelib.model.ids import ImportId, TenantId
from chalicelib.stores.interfaces import Stores
from tests.contract.stores.conftest import StoresUnderTest

FIRST, SECOND, THIRD = (ImportId(f"imp_{n}") for n in (1, 2, 3))


def test_as_many_imports_run_as_there_are_concurrency_slots(stores: Stores, tenant: TenantId) -> None:
    assert stores.slots.take(tenant, FIRST, slots=2)
    assert stores.slots.take(tenant, SECOND, slots=2)
    assert not stores.slots.take(tenant, THIRD, slots=2)
    assert stores.slots.list_holders(tenant, slots=2) == [FIRST, SECOND]


def test_an_import_that_has_a_slot_has_it_when_asking_again(stores: Stores, tenant: TenantId) -> None:
    assert stores.slots.take(tenant, FIRST, slots=1)

    assert stores.slots.take(tenant, FIRST, slots=1)


def test_a_slot_that_was_left_is_taken_by_another(stores: Stores, tenant: TenantId) -> None:
    stores.slots.take(tenant, FIRST, slots=1)

    stores.slots.leave(tenant, FIRST, slots=1)

    assert stores.slots.take(tenant, SECOND, slots=1)


def test_an_import_without_a_slot_gives_none_back(stores: Stores, tenant: TenantId) -> None:
    stores.slots.take(tenant, FIRST, slots=1)

    stores.slots.leave(tenant, SECOND, slots=1)

    assert not stores.slots.take(tenant, SECOND, slots=1)


def test_tenants_take_nothing_from_each_other(stores: Stores, tenant: TenantId) -> None:
    stores.slots.take(tenant, FIRST, slots=1)

    assert stores.slots.take(TenantId(f"{tenant}-other"), FIRST, slots=1)


def test_who_has_waited_longest_comes_first(stores: Stores, tenant: TenantId) -> None:
    for since, import_id in ((1_700_000_009, FIRST), (999, SECOND), (1_700_000_008, THIRD)):
        stores.slots.wait(tenant, import_id, since=since)
    stores.slots.wait(tenant, FIRST, since=1_700_000_009)

    assert list(stores.slots.each_waiting(tenant)) == [(999, SECOND), (1_700_000_008, THIRD), (1_700_000_009, FIRST)]


def test_who_waits_no_longer_is_not_listed(stores: Stores, tenant: TenantId) -> None:
    stores.slots.wait(tenant, FIRST, since=5)
    stores.slots.wait(tenant, SECOND, since=6)

    stores.slots.stop_waiting(tenant, FIRST, since=5)

    assert list(stores.slots.each_waiting(tenant)) == [(6, SECOND)]


def test_tenants_are_listed_while_somebody_waits_for_them(stores: Stores, tenant: TenantId) -> None:
    stores.slots.wait(tenant, FIRST, since=5)
    assert tenant in stores.slots.list_tenants()

    stores.slots.stop_waiting(tenant, FIRST, since=5)

    assert tenant not in stores.slots.list_tenants()
    assert tenant not in stores.slots.list_tenants()


def test_no_slot_has_two_holders_however_many_ask_at_once(world: StoresUnderTest, tenant: TenantId) -> None:
    if world.aws and world.aws.is_serial:
        pytest.skip("nothing can race on moto")
    slots, barrier = world.stores.slots, Barrier(8)

    def ask(number: int) -> bool:
        barrier.wait()
        return slots.take(tenant, ImportId(f"imp_{number}"), slots=3)

    with ThreadPoolExecutor(8) as pool:
        taken = sum(pool.map(ask, range(8)))

    assert taken == len(slots.list_holders(tenant, slots=3)) == 3
