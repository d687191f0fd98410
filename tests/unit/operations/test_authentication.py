"""Who calls: default deny."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.errors import Refused
from chalicelib.model.keys import KeyKind, Scope
from chalicelib.model.limits import DEFAULT_LIMITS
from chalicelib.operations.authentication import authenticate, demand
from tests.worlds import NOW, OURS, World


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

    demand(caller, Scope.IMPORTS_READ)
    with pytest.raises(Refused) as refusal:
        demand(caller, Scope.IMPORTS_WRITE)

    assert refusal.value.code == "insufficient_scope"


def test_refusals_never_quote_the_secret() -> None:
    with pytest.raises(Refused) as refusal:
        authenticate(World().context, "do-not-show")

    assert "do-not-show" not in str(refusal.value)


def test_every_request_counts_against_the_quota_of_its_kind() -> None:
    world = World(replace(DEFAULT_LIMITS, team_publishable_key_requests=2))
    world.key("secret", kind=KeyKind.PK_LIVE)

    left = [authenticate(world.context, "secret").allowance for _ in range(2)]
    with pytest.raises(Refused) as refusal:
        authenticate(world.context, "secret")

    assert [one.remaining for one in left if one] == [1, 0]
    assert refusal.value.code == "rate_limited"
    assert refusal.value.message == "Rate limit exceeded. Try again in 2800 seconds"
    assert refusal.value.details["retry_after_s"] == 2800


def test_a_key_opens_again_when_the_window_is_over() -> None:
    world = World(replace(DEFAULT_LIMITS, team_publishable_key_requests=1))
    world.key("secret", kind=KeyKind.PK_LIVE)
    authenticate(world.context, "secret")

    world.now += 2800

    assert authenticate(world.context, "secret").allowance is not None


def test_a_key_that_opens_nothing_is_not_counted() -> None:
    world = World(replace(DEFAULT_LIMITS, phased_key_requests=1))
    world.key("secret", revoked_at=NOW)

    for _ in range(3):
        with pytest.raises(Refused, match="unknown_key"):
            authenticate(world.context, "secret")
