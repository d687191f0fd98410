"""Writers that race for one identity."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from chalicelib.errors import Retryable
from chalicelib.model.ids import TenantId
from chalicelib.model.records import Write, WriteStatus, Written
from chalicelib.stores.interfaces import Stores
from tests.contract.stores.builders import CONTACTS, NOW_MS, a_write, an_import, created, stored

WRITERS = 8


def race(stores: Stores, tenant: TenantId, writes: list[Write]) -> list[Written]:
    """All at once, each repeated as a task would be."""
    together = Barrier(len(writes))

    def perform(write: Write) -> Written:
        together.wait()
        for _ in range(50):
            try:
                return stores.records.write_many(tenant, CONTACTS, [write], now_ms=NOW_MS)[0]
            except Retryable:
                continue
        raise AssertionError("never decided")

    with ThreadPoolExecutor(len(writes)) as threads:
        return list(threads.map(perform, writes))


@pytest.mark.parametrize("round_", range(5))
def test_of_many_writers_one_gets_the_identity(racing: Stores, tenant: TenantId, round_: int) -> None:
    writes = [a_write(f"con_{number}", by=f"imp_{number}", claims=(f"x:{number}", "e:1")) for number in range(WRITERS)]

    written = race(racing, tenant, writes)

    assert Counter(one.status for one in written) == {WriteStatus.WRITTEN: 1, WriteStatus.TAKEN: WRITERS - 1}
    winner = next(number for number, one in enumerate(written) if one.status is WriteStatus.WRITTEN)
    assert {one.holder for one in written if one.status is WriteStatus.TAKEN} == {f"con_{winner}"}
    keys = ["e:1", *(f"x:{number}" for number in range(WRITERS))]
    assert racing.records.find_claims(tenant, CONTACTS, keys) == {
        "e:1": f"con_{winner}",
        f"x:{winner}": f"con_{winner}",
    }
    listed = racing.records.list_records(tenant, CONTACTS, limit=20, cursor=None).records
    assert [one.record_id for one in listed] == [f"con_{winner}"]


@pytest.mark.parametrize("round_", range(5))
def test_of_many_writers_one_changes_the_record(racing: Stores, tenant: TenantId, round_: int) -> None:
    before = created(racing, tenant, "con_1", claims=("e:1",))
    writes = [
        a_write("con_1", before=before, by=f"imp_{number}", claims=(f"e:{number + 2}",), fields={"n": number})
        for number in range(WRITERS)
    ]

    written = race(racing, tenant, writes)

    assert Counter(one.status for one in written) == {WriteStatus.WRITTEN: 1, WriteStatus.STALE: WRITERS - 1}
    winner = next(number for number, one in enumerate(written) if one.status is WriteStatus.WRITTEN)
    assert stored(racing, tenant, "con_1").fields == {"n": winner}
    keys = [f"e:{number}" for number in range(1, WRITERS + 2)]
    assert racing.records.find_claims(tenant, CONTACTS, keys) == {f"e:{winner + 2}": "con_1"}


@pytest.mark.parametrize("round_", range(5))
def test_a_doubled_task_writes_once(racing: Stores, tenant: TenantId, round_: int) -> None:
    written = race(racing, tenant, [a_write("con_1", claims=("e:1", "x:1"))] * WRITERS)

    assert {one.status for one in written} == {WriteStatus.WRITTEN}
    assert stored(racing, tenant, "con_1").version == 1
    assert racing.records.find_claims(tenant, CONTACTS, ["e:1", "x:1"]) == {"e:1": "con_1", "x:1": "con_1"}


def test_of_many_additions_one_is_new(racing: Stores, tenant: TenantId) -> None:
    import_ = an_import(tenant)

    with ThreadPoolExecutor(WRITERS) as threads:
        added = list(threads.map(racing.imports.add, [import_] * WRITERS))

    assert Counter(added) == {True: 1, False: WRITERS - 1}
