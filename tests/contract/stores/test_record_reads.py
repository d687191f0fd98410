"""What `Records` promises about looking records up: by id, by claim and by match key."""

import pytest

from chalicelib.model.ids import RecordId, TenantId
from chalicelib.model.records import Write, Written
from chalicelib.stores.dynamodb.client import DynamoDBClient
from chalicelib.stores.dynamodb.records import DynamoDBRecords
from chalicelib.stores.interfaces import Stores
from tests.contract.stores.builders import CONTACTS, NOW_MS, a_deletion, a_write, created
from tests.contract.stores.conftest import Aws
from tests.contract.stores.test_event_log import Counting


def write(stores: Stores, tenant: TenantId, *writes: Write) -> list[Written]:
    return stores.records.write_many(tenant, CONTACTS, writes, now_ms=NOW_MS)


def claims(stores: Stores, tenant: TenantId, *keys: str) -> dict[str, RecordId]:
    return stores.records.find_claims(tenant, CONTACTS, keys)


def test_each_claim_leads_to_its_record(stores: Stores, tenant: TenantId) -> None:
    created(stores, tenant, "con_1", claims=("e:1", "x:1"))
    created(stores, tenant, "con_2", row=2, claims=("e:2",))

    assert claims(stores, tenant, "e:1", "x:1", "e:2", "e:3") == {"e:1": "con_1", "x:1": "con_1", "e:2": "con_2"}


def test_a_look_up_that_may_lag_finds_what_has_long_been_there(stores: Stores, tenant: TenantId) -> None:
    created(stores, tenant, "con_1", claims=("e:1",))

    found = stores.records.find_claims(tenant, CONTACTS, ["e:1", "e:2", "id:con_1"], may_lag=True)

    assert found == {"e:1": "con_1", "id:con_1": "con_1"}


def test_a_key_asked_for_twice_is_answered_once(stores: Stores, tenant: TenantId) -> None:
    created(stores, tenant, "con_1", claims=("e:1",))

    assert claims(stores, tenant, "e:1", "e:1", "id:con_1", "id:con_1") == {"e:1": "con_1", "id:con_1": "con_1"}
    assert claims(stores, tenant) == {}


def test_an_id_key_looks_up_a_live_record(stores: Stores, tenant: TenantId) -> None:
    created(stores, tenant, "con_1")
    dead = created(stores, tenant, "con_2", row=2)
    write(stores, tenant, a_deletion(dead))

    assert claims(stores, tenant, "id:con_1", "id:con_2", "id:con_3") == {"id:con_1": "con_1"}


def test_more_claims_are_found_than_one_request_takes(stores: Stores, tenant: TenantId) -> None:
    writes = [a_write(f"con_{number}", row=number, claims=(f"e:{number}",)) for number in range(130)]
    write(stores, tenant, *writes)

    found = claims(stores, tenant, *(f"e:{number}" for number in range(260)))

    assert found == {f"e:{number}": f"con_{number}" for number in range(130)}


def test_a_match_key_leads_to_all_its_records(stores: Stores, tenant: TenantId) -> None:
    for number in (2, 1, 3):
        created(stores, tenant, f"con_{number}", row=number, match_keys=("m:shared", f"m:{number}"))

    found = stores.records.find_matches(tenant, CONTACTS, ["m:shared", "m:2", "m:none", "m:2"])

    assert found == {"m:shared": ("con_1", "con_2", "con_3"), "m:2": ("con_2",)}


@pytest.mark.parametrize("key", ["e:'quoted' \"key\"", "e:#hash#", "e:ünï"])
def test_any_text_is_a_key(stores: Stores, tenant: TenantId, key: str) -> None:
    created(stores, tenant, "con_1", claims=(key,), match_keys=(key,))

    assert claims(stores, tenant, key) == {key: "con_1"}
    assert stores.records.find_matches(tenant, CONTACTS, [key]) == {key: ("con_1",)}


def test_absent_records_are_left_out(stores: Stores, tenant: TenantId) -> None:
    created(stores, tenant, "con_1")

    found = stores.records.get_many(tenant, CONTACTS, [RecordId("con_1"), RecordId("con_2"), RecordId("con_1")])

    assert list(found) == ["con_1"]
    assert stores.records.get_many(tenant, CONTACTS, []) == {}


def test_records_larger_than_an_answer_are_all_read(stores: Stores, tenant: TenantId) -> None:
    ids = [RecordId(f"con_{number}") for number in range(8)]
    large = [a_write(one, row=number, fields={"text": "é" * 150_000}) for number, one in enumerate(ids)]
    stores.records.write_many(tenant, CONTACTS, large, now_ms=NOW_MS)

    assert sorted(stores.records.get_many(tenant, CONTACTS, ids)) == ids
    listing = stores.records.list_records(tenant, CONTACTS, limit=9, cursor=None)
    assert {one.record_id for one in listing.records} == set(ids)


def test_carriers_are_found_by_identities_and_match_keys_at_once(stores: Stores, tenant: TenantId) -> None:
    write(stores, tenant, a_write("con_1", claims=("e:1",), match_keys=("m:1", "m:both")))
    write(stores, tenant, a_write("con_2", claims=("e:2",), match_keys=("m:both",)))

    found = stores.records.find_carriers(
        tenant, CONTACTS, identities=["e:1", "e:none", "id:con_2", "id:con_9"], matches=["m:both", "m:none", "e:2"]
    )

    assert found == {"e:1": ("con_1",), "id:con_2": ("con_2",), "m:both": ("con_1", "con_2")}


@pytest.mark.parametrize(
    ("keys", "expected"),
    [(["m:1"], ["Query"]), (["m:1", "m:2", "m:3"], ["ExecuteStatement"])],
    ids=["one", "several"],
)
def test_several_match_keys_are_looked_for_in_one_request(
    aws: Aws, tenant: TenantId, keys: list[str], expected: list[str]
) -> None:
    counting = Counting(aws.transport)
    records = DynamoDBRecords(DynamoDBClient(counting), aws.resources.records_table)
    records.prepare(tenant, CONTACTS, expected_rows=0)
    counting.sent.clear()

    assert records.find_matches(tenant, CONTACTS, keys) == {}
    assert counting.sent == expected
