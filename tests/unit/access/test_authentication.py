"""Who calls: default deny."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.access.authentication import authenticate, authenticate_client, require_scope
from chalicelib.access.tokens import TokenRequest
from chalicelib.errors import Refused
from chalicelib.model.api_keys import KeyKind, Scope
from chalicelib.model.limits import DEFAULT_LIMITS
from tests.world import NOW, OURS, World


@pytest.mark.parametrize(
    ("key", "secret", "code"),
    [
        pytest.param({}, None, "missing_key", id="none"),
        pytest.param({}, "", "missing_key", id="empty"),
        pytest.param({}, "  ", "missing_key", id="blank"),
        pytest.param({}, "another", "unknown_key", id="unknown"),
        pytest.param({"expires_at": NOW}, "secret", "expired_key", id="expires this second"),
        pytest.param({"revoked_at": NOW - 1}, "secret", "unknown_key", id="revoked"),
    ],
)
def test_a_bad_key_is_refused(key: dict[str, Any], secret: str | None, code: str) -> None:
    world = World()
    world.key("secret", **key)

    with pytest.raises(Refused) as refusal:
        authenticate(world.context, secret)

    assert refusal.value.code == code


def test_a_live_key_says_who_calls() -> None:
    world = World()
    world.key("secret", expires_at=NOW + 1, scopes=frozenset({Scope.IMPORTS_READ}), key_id="key_7")

    caller = authenticate(world.context, " secret ")

    assert (caller.tenant_id, caller.key_id, caller.scopes) == (OURS, "key_7", frozenset({Scope.IMPORTS_READ}))


def test_a_scope_the_key_lacks_is_refused() -> None:
    world = World()
    world.key("secret", scopes=frozenset({Scope.IMPORTS_READ}))
    caller = authenticate(world.context, "secret")

    require_scope(caller, Scope.IMPORTS_READ)
    with pytest.raises(Refused) as refusal:
        require_scope(caller, Scope.IMPORTS_WRITE)

    assert refusal.value.code == "insufficient_scope"


def test_a_key_opens_no_more_than_its_kind_even_if_it_was_given_more() -> None:
    world = World()
    world.key("secret", kind=KeyKind.PK_LIVE, scopes=frozenset({Scope.IMPORTS_READ}))

    assert authenticate(world.context, "secret").scopes == set()


def test_refusals_never_quote_the_secret() -> None:
    with pytest.raises(Refused) as refusal:
        authenticate(World().context, "do-not-show")

    assert "do-not-show" not in str(refusal.value)


def test_every_request_counts_against_the_rate_limit_of_its_kind() -> None:
    world = World(replace(DEFAULT_LIMITS, cstar_publishable_key_requests=2))
    world.key("secret", kind=KeyKind.PK_LIVE)

    left = [authenticate(world.context, "secret").rate_limit_status for _ in range(2)]
    with pytest.raises(Refused) as refusal:
        authenticate(world.context, "secret")

    assert [one.remaining for one in left if one] == [1, 0]
    assert refusal.value.code == "rate_limited"
    assert refusal.value.message == "Rate limit exceeded. Try again in 2800 seconds"
    assert refusal.value.details["retry_after_s"] == 2800


def test_a_key_opens_again_when_the_window_is_over() -> None:
    world = World(replace(DEFAULT_LIMITS, cstar_publishable_key_requests=1))
    world.key("secret", kind=KeyKind.PK_LIVE)
    authenticate(world.context, "secret")

    world.now += 2800

    assert authenticate(world.context, "secret").rate_limit_status is not None


def test_a_key_that_opens_nothing_is_not_counted() -> None:
    world = World(replace(DEFAULT_LIMITS, packagex_key_requests=1))
    world.key("secret", revoked_at=NOW)

    for _ in range(3):
        with pytest.raises(Refused, match="unknown_key"):
            authenticate(world.context, "secret")


def a_client(world: World, **given: Any) -> TokenRequest:
    scopes = frozenset({Scope.IMPORTS_READ, Scope.IMPORTS_WRITE})
    world.key("tds_1", **({"kind": KeyKind.TD_CLIENT, "key_id": "key_client", "scopes": scopes} | given))
    return TokenRequest(client_id="key_client", client_secret="tds_1")


def test_the_secret_of_a_client_opens_nothing_itself() -> None:
    world = World()
    a_client(world)

    with pytest.raises(Refused) as refusal:
        authenticate(world.context, "tds_1")

    assert refusal.value.code == "unknown_key"


@pytest.mark.parametrize(
    ("client_id", "secret", "code"),
    [
        pytest.param("", "tds_1", "missing_key", id="no id"),
        pytest.param("key_client", " ", "missing_key", id="no secret"),
        pytest.param("key_other", "tds_1", "unknown_key", id="another id"),
        pytest.param("key_client", "tds_2", "unknown_key", id="another secret"),
        pytest.param("key_test", "px_1", "unknown_key", id="a key that is no client"),
    ],
)
def test_a_client_is_known_by_id_and_secret_together(client_id: str, secret: str, code: str) -> None:
    world = World()
    a_client(world)
    world.key("px_1")

    with pytest.raises(Refused) as refusal:
        authenticate_client(world.context, client_id, secret)

    assert refusal.value.code == code
