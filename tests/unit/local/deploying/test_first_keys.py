"""Keys that a deployment makes."""

import boto3
import pytest
from moto import mock_aws

from chalicelib.access.api_keys import KeyIssuer
from chalicelib.model.api_keys import digest_of
from chalicelib.model.ids import TenantId
from chalicelib.stores.memory.access import MemoryKeys
from local.deployed_stack import DeployedStack
from local.deploying.first_keys import each_tenant, make_first_key, smoke_tenant_of, smoke_test_key

SMOKE, TENANT = smoke_tenant_of("sluice"), TenantId("4f0e9f0e-5f0e-4b55-9a5c-5f1f4e1c7a58")


@pytest.fixture
def issuer() -> KeyIssuer:
    return KeyIssuer(keys=MemoryKeys(), now=1_000, new_secret=lambda: "s" * 32)


def test_the_first_key_is_that_of_a_new_tenant(issuer: KeyIssuer) -> None:
    first = make_first_key(issuer, [SMOKE], SMOKE)

    assert first
    assert [key.digest for key in issuer.keys.list_keys(first.tenant_id)] == [digest_of(first.secret)]


def test_where_there_is_a_tenant_no_key_is_made(issuer: KeyIssuer) -> None:
    assert make_first_key(issuer, [SMOKE, TENANT], SMOKE) is None


def test_the_key_of_the_smoke_test_is_good_for_an_hour_at_most_and_revoked_afterwards(issuer: KeyIssuer) -> None:
    with smoke_test_key(issuer, SMOKE) as secret:
        during = issuer.keys.find(digest_of(secret))
    after = issuer.keys.find(digest_of(secret))

    assert during
    assert (during.revoked_at, during.expires_at) == (None, 4_600)
    assert after
    assert after.revoked_at == 1_000


def test_a_smoke_test_has_the_same_tenant_every_time_and_another_in_another_stack() -> None:
    assert smoke_tenant_of("sluice") == SMOKE != smoke_tenant_of("sluice-dev")


def test_tenants_are_found_by_their_keys() -> None:
    with mock_aws():
        session = boto3.Session("test", "test", region_name="us-east-1")
        dynamodb = session.client("dynamodb")
        dynamodb.create_table(
            TableName="control",
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk")],
            KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
        )
        for pk, sk in ((f"KEYS#{TENANT}", "key_1"), (f"KEYS#{SMOKE}", "key_2"), ("KEY#digest", "-")):
            dynamodb.put_item(TableName="control", Item={"pk": {"S": pk}, "sk": {"S": sk}})

        found = each_tenant(DeployedStack("sluice", session, {"ControlTableName": "control"}))

        assert sorted(found) == sorted([TENANT, SMOKE])
