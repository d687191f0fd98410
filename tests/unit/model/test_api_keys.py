"""What a kind of key has in common, and until when a key is good."""

from dataclasses import replace

import pytest

from chalicelib.model.api_keys import KINDS, ApiKey, KeyKind, Scope, digest_of, hint_of, key_id_of
from chalicelib.model.ids import TenantId

SECRET = "px_0123456789"
KEY = ApiKey(digest=digest_of(SECRET), tenant_id=TenantId("t"), scopes=frozenset(Scope), key_id="key_1")


def test_every_kind_of_key_has_a_description() -> None:
    assert KINDS.keys() == {*KeyKind}
    assert {kind for kind, traits in KINDS.items() if traits.is_test} == {KeyKind.SK_TEST, KeyKind.PK_TEST}


def test_only_an_administrator_s_key_is_an_administrator_s() -> None:
    assert [kind for kind, traits in KINDS.items() if Scope.ADMIN in traits.scopes] == [KeyKind.KSR_ADMIN]


@pytest.mark.parametrize(
    ("key", "is_live"),
    [
        pytest.param(KEY, True, id="without an end"),
        pytest.param(replace(KEY, expires_at=11), True, id="before its end"),
        pytest.param(replace(KEY, expires_at=10), False, id="at its end"),
        pytest.param(replace(KEY, revoked_at=5), False, id="revoked"),
    ],
)
def test_a_key_is_good_until_it_ends(key: ApiKey, is_live: bool) -> None:
    assert key.is_live(10) is is_live


def test_a_test_key_belongs_to_the_tenant_whose_test_data_it_sees() -> None:
    assert replace(KEY, tenant_id=TenantId("sibling"), test_of=TenantId("t")).live_tenant_id == "t"
    assert KEY.live_tenant_id == "t"


def test_the_printed_ends_of_a_secret_do_not_open_anything() -> None:
    assert hint_of(KeyKind.PX, SECRET) == "px_…6789"
    assert key_id_of(digest_of(SECRET)) == key_id_of(KEY.digest)
    assert SECRET not in digest_of(SECRET)
