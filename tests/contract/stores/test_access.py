"""What `Keys` and `Usage` promise."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

import pytest

from chalicelib.model.api_keys import AccessToken, ApiKey, KeyKind, Scope
from chalicelib.model.ids import TenantId, sibling_of
from chalicelib.model.rate_limits import RateLimit
from chalicelib.stores.aws import stores_over
from chalicelib.stores.interfaces import Stores
from tests.contract.stores.conftest import Aws, StoresUnderTest


def a_key(tenant: TenantId, key_id: str = "key_1", **given: object) -> ApiKey:
    wanted = {"scopes": frozenset({Scope.IMPORTS_READ, Scope.RECORDS_READ}), "hint": "px_…1234", "created_at": 5}
    return ApiKey(digest=f"{tenant}-{key_id}", tenant_id=tenant, key_id=key_id, **(wanted | given))  # type: ignore[arg-type]


def test_a_key_is_found_by_its_digest(stores: Stores, tenant: TenantId) -> None:
    key = a_key(tenant, kind=KeyKind.SK_LIVE, name="billing", expires_at=7, revoked_at=6)

    assert stores.keys.add(key)
    assert stores.keys.find(key.digest) == key
    assert stores.keys.find("another") is None


def test_a_key_may_have_no_scopes_and_no_end(stores: Stores, tenant: TenantId) -> None:
    key = a_key(tenant, scopes=frozenset())

    stores.keys.add(key)

    assert stores.keys.find(key.digest) == key


def test_a_digest_is_added_once(stores: Stores, tenant: TenantId) -> None:
    key = a_key(tenant)
    stores.keys.add(key)

    assert not stores.keys.add(replace(key, key_id="key_2"))
    assert stores.keys.find(key.digest) == key
    assert stores.keys.list_keys(tenant) == [key]


def test_keys_are_listed_under_the_live_tenant_newest_first(stores: Stores, tenant: TenantId) -> None:
    live = a_key(tenant, "key_1")
    test = a_key(sibling_of(tenant), "key_2", test_of=tenant, created_at=9)
    ended = a_key(tenant, "key_3", created_at=7, revoked_at=8, expires_at=8)
    for key in (live, test, ended):
        stores.keys.add(key)

    assert stores.keys.list_keys(tenant) == [test, ended, live]
    assert stores.keys.list_keys(sibling_of(tenant)) == []


def test_a_key_is_found_by_name_only_under_its_tenant(stores: Stores, tenant: TenantId) -> None:
    key = a_key(tenant)
    stores.keys.add(key)

    assert stores.keys.find_named(tenant, "key_1") == key
    assert stores.keys.find_named(tenant, "key_2") is None
    assert stores.keys.find_named(sibling_of(tenant), "key_1") is None


def test_a_key_is_revoked_once_and_for_ever(stores: Stores, tenant: TenantId) -> None:
    key = a_key(tenant)
    stores.keys.add(key)

    first = stores.keys.revoke(tenant, "key_1", at=10)
    again = stores.keys.revoke(tenant, "key_1", at=20)

    assert first == again == stores.keys.find(key.digest) == replace(key, revoked_at=10)


@pytest.mark.parametrize(
    ("before", "at", "after"),
    [
        pytest.param(None, 20, 20, id="had no end"),
        pytest.param(30, 20, 20, id="would end later"),
        pytest.param(20, 20, 20, id="ends then"),
        pytest.param(10, 20, 10, id="ends earlier"),
    ],
)
def test_a_key_ends_at_the_given_time_or_earlier(
    stores: Stores, tenant: TenantId, before: int | None, at: int, after: int
) -> None:
    key = a_key(tenant, expires_at=before)
    stores.keys.add(key)

    assert stores.keys.expire(tenant, "key_1", at=at) == replace(key, expires_at=after)
    assert stores.keys.find(key.digest) == replace(key, expires_at=after)


def test_no_tenant_ends_the_keys_of_another(stores: Stores, tenant: TenantId) -> None:
    key = a_key(tenant)
    stores.keys.add(key)
    other = TenantId(f"{tenant}-2")

    assert stores.keys.revoke(other, "key_1", at=10) is None
    assert stores.keys.expire(other, "key_1", at=10) is None
    assert stores.keys.list_keys(other) == []
    assert stores.keys.find(key.digest) == key


def test_as_many_requests_as_the_rate_limit_are_let_through(stores: Stores, tenant: TenantId) -> None:
    counted = [stores.request_counter.count(tenant, RateLimit(3, 60), 125) for _ in range(5)]

    assert [one.is_exceeded for one in counted] == [False, False, False, True, True]
    assert [one.remaining for one in counted] == [2, 1, 0, 0, 0]
    assert {(one.begins_at, one.resets_at) for one in counted} == {(120, 180)}


def test_the_next_window_begins_anew(stores: Stores, tenant: TenantId) -> None:
    rate_limit = RateLimit(1, 60)
    stores.request_counter.count(tenant, rate_limit, 119)

    assert stores.request_counter.count(tenant, rate_limit, 119).is_exceeded
    assert not stores.request_counter.count(tenant, rate_limit, 120).is_exceeded


def test_keys_are_counted_apart(stores: Stores, tenant: TenantId) -> None:
    rate_limit = RateLimit(1, 60)
    stores.request_counter.count(tenant, rate_limit, 1)

    assert not stores.request_counter.count(f"{tenant}-2", rate_limit, 1).is_exceeded


def test_of_many_at_once_exactly_the_rate_limit_is_let_through(racing: Stores, tenant: TenantId) -> None:
    together = Barrier(8)

    def ask(_: int) -> list[bool]:
        together.wait()
        return [racing.request_counter.count(tenant, RateLimit(25, 3600), 7).is_exceeded for _ in range(5)]

    with ThreadPoolExecutor(8) as threads:
        refused = [one for answers in threads.map(ask, range(8)) for one in answers]

    assert (refused.count(False), refused.count(True)) == (25, 15)


def a_token(tenant: TenantId, scopes: frozenset[Scope] = frozenset({Scope.IMPORTS_READ})) -> AccessToken:
    return AccessToken(
        digest=f"{tenant}-token", client_digest=f"{tenant}-key_1", scopes=scopes, issued_at=5, expires_at=2_000_000_000
    )


@pytest.mark.parametrize("scopes", [frozenset(), frozenset({Scope.IMPORTS_READ, Scope.IMPORTS_WRITE})])
def test_a_token_is_found_by_its_digest(stores: Stores, tenant: TenantId, scopes: frozenset[Scope]) -> None:
    token = a_token(tenant, scopes)

    assert stores.tokens.add(token)
    assert stores.tokens.find(token.digest) == token
    assert stores.tokens.find("another") is None


def test_a_token_is_added_once(stores: Stores, tenant: TenantId) -> None:
    token = a_token(tenant)
    stores.tokens.add(token)

    assert not stores.tokens.add(replace(token, client_digest="another"))
    assert stores.tokens.find(token.digest) == token


def test_a_token_is_no_key(stores: Stores, tenant: TenantId) -> None:
    stores.tokens.add(a_token(tenant))

    assert stores.keys.find(f"{tenant}-token") is None
    assert not stores.keys.has_tenant(tenant)


def test_dynamodb_deletes_a_token_30_days_after_its_end(on_moto: Aws, tenant: TenantId) -> None:
    stores = stores_over(on_moto.session, on_moto.transport, on_moto.resources, clock=lambda: 5)
    stores.tokens.add(a_token(tenant))

    item = on_moto.session.client("dynamodb").get_item(
        TableName=on_moto.resources.control_table, Key={"pk": {"S": f"TOKEN#{tenant}-token"}, "sk": {"S": "-"}}
    )["Item"]

    assert item["expires_at"] == {"N": str(2_000_000_000 + 30 * 86_400)}


def test_a_tenant_is_known_from_its_first_key_on(stores: Stores, tenant: TenantId) -> None:
    assert not stores.keys.has_tenant(tenant)

    stores.keys.add(a_key(tenant))

    assert stores.keys.has_tenant(tenant)


def test_the_latest_window_tells_when_a_key_was_last_used(world: StoresUnderTest, tenant: TenantId) -> None:
    stores, rate_limit = world.with_clock(lambda: 200), RateLimit(2, 60)
    for now in (7, 121, 125, 126, 127):
        stores.request_counter.count(tenant, rate_limit, now)

    assert stores.request_counter.find_last(tenant, rate_limit) == 120
    assert stores.request_counter.find_last(f"{tenant}-2", rate_limit) is None


def test_the_requests_of_a_month_are_those_that_were_let_through(stores: Stores, tenant: TenantId) -> None:
    rate_limit = RateLimit(2, 60)

    for now in (1_800_000_000, 1_800_000_001, 1_800_000_002, 1_800_000_100, 1_803_000_000):
        stores.request_counter.count(tenant, rate_limit, now)

    assert stores.request_counter.count_months(tenant, rate_limit) == {"2027-01": 3, "2027-02": 1}
    assert stores.request_counter.count_months(f"{tenant}-2", rate_limit) == {}
