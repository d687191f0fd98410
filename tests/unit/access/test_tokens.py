"""A client gets tokens for the scopes that it has, and they count for it."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.access.authentication import authenticate
from chalicelib.access.tokens import TokenRequest, issue_token
from chalicelib.errors import Refused
from chalicelib.model.api_keys import KeyKind, Scope
from chalicelib.model.limits import DEFAULT_LIMITS
from tests.world import NOW, OURS, World


def a_client(world: World, **given: Any) -> TokenRequest:
    scopes = frozenset({Scope.IMPORTS_READ, Scope.IMPORTS_WRITE})
    world.key("tds_1", **({"kind": KeyKind.TD_CLIENT, "key_id": "key_client", "scopes": scopes} | given))
    return TokenRequest(client_id="key_client", client_secret="tds_1")


def test_a_token_says_what_its_client_is_with_the_scopes_it_was_given() -> None:
    world = World()
    wanted = replace(a_client(world), scopes=frozenset({Scope.IMPORTS_READ}))

    caller = authenticate(world.context, issue_token(world.context, wanted).secret)

    assert (caller.tenant_id, caller.key_id, caller.kind) == (OURS, "key_client", KeyKind.TD_CLIENT)
    assert caller.scopes == {Scope.IMPORTS_READ}


@pytest.mark.parametrize(
    ("given", "passed_s", "code"),
    [
        pytest.param({}, 99, None, id="in time"),
        pytest.param({}, 100, "expired_key", id="too late"),
        pytest.param({"expires_at": NOW + 50}, 50, "expired_key", id="its client has expired"),
    ],
)
def test_a_token_is_good_for_a_while(given: dict[str, Any], passed_s: int, code: str | None) -> None:
    world = World(replace(DEFAULT_LIMITS, talkdesk_token_s=100))
    secret = issue_token(world.context, a_client(world, **given)).secret
    world.now += passed_s

    try:
        authenticate(world.context, secret)
        found = None
    except Refused as refusal:
        found = refusal.code

    assert found == code


def test_a_token_ends_with_its_client() -> None:
    world = World()
    secret = issue_token(world.context, a_client(world)).secret
    world.stores.keys.revoke(OURS, "key_client", at=NOW)

    with pytest.raises(Refused) as refusal:
        authenticate(world.context, secret)

    assert refusal.value.code == "unknown_key"


def test_a_token_s_requests_count_for_its_client_as_those_for_tokens_do() -> None:
    world = World(replace(DEFAULT_LIMITS, talkdesk_client_requests=2))
    wanted = a_client(world)
    secret = issue_token(world.context, wanted).secret

    caller = authenticate(world.context, secret)

    assert caller.rate_limit_status is not None
    assert caller.rate_limit_status.remaining == 0
    with pytest.raises(Refused) as refusal:
        issue_token(world.context, wanted)
    assert refusal.value.code == "rate_limited"


def test_no_client_gets_a_scope_it_lacks() -> None:
    world = World()
    wanted = replace(a_client(world), scopes=frozenset({Scope.EXPORTS_READ}))

    with pytest.raises(Refused) as refusal:
        issue_token(world.context, wanted)

    assert refusal.value.code == "insufficient_scope"
