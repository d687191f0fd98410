"""What `Records.write_many` promises about claims and match keys for one writer at a time."""

from chalicelib.model.ids import RecordId, TenantId
from chalicelib.model.records import Write, WriteStatus, Written
from chalicelib.stores.interfaces import Stores
from tests.contract.stores.builders import CONTACTS, NOW_MS, a_write, created, stored

WRITTEN = Written(WriteStatus.WRITTEN)


def write(stores: Stores, tenant: TenantId, *writes: Write) -> list[Written]:
    return stores.records.write_many(tenant, CONTACTS, writes, now_ms=NOW_MS)


def claims(stores: Stores, tenant: TenantId, *keys: str) -> dict[str, RecordId]:
    return stores.records.find_claims(tenant, CONTACTS, keys)


def test_a_claim_of_another_record_is_taken(stores: Stores, tenant: TenantId) -> None:
    created(stores, tenant, "con_1", claims=("e:1",))

    written = write(stores, tenant, a_write("con_2", by="imp_two", claims=("e:1",)))

    assert written == [Written(WriteStatus.TAKEN, "e:1", RecordId("con_1"))]
    assert stores.records.get_many(tenant, CONTACTS, [RecordId("con_2")]) == {}


def test_a_write_that_is_refused_a_claim_keeps_none_of_the_others(stores: Stores, tenant: TenantId) -> None:
    created(stores, tenant, "con_1", claims=("e:1",))

    write(stores, tenant, a_write("con_2", by="imp_two", claims=("x:2", "e:1", "y:2"), match_keys=("m:2",)))

    assert claims(stores, tenant, "x:2", "y:2", "e:1") == {"e:1": "con_1"}
    assert stores.records.find_matches(tenant, CONTACTS, ["m:2"]) == {}
    assert write(stores, tenant, a_write("con_3", by="imp_three", claims=("x:2", "y:2"))) == [WRITTEN]


def test_an_update_that_is_refused_a_claim_keeps_the_record_and_its_claims(stores: Stores, tenant: TenantId) -> None:
    created(stores, tenant, "con_1", claims=("e:1",))
    before = created(stores, tenant, "con_2", row=2, claims=("e:2",))

    written = write(stores, tenant, a_write("con_2", before=before, by="imp_two", claims=("e:1", "x:2")))

    assert written == [Written(WriteStatus.TAKEN, "e:1", RecordId("con_1"))]
    assert stored(stores, tenant, "con_2") == before
    assert claims(stores, tenant, "e:1", "e:2", "x:2") == {"e:1": "con_1", "e:2": "con_2"}


def test_an_update_takes_new_claims_and_releases_old_ones(stores: Stores, tenant: TenantId) -> None:
    before = created(stores, tenant, "con_1", claims=("e:1", "x:1"))

    written = write(stores, tenant, a_write("con_1", before=before, by="imp_two", claims=("x:1", "e:2")))

    assert written == [WRITTEN]
    assert claims(stores, tenant, "e:1", "x:1", "e:2") == {"x:1": "con_1", "e:2": "con_1"}
    assert write(stores, tenant, a_write("con_2", by="imp_three", claims=("e:1",))) == [WRITTEN]


def test_a_released_claim_can_be_taken_back(stores: Stores, tenant: TenantId) -> None:
    first = created(stores, tenant, "con_1", claims=("e:1",))
    write(stores, tenant, a_write("con_1", before=first, by="imp_two"))
    second = stored(stores, tenant, "con_1")

    written = write(stores, tenant, a_write("con_1", before=second, by="imp_three", claims=("e:1",)))

    assert written == [WRITTEN]
    assert claims(stores, tenant, "e:1") == {"e:1": "con_1"}


def test_of_two_writes_for_one_claim_the_first_has_it(stores: Stores, tenant: TenantId) -> None:
    written = write(
        stores, tenant, a_write("con_1", row=1, claims=("e:1",)), a_write("con_2", row=2, claims=("e:1", "x:2"))
    )

    assert written == [WRITTEN, Written(WriteStatus.TAKEN, "e:1", RecordId("con_1"))]
    assert claims(stores, tenant, "e:1", "x:2") == {"e:1": "con_1"}


def test_a_claim_released_by_one_write_is_free_for_the_next(stores: Stores, tenant: TenantId) -> None:
    before = created(stores, tenant, "con_1", claims=("e:1",))

    written = write(
        stores,
        tenant,
        a_write("con_1", row=1, before=before, by="imp_two", claims=("e:2",)),
        a_write("con_2", row=2, by="imp_two", claims=("e:1",)),
    )

    assert written == [WRITTEN, WRITTEN]
    assert claims(stores, tenant, "e:1", "e:2") == {"e:1": "con_2", "e:2": "con_1"}


def test_of_two_writes_to_one_record_the_second_is_stale(stores: Stores, tenant: TenantId) -> None:
    written = write(stores, tenant, a_write("con_1", row=1, fields={"n": 1}), a_write("con_1", row=2, fields={"n": 2}))

    assert written == [WRITTEN, Written(WriteStatus.STALE)]
    assert stored(stores, tenant, "con_1").fields == {"n": 1}


def test_match_keys_follow_their_record(stores: Stores, tenant: TenantId) -> None:
    before = created(stores, tenant, "con_1", match_keys=("m:1", "m:2"))

    write(stores, tenant, a_write("con_1", before=before, by="imp_two", match_keys=("m:2", "m:3")))

    found = stores.records.find_matches(tenant, CONTACTS, ["m:1", "m:2", "m:3"])
    assert found == {"m:2": ("con_1",), "m:3": ("con_1",)}
