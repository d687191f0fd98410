"""Tokens in the words of RFC 6749."""

from base64 import b64encode

import pytest
from chalice.app import Request, Response

from chalicelib.api.talkdesk.oauth import FORM, issue_token, render_token_refusal
from chalicelib.errors import Refused
from chalicelib.model.api_keys import KINDS, KeyKind
from tests.world import World


def ask(form: str, authorization: str = "", content_type: str = FORM) -> Response:
    world = World()
    world.key("tds_secret", kind=KeyKind.TD_CLIENT, key_id="key_1", scopes=KINDS[KeyKind.TD_CLIENT].scopes)
    headers = {"content-type": content_type} | ({"authorization": authorization} if authorization else {})
    request = Request(
        {
            "multiValueQueryStringParameters": None,
            "headers": headers,
            "pathParameters": {},
            "requestContext": {"httpMethod": "POST", "resourcePath": "/", "path": "/"},
            "stageVariables": None,
            "body": form,
        }
    )
    return issue_token(world.context, request)


GRANT = "grant_type=client_credentials"
IN_FORM = f"{GRANT}&client_id=key_1&client_secret=tds_secret"


@pytest.mark.parametrize(
    ("scope", "given"),
    [
        pytest.param("", "bulk-imports:read bulk-imports:write", id="none named"),
        pytest.param("&scope=bulk-imports%3Aread", "bulk-imports:read", id="one named"),
        pytest.param("&scope=openid", "bulk-imports:read bulk-imports:write", id="none of ours named"),
    ],
)
def test_a_token_has_the_scopes_that_are_asked_for(scope: str, given: str) -> None:
    response = ask(IN_FORM + scope)

    assert (response.status_code, response.body["token_type"], response.body["scope"]) == (200, "Bearer", given)
    assert response.headers["Cache-Control"] == "no-store"


def test_credentials_may_come_as_basic_authentication() -> None:
    basic = b64encode(b"key_1:tds_secret").decode()

    assert ask(GRANT, f"Basic {basic}").status_code == 200


@pytest.mark.parametrize(
    ("form", "authorization", "error"),
    [
        pytest.param(f"{GRANT}&client_id=key_1&client_secret=wrong", "", "invalid_client", id="a wrong secret"),
        pytest.param(GRANT, "Basic !", "invalid_client", id="no Basic credentials"),
        pytest.param(IN_FORM, "Basic a2V5", "invalid_request", id="credentials twice"),
        pytest.param("grant_type=password", "", "unsupported_grant_type", id="another grant"),
        pytest.param("client_id=key_1", "", "invalid_request", id="no grant"),
        pytest.param(f"{IN_FORM}&scope=everything", "", "invalid_scope", id="a scope that is none"),
    ],
)
def test_what_is_wrong_is_an_error_of_the_rfc(form: str, authorization: str, error: str) -> None:
    response = ask(form, authorization)

    assert (response.status_code, response.body["error"]) == (401 if error == "invalid_client" else 400, error)


def test_a_description_is_ascii_without_quotes() -> None:
    body = render_token_refusal(Refused("insufficient_scope", 'There is no scope "übergrößen".')).body

    assert body["error_description"] == "There is no scope ''bergr''en'."
