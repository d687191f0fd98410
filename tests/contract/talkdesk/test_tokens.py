"""`POST /oauth/token`, as RFC 6749 has it: whole answers, and every error of its section 5.2."""

from base64 import b64encode
from dataclasses import replace

import pytest

from chalicelib.errors import Retryable
from chalicelib.model.api_keys import ApiKey, KeyKind
from chalicelib.stores.memory import MemoryKeys
from tests.contract.talkdesk.clients import TalkdeskClient

GRANT = "grant_type=client_credentials"


def basic(client_id: str, secret: str) -> str:
    return "Basic " + b64encode(f"{client_id}:{secret}".encode()).decode()


def test_a_token_for_credentials_in_the_header() -> None:
    client = TalkdeskClient()

    response = client.get_token()

    body = response.json_body
    assert response.status_code == 200
    assert (response.headers["Cache-Control"], response.headers["Pragma"]) == ("no-store", "no-cache")
    assert response.headers["Content-Type"] == "application/json"
    assert body.pop("access_token").startswith("tdt_")
    assert body == {"token_type": "Bearer", "expires_in": 3600, "scope": "bulk-imports:read bulk-imports:write"}


def test_a_token_for_credentials_in_the_form() -> None:
    client = TalkdeskClient()

    response = client.post_form(f"{GRANT}&client_id={client.client_id}&client_secret={client.secret}")

    assert response.status_code == 200
    client.token = response.json_body["access_token"]
    assert client.get().status_code == 200


def test_a_token_has_the_scopes_it_was_asked_for() -> None:
    assert TalkdeskClient().get_token(scope="bulk-imports%3Aread").json_body["scope"] == "bulk-imports:read"


def test_only_a_digest_of_the_token_is_stored() -> None:
    client = TalkdeskClient()

    assert client.world.stores.tokens.find(client.token) is None


@pytest.mark.parametrize(
    ("form", "status", "error"),
    [
        pytest.param("", 400, "invalid_request", id="no grant"),
        pytest.param("grant_type=password&username=a", 400, "unsupported_grant_type", id="another grant"),
        pytest.param(f"{GRANT}&{GRANT}", 400, "invalid_request", id="twice"),
        pytest.param("grant_type=%ff", 400, "invalid_request", id="not UTF-8"),
        pytest.param(f"{GRANT}&scope=users:read", 400, "invalid_scope", id="unknown scope"),
        pytest.param(f"{GRANT}&client_secret=x", 400, "invalid_request", id="two ways at once"),
    ],
)
def test_a_bad_request_of_a_good_client(form: str, status: int, error: str) -> None:
    client = TalkdeskClient()

    response = client.post_form(form, basic(client.client_id, client.secret))

    assert (response.status_code, response.json_body["error"]) == (status, error)
    assert set(response.json_body) == {"error", "error_description"}
    assert response.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "authorization",
    [
        pytest.param("", id="none"),
        pytest.param("Basic ???", id="no base64"),
        pytest.param("Basic " + b64encode(b"nocolon").decode(), id="no colon"),
        pytest.param("Bearer x", id="another scheme"),
        pytest.param(basic("key_other", "tds_11111111-1111-4111-8111-111111111111"), id="the id of another"),
        pytest.param(basic("key_other", "tds_unknown"), id="unknown"),
        pytest.param(basic("", ""), id="empty"),
        pytest.param(basic("key_px", "px_1"), id="a key that is no client"),
    ],
)
def test_a_client_that_is_not_known(authorization: str) -> None:
    client = TalkdeskClient()
    client.world.key("px_1", key_id="key_px")

    response = client.post_form(GRANT, authorization)

    assert (response.status_code, response.json_body["error"]) == (401, "invalid_client")
    assert response.headers["WWW-Authenticate"] == 'Basic realm="oauth"'


def test_a_client_that_has_expired_or_was_revoked() -> None:
    client = TalkdeskClient()
    client.world.key("tds_old", kind=KeyKind.TD_CLIENT, key_id="key_old", expires_at=client.world.now)
    client.world.key("tds_gone", kind=KeyKind.TD_CLIENT, key_id="key_gone", revoked_at=client.world.now)

    answers = [client.post_form(GRANT, basic(f"key_{name}", f"tds_{name}")) for name in ("old", "gone")]

    assert [answer.json_body["error"] for answer in answers] == ["invalid_client", "invalid_client"]


def test_a_scope_the_client_lacks() -> None:
    client = TalkdeskClient()
    client.world.key("tds_few", kind=KeyKind.TD_CLIENT, key_id="key_few", scopes=frozenset())

    response = client.post_form(f"{GRANT}&scope=bulk-imports:read", basic("key_few", "tds_few"))

    assert (response.status_code, response.json_body["error"]) == (400, "invalid_scope")


def test_a_body_that_is_no_form() -> None:
    response = TalkdeskClient().post_form("{}", Content_Type="application/json")

    assert (response.status_code, response.json_body) == (
        400,
        {
            "error": "invalid_request",
            "error_description": "Send a form, with Content-Type: application/x-www-form-urlencoded.",
        },
    )


def test_a_description_is_plain_ascii() -> None:
    client = TalkdeskClient()

    response = client.post_form(f"{GRANT}&scope=%22%C3%BC", basic(client.client_id, client.secret))

    text = response.json_body["error_description"]
    assert all(" " <= one <= "~" and one not in '"\\' for one in text)


class Throttled(MemoryKeys):
    def find(self, digest: str) -> ApiKey | None:
        raise Retryable("throttled")


def test_a_passing_failure_is_told_as_everywhere() -> None:
    client = TalkdeskClient()
    client.world.context = replace(client.world.context, stores=replace(client.world.stores, keys=Throttled()))

    response = client.get_token()

    assert (response.status_code, response.json_body["code"]) == (503, "service_unavailable")
