"""What every answer carries, whichever route gives it and however it ends."""

import pytest
from chalice.test import Client

from app import app
from chalicelib.api.http.cross_origin import ALLOW_ORIGIN
from chalicelib.api.http.safe_headers import SAFE_HEADERS
from tests.template import read_template


@pytest.fixture(scope="module")
def client() -> Client:
    with Client(app) as client:
        return client


@pytest.mark.parametrize("path", ["/v1/health", "/v1/nothing-here"])
def test_answers_of_every_kind_carry_them(client: Client, path: str) -> None:
    headers = client.http.get(path).headers

    assert {name: headers.get(name) for name in SAFE_HEADERS} == SAFE_HEADERS


def test_a_route_that_lets_its_answer_be_kept_is_left_its_word(client: Client) -> None:
    headers = client.http.get("/docs").headers

    assert headers["Cache-Control"] == "max-age=300"
    assert headers["X-Content-Type-Options"] == "nosniff"


GATEWAY_RESPONSES = read_template()["Resources"]["RestAPI"]["Properties"]["GatewayResponses"]


@pytest.mark.parametrize("kind", GATEWAY_RESPONSES)
def test_what_api_gateway_refuses_by_itself_carries_them_too_and_may_be_read_by_pages(kind: str) -> None:
    headers = GATEWAY_RESPONSES[kind]["ResponseParameters"]["Headers"]

    assert {name: value.strip("'") for name, value in headers.items()} == SAFE_HEADERS | {ALLOW_ORIGIN: "${CorsOrigin}"}
