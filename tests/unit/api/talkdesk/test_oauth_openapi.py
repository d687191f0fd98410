"""What is told of tokens: RFC 6749's errors, no rate limit headers, under Talkdesk's tag."""

from chalicelib.api.openapi.errors import sample_refusal
from chalicelib.api.talkdesk.oauth_openapi import TOKENS, TokenForm
from tests.unit.api.features import superfluous, undescribed

[FEATURE] = TOKENS.features


def test_the_route_is_documented() -> None:
    assert undescribed(FEATURE) == set()
    assert superfluous(FEATURE) == set()


def test_a_refusal_is_an_error_of_oauth_and_a_rate_limit_is_talkdesk_s() -> None:
    refused = sample_refusal(TOKENS, TOKENS.routes[0], "unsupported_grant_type")
    limited = sample_refusal(TOKENS, TOKENS.routes[0], "rate_limited")

    assert set(refused.body) == {"error", "error_description"}
    assert set(limited.body) == {"code", "message", "fields"}


def test_unknown_fields_of_the_form_are_ignored() -> None:
    assert TokenForm.model_validate({"grant_type": "client_credentials", "audience": "x"}).scope is None
