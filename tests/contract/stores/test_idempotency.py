"""What `Turns` promises."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier
from uuid import uuid4

import pytest

from chalicelib.model.idempotency import IdempotencyRecord, StoredResponse
from chalicelib.model.ids import TenantId
from chalicelib.stores.interfaces import Stores

NOW = 1_800_000_000
ANSWER = StoredResponse(status=201, headers={"Content-Type": "application/json"}, content=b'{"a": "\xc3\xa9"}')
ELSEWHERE = StoredResponse(status=303, headers={"A": "b"}, file_key="results/t/answers/1", filename="all.csv")


def a_record(**given: object) -> IdempotencyRecord:
    token = uuid4().hex
    wanted = {"name": "one", "fingerprint": "same", "token": token, "seed": token}
    return IdempotencyRecord(**(wanted | {"lease_ends_at": NOW + 30, "expires_at": NOW + 100} | given))  # type: ignore[arg-type]


def test_an_unused_name_is_had_by_who_comes_first(stores: Stores, tenant: TenantId) -> None:
    record = a_record()

    assert stores.idempotency_records.acquire(tenant, record, now=NOW) == record


def test_who_comes_second_is_told_who_has_it(stores: Stores, tenant: TenantId) -> None:
    record = a_record()
    stores.idempotency_records.acquire(tenant, record, now=NOW)

    assert stores.idempotency_records.acquire(tenant, a_record(), now=NOW + 29) == record
    assert stores.idempotency_records.acquire(tenant, a_record(fingerprint="other"), now=NOW + 31) == record


@pytest.mark.parametrize("answer", [ANSWER, ELSEWHERE], ids=["with its body", "somewhere else"])
def test_an_answer_is_found_by_whoever_begins_later(stores: Stores, tenant: TenantId, answer: StoredResponse) -> None:
    record = a_record()
    stores.idempotency_records.acquire(tenant, record, now=NOW)

    assert stores.idempotency_records.complete(tenant, record, answer)
    assert stores.idempotency_records.acquire(tenant, a_record(), now=NOW + 99) == replace(record, response=answer)


def test_an_answer_may_be_as_large_as_an_item_allows(stores: Stores, tenant: TenantId) -> None:
    record, answer = a_record(), replace(ANSWER, content=b'"' * (300 << 10))
    stores.idempotency_records.acquire(tenant, record, now=NOW)
    stores.idempotency_records.complete(tenant, record, answer)

    assert stores.idempotency_records.acquire(tenant, a_record(), now=NOW).response == answer


def test_a_name_is_unused_again_when_its_time_is_over(stores: Stores, tenant: TenantId) -> None:
    first, second = a_record(), a_record(fingerprint="other")
    stores.idempotency_records.acquire(tenant, first, now=NOW)
    stores.idempotency_records.complete(tenant, first, ANSWER)

    assert stores.idempotency_records.acquire(tenant, second, now=NOW + 100) == second


def test_a_request_that_takes_over_from_a_dead_one_inherits_its_seed(stores: Stores, tenant: TenantId) -> None:
    first, second, third = (a_record(lease_ends_at=NOW + end) for end in (30, 60, 90))
    stores.idempotency_records.acquire(tenant, first, now=NOW)

    assert stores.idempotency_records.acquire(tenant, second, now=NOW + 30) == replace(second, seed=first.seed)
    assert stores.idempotency_records.acquire(tenant, third, now=NOW + 60) == replace(third, seed=first.seed)


def test_a_dead_request_has_lost_its_name_to_the_one_that_took_over(stores: Stores, tenant: TenantId) -> None:
    first, second = a_record(), a_record(lease_ends_at=NOW + 60)
    stores.idempotency_records.acquire(tenant, first, now=NOW)
    second = stores.idempotency_records.acquire(tenant, second, now=NOW + 30)

    assert not stores.idempotency_records.complete(tenant, first, ANSWER)
    assert not stores.idempotency_records.release(tenant, first)
    assert stores.idempotency_records.acquire(tenant, a_record(), now=NOW + 31) == second


def test_a_released_record_leaves_nothing(stores: Stores, tenant: TenantId) -> None:
    first, second = a_record(), a_record(fingerprint="other")
    stores.idempotency_records.acquire(tenant, first, now=NOW)

    assert stores.idempotency_records.release(tenant, first)
    assert not stores.idempotency_records.complete(tenant, first, ANSWER)
    assert stores.idempotency_records.acquire(tenant, second, now=NOW) == second


def test_tenants_and_names_do_not_meet(stores: Stores, tenant: TenantId) -> None:
    stores.idempotency_records.acquire(tenant, a_record(), now=NOW)
    theirs, other = a_record(), a_record(name="two")

    assert stores.idempotency_records.acquire(TenantId(str(uuid4())), theirs, now=NOW) == theirs
    assert stores.idempotency_records.acquire(tenant, other, now=NOW) == other


@pytest.mark.parametrize("has_broken_off", [False, True], ids=["an unused name", "a record that broke off"])
def test_of_many_at_once_one_gets_it(racing: Stores, tenant: TenantId, has_broken_off: bool) -> None:
    if has_broken_off:
        racing.idempotency_records.acquire(tenant, a_record(lease_ends_at=NOW - 1), now=NOW - 30)
    records, barrier = [a_record() for _ in range(8)], Barrier(8)

    def acquire(record: IdempotencyRecord) -> bool:
        barrier.wait()
        return racing.idempotency_records.acquire(tenant, record, now=NOW).token == record.token

    with ThreadPoolExecutor(8) as threads:
        winners = sum(threads.map(acquire, records))

    assert winners == 1
