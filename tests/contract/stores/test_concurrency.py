"""What `ConcurrencySlots` promises: never more holders than slots, who has waited longest comes first, and tenants are
listed with their last starts."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from chalicelib.model.events import JobKind
from chalicelib.model.ids import TenantId
from chalicelib.stores.interfaces import Stores

FIRST, SECOND, THIRD = (f"imp_{n}" for n in (1, 2, 3))
IMPORT, EXPORT = JobKind.IMPORT, JobKind.EXPORT


def test_as_many_jobs_have_a_slot_as_there_are_slots(stores: Stores, tenant: TenantId) -> None:
    assert stores.slots.take(tenant, FIRST, slots=2)
    assert stores.slots.take(tenant, SECOND, slots=2)
    assert not stores.slots.take(tenant, THIRD, slots=2)
    assert stores.slots.list_holders(tenant, slots=2) == [FIRST, SECOND]


def test_a_job_that_has_a_slot_has_it_when_asking_again(stores: Stores, tenant: TenantId) -> None:
    stores.slots.take(tenant, FIRST, slots=1)

    assert stores.slots.take(tenant, FIRST, slots=1)


def test_a_slot_that_was_left_is_taken_by_another(stores: Stores, tenant: TenantId) -> None:
    stores.slots.take(tenant, FIRST, slots=1)

    stores.slots.leave(tenant, FIRST, slots=1)

    assert stores.slots.take(tenant, SECOND, slots=1)


def test_a_job_without_a_slot_gives_none_back(stores: Stores, tenant: TenantId) -> None:
    stores.slots.take(tenant, FIRST, slots=1)

    stores.slots.leave(tenant, SECOND, slots=1)

    assert not stores.slots.take(tenant, SECOND, slots=1)


def test_every_one_of_many_slots_is_left(stores: Stores, tenant: TenantId) -> None:
    jobs = [f"imp_{number}" for number in range(20)]
    for one in jobs:
        stores.slots.take(tenant, one, slots=20)

    for one in jobs:
        stores.slots.leave(tenant, one, slots=20)

    assert stores.slots.list_holders(tenant, slots=20) == []


def test_pools_take_nothing_from_each_other(stores: Stores, tenant: TenantId) -> None:
    stores.slots.take(tenant, FIRST, slots=1)

    assert stores.slots.take(f"{tenant}-other", FIRST, slots=1)


def test_every_one_of_many_slots_is_found(stores: Stores, tenant: TenantId) -> None:
    jobs = [f"imp_{number:03}" for number in range(105)]

    assert [stores.slots.take(tenant, one, slots=104) for one in jobs] == [True] * 104 + [False]
    assert stores.slots.list_holders(tenant, slots=104) == jobs[:104]


def test_who_has_waited_longest_comes_first(stores: Stores, tenant: TenantId) -> None:
    for since, job_id in ((1_700_000_009, FIRST), (999, SECOND), (1_700_000_008, THIRD)):
        stores.slots.wait(IMPORT, tenant, job_id, since=since)
    stores.slots.wait(IMPORT, tenant, FIRST, since=1_700_000_009)

    waiting = list(stores.slots.each_waiting(IMPORT, tenant))

    assert waiting == [(999, SECOND), (1_700_000_008, THIRD), (1_700_000_009, FIRST)]
    assert list(stores.slots.each_waiting(EXPORT, tenant)) == []


def test_who_waits_no_longer_is_not_listed(stores: Stores, tenant: TenantId) -> None:
    stores.slots.wait(IMPORT, tenant, FIRST, since=5)
    stores.slots.wait(IMPORT, tenant, SECOND, since=6)

    stores.slots.stop_waiting(IMPORT, tenant, FIRST, since=5)

    assert list(stores.slots.each_waiting(IMPORT, tenant)) == [(6, SECOND)]


def test_a_tenant_with_waiting_jobs_is_listed_until_it_is_idle(stores: Stores, tenant: TenantId) -> None:
    stores.slots.wait(IMPORT, tenant, FIRST, since=5)
    stores.slots.wait(IMPORT, tenant, SECOND, since=6)
    assert stores.slots.list_last_starts(IMPORT)[tenant] == 5
    assert tenant not in stores.slots.list_last_starts(EXPORT)

    stores.slots.note_start(IMPORT, tenant, at=70)
    stores.slots.stop_waiting(IMPORT, tenant, FIRST, since=5)
    stores.slots.remove_idle(IMPORT, tenant)
    assert stores.slots.list_last_starts(IMPORT)[tenant] == 70

    stores.slots.stop_waiting(IMPORT, tenant, SECOND, since=6)
    stores.slots.remove_idle(IMPORT, tenant)
    stores.slots.note_start(IMPORT, tenant, at=80)
    assert tenant not in stores.slots.list_last_starts(IMPORT)


def test_no_slot_has_two_holders_however_many_ask_at_once(racing: Stores, tenant: TenantId) -> None:
    slots, barrier = racing.slots, Barrier(8)

    def ask(number: int) -> bool:
        barrier.wait()
        return slots.take(tenant, f"imp_{number}", slots=3)

    with ThreadPoolExecutor(8) as pool:
        taken = sum(pool.map(ask, range(8)))

    assert taken == len(slots.list_holders(tenant, slots=3)) == 3


def test_a_job_that_is_asked_for_twice_at_once_is_never_refused(racing: Stores, tenant: TenantId) -> None:
    slots, barrier = racing.slots, Barrier(2)

    def ask(_: int) -> bool:
        barrier.wait()
        return slots.take(tenant, FIRST, slots=1)

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(ask, range(2))) == [True, True]
