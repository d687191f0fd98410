"""Pages of other origins may ask whatever the OpenAPI document describes, and read all that it describes of answers."""

from collections.abc import Iterator
from typing import Any

import pytest
from chalice.app import Chalice, Response
from chalice.test import Client

from app import app
from chalicelib.api.dialects import openapi_document
from chalicelib.api.http.cross_origin import ALLOW_ORIGIN, ANSWER_HEADERS, CROSS_ORIGIN, REQUEST_HEADERS, allow_origin
from tests.template import read_template

ALWAYS_READ = {"cache-control", "content-type", "pragma"}
"""What every page may read (Fetch standard, CORS-safelisted response-header name)."""
RENAMED = {"www-authenticate": "x-amzn-remapped-www-authenticate"}
"""By API Gateway."""
NO_SCRIPT_SETS = {"accept"}
"""What every page may send (Fetch standard, CORS-safelisted request-header)."""


@pytest.fixture(scope="module")
def client() -> Client:
    with Client(app) as client:
        return client


def lower(names: Iterator[str] | tuple[str, ...]) -> set[str]:
    return {name.lower() for name in names}


def each_operation() -> Iterator[Any]:
    for methods in openapi_document()["paths"].values():
        yield from (one for one in methods.values() if isinstance(one, dict))


def each_request_header() -> Iterator[str]:
    for operation in each_operation():
        yield from (one["name"] for one in operation.get("parameters", []) if one.get("in") == "header")
    for scheme in openapi_document()["components"]["securitySchemes"].values():
        yield scheme["name"] if scheme["type"] == "apiKey" else "Authorization"


def each_answer_header() -> Iterator[str]:
    for operation in each_operation():
        for answer in operation["responses"].values():
            yield from answer.get("headers", {})


def test_every_route_answers_preflights_and_says_what_may_be_sent() -> None:
    routes = [entry.cors for methods in app.routes.values() for entry in methods.values()]

    assert routes
    assert {cors is CROSS_ORIGIN for cors in routes} == {True}
    assert "Access-Control-Allow-Credentials" not in CROSS_ORIGIN.get_access_control_headers()


def test_all_documented_headers_of_requests_may_be_sent() -> None:
    assert lower(each_request_header()) - NO_SCRIPT_SETS - lower(REQUEST_HEADERS) == set()


def test_all_documented_headers_of_answers_may_be_read() -> None:
    documented = {RENAMED.get(name, name) for name in lower(each_answer_header())}

    assert documented - ALWAYS_READ - lower(ANSWER_HEADERS) == set()


@pytest.mark.parametrize("path", ["/v1/health", "/v1/nothing-here", "/openapi.json"])
def test_answers_of_every_kind_say_who_may_read_them_and_which_headers(client: Client, path: str) -> None:
    headers = client.http.get(path).headers

    assert (headers[ALLOW_ORIGIN], headers["Access-Control-Expose-Headers"]) == ("*", ",".join(ANSWER_HEADERS))


def test_answers_name_the_origin_that_the_stack_was_given() -> None:
    other = Chalice("named-origin", configure_logs=False)
    other.api.cors = CROSS_ORIGIN
    other.register_middleware(allow_origin(lambda: "https://app.example.com"), event_type="http")
    other.route("/")(lambda: Response("hello"))

    assert Client(other).http.get("/").headers[ALLOW_ORIGIN] == "https://app.example.com"


def test_the_bucket_may_be_used_by_the_same_origin_and_after_a_redirect() -> None:
    [rule] = read_template()["Resources"]["Bucket"]["Properties"]["CorsConfiguration"]["CorsRules"]

    assert rule["AllowedOrigins"] == ["CorsOrigin", "null"]
    assert (rule["AllowedMethods"], rule["AllowedHeaders"], rule["ExposedHeaders"]) == (["GET", "PUT"], ["*"], ["ETag"])
