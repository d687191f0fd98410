"""What `Records` promises about shards, pages and cursors."""

from itertools import count

import pytest

from chalicelib.errors import Refused
from chalicelib.model.ids import RecordId, TenantId
from chalicelib.stores.aws import stores_over
from chalicelib.stores.dynamodb.records import TOMBSTONES_PASSED
from chalicelib.stores.interfaces import Stores
from tests.contract.stores.builders import CONTACTS, NOW_MS, a_deletion, a_write, created, stored
from tests.contract.stores.conftest import Aws


def fill(stores: Stores, tenant: TenantId, records: int) -> set[RecordId]:
    writes = [a_write(f"con_{number}", row=number) for number in range(records)]
    stores.records.write_many(tenant, CONTACTS, writes, now_ms=NOW_MS)
    return {one.record_id for one in writes}


def pages(stores: Stores, tenant: TenantId, limit: int) -> list[list[RecordId]]:
    listed, cursor = [], None
    for _ in count():
        page = stores.records.list_records(tenant, CONTACTS, limit=limit, cursor=cursor)
        listed.append([one.record_id for one in page.records])
        cursor = page.cursor
        if cursor is None:
            break
    return listed


@pytest.mark.parametrize(("limit", "sizes"), [(7, [7, 7, 7, 4]), (5, [5] * 5), (25, [25]), (100, [25])])
def test_pages_hold_every_record_once(stores: Stores, tenant: TenantId, limit: int, sizes: list[int]) -> None:
    ids = fill(stores, tenant, 25)

    listed = pages(stores, tenant, limit)

    assert [len(page) for page in listed] == sizes
    assert {one for page in listed for one in page} == ids


def test_the_order_of_a_listing_is_stable(stores: Stores, tenant: TenantId) -> None:
    fill(stores, tenant, 25)

    in_sevens, in_one = pages(stores, tenant, 7), pages(stores, tenant, 100)

    assert [one for page in in_sevens for one in page] == in_one[0]


def test_nothing_is_listed_on_one_empty_page(stores: Stores, tenant: TenantId) -> None:
    assert pages(stores, tenant, 5) == [[]]


def test_a_page_passes_over_so_many_tombstones_at_most(on_tables: Aws, tenant: TenantId) -> None:
    stores = stores_over(on_tables.session, on_tables.transport, on_tables.resources, clock=lambda: 0)
    fill(stores, tenant, TOMBSTONES_PASSED + 50)
    dead = [stored(stores, tenant, f"con_{number}") for number in range(TOMBSTONES_PASSED + 49)]
    stores.records.write_many(tenant, CONTACTS, [a_deletion(one) for one in dead], now_ms=NOW_MS)

    listed = pages(stores, tenant, 20)

    assert len(listed) == 2
    assert [one for page in listed for one in page] == [f"con_{TOMBSTONES_PASSED + 49}"]


def test_tombstones_are_neither_listed_nor_counted_for_a_page(stores: Stores, tenant: TenantId) -> None:
    ids = fill(stores, tenant, 12)
    dead = [stored(stores, tenant, f"con_{number}") for number in range(0, 12, 2)]
    stores.records.write_many(tenant, CONTACTS, [a_deletion(one) for one in dead], now_ms=NOW_MS)
    live = ids - {one.record_id for one in dead}

    listed = pages(stores, tenant, 3)

    assert [len(page) for page in listed] == [3, 3]
    assert {one for page in listed for one in page} == live
    each = (one for shard in range(32) for one in stores.records.each_record(tenant, CONTACTS, shard))
    assert {one.record_id for one in each if not one.is_deleted} == live


def test_a_listing_goes_on_behind_a_record_that_was_deleted_meanwhile(stores: Stores, tenant: TenantId) -> None:
    ids = fill(stores, tenant, 6)
    first = stores.records.list_records(tenant, CONTACTS, limit=2, cursor=None)
    stores.records.write_many(tenant, CONTACTS, [a_deletion(first.records[-1])], now_ms=NOW_MS)

    rest = stores.records.list_records(tenant, CONTACTS, limit=9, cursor=first.cursor)

    assert {one.record_id for one in rest.records} == ids - {one.record_id for one in first.records}


def test_the_shards_hold_every_record_once_in_order(stores: Stores, tenant: TenantId) -> None:
    ids = fill(stores, tenant, 40)

    shards = [
        [one.record_id for one in stores.records.each_record(tenant, CONTACTS, shard)]
        for shard in range(stores.records.shard_count(tenant, CONTACTS))
    ]

    assert sorted(one for shard in shards for one in shard) == sorted(ids)
    assert shards == [sorted(shard) for shard in shards]
    assert sum(bool(shard) for shard in shards) > 8


@pytest.mark.parametrize("cursor", ["", "x", "!!!", "bm90IGpzb24", "WzEsMiwzXQ", "W10", "e30", "ü"])
def test_a_malformed_cursor_is_refused(stores: Stores, tenant: TenantId, cursor: str) -> None:
    with pytest.raises(Refused) as refusal:
        stores.records.list_records(tenant, CONTACTS, limit=5, cursor=cursor)

    assert (refusal.value.code, refusal.value.param) == ("invalid_cursor", "cursor")


def test_a_cursor_of_another_listing_is_refused(stores: Stores, tenant: TenantId) -> None:
    fill(stores, tenant, 3)
    cursor = stores.records.list_records(tenant, CONTACTS, limit=1, cursor=None).cursor

    for owner, resource in ((TenantId("another"), CONTACTS), (tenant, "tickets")):
        with pytest.raises(Refused):
            stores.records.list_records(owner, resource, limit=1, cursor=cursor)


def test_records_are_spread_over_sixteen_shards_by_default(stores: Stores, tenant: TenantId) -> None:
    assert stores.records.shard_count(tenant, CONTACTS) == 32


@pytest.mark.parametrize(
    ("expected_rows", "shards"),
    [(0, 32), (1_600_000, 32), (1_600_001, 64), (10_000_000, 256), (10**9, 256)],
)
def test_more_rows_get_more_shards(stores: Stores, tenant: TenantId, expected_rows: int, shards: int) -> None:
    assert stores.records.prepare(tenant, CONTACTS, expected_rows=expected_rows) == shards
    assert stores.records.shard_count(tenant, CONTACTS) == shards
    assert stores.records.shard_count(tenant, "tickets") == 32


def test_the_shard_count_is_fixed_once(stores: Stores, tenant: TenantId) -> None:
    stores.records.prepare(tenant, CONTACTS, expected_rows=1_000_000)

    assert stores.records.prepare(tenant, CONTACTS, expected_rows=10**9) == 32


def test_the_first_record_fixes_the_shard_count(stores: Stores, tenant: TenantId) -> None:
    created(stores, tenant, "con_1")

    assert stores.records.prepare(tenant, CONTACTS, expected_rows=10**9) == 32
    assert stored(stores, tenant, "con_1").record_id == "con_1"
