"""What the dialects share of reading a request."""

import json
from typing import Any

import pytest
from chalice.app import Request

from chalicelib.api.http.request import (
    base_url,
    body_json,
    body_text,
    find_header,
    path_values,
    query_values,
    request_path,
)
from chalicelib.errors import NotFound, Refused


def a_request(body: bytes | str | None = b"", **given: Any) -> Request:
    """An event as API Gateway sends it."""
    headers = given.pop("headers", {"content-type": "application/json"})
    event = {
        "multiValueQueryStringParameters": given.pop("query", None),
        "headers": headers,
        "pathParameters": {},
        "requestContext": {"httpMethod": "POST", "resourcePath": "/v1/imports", "path": "/api/v1/imports"},
        "stageVariables": None,
        "body": body,
        "path": "/v1/imports",
    }
    return Request(event | given)


@pytest.mark.parametrize(
    "content_type",
    [None, "application/json", "Application/JSON; charset=UTF-8", "application/vnd.api+json", " application/json "],
)
def test_json_is_read_however_its_type_is_written(content_type: str | None) -> None:
    headers = {"Content-Type": content_type} if content_type else {}

    assert body_json(a_request(b'\xef\xbb\xbf {"a": "\xc3\xa9"}', headers=headers), depth=9) == {"a": "é"}


def test_large_numbers_keep_every_digit() -> None:
    assert body_json(a_request(b'{"a": 123456789012345678901234567890}'), depth=9) == {
        "a": 123456789012345678901234567890
    }


@pytest.mark.parametrize(
    ("body", "code", "message"),
    [
        pytest.param(b"", "invalid_json", "The body is empty; send a JSON object.", id="empty"),
        pytest.param(
            b'{"a": 1,\n "b": }',
            "invalid_json",
            "The body is not valid JSON: Expecting value, line 2, column 7.",
            id="malformed",
        ),
        pytest.param(
            b'{"a": 1} x', "invalid_json", "The body is not valid JSON: Extra data, line 1, column 10.", id="more"
        ),
        pytest.param(b'{"a": NaN}', "invalid_json", "The body is not valid JSON: NaN is no JSON value.", id="NaN"),
        pytest.param(
            b"[" + b"9" * 5000 + b"]",
            "invalid_json",
            "The body holds a number with too many digits.",
            id="endless number",
        ),
        pytest.param(b"[" * 4 + b"]" * 4, "nested_too_deep", "The body nests deeper than 3 levels.", id="deep"),
        pytest.param(b'{"a":' * 100_000, "nested_too_deep", "The body nests deeper than 3 levels.", id="bomb"),
        pytest.param(
            b'{"a": "\xe9"}',
            "invalid_encoding",
            "The body is not UTF-8. A replacement character that is meant is written \\ufffd.",
            id="Latin-1",
        ),
        pytest.param(
            '{"a": "\N{REPLACEMENT CHARACTER}"}',
            "invalid_encoding",
            "The body is not UTF-8. A replacement character that is meant is written \\ufffd.",
            id="Latin-1 behind API Gateway",
        ),
    ],
)
def test_a_bad_body_is_refused_with_its_place(body: bytes | str, code: str, message: str) -> None:
    with pytest.raises(Refused) as refusal:
        body_json(a_request(body), depth=3)

    assert (refusal.value.code, refusal.value.message) == (code, message)


def test_nesting_up_to_the_limit_is_read() -> None:
    assert body_json(a_request(b"[[[1]]]"), depth=3) == [[[1]]]


def test_an_escaped_replacement_character_is_meant() -> None:
    assert body_json(a_request(b'["\\ufffd"]'), depth=3) == ["\N{REPLACEMENT CHARACTER}"]


@pytest.mark.parametrize(
    "headers",
    [
        {"content-type": "text/csv"},
        {"content-type": "multipart/form-data; boundary=x"},
        {"content-type": "application/json", "content-encoding": "gzip"},
    ],
)
def test_other_media_types_are_refused(headers: dict[str, str]) -> None:
    with pytest.raises(Refused) as refusal:
        body_json(a_request(b"{}", headers=headers), depth=3)

    assert refusal.value.code == "unsupported_media_type"


def test_a_body_that_came_as_base64_is_decoded() -> None:
    assert body_text(a_request("eyJhIjogMX0=", isBase64Encoded=True)) == '{"a": 1}'


def test_path_parameters_are_decoded() -> None:
    assert path_values({"id": "a%2Fb%20c%C3%A9"}) == {"id": "a/b cé"}


def test_a_path_that_does_not_decode_names_nothing() -> None:
    with pytest.raises(NotFound):
        path_values({"id": "%E9"})


def test_query_values_stand_once() -> None:
    assert query_values(a_request(query={"a": ["1"], "b": [""]})) == {"a": "1", "b": ""}
    assert query_values(a_request()) == {}
    with pytest.raises(Refused) as refusal:
        query_values(a_request(query={"a": ["1", "2"]}))
    assert refusal.value.param == "a"


def test_the_first_header_that_is_there_counts() -> None:
    request = a_request(headers={"x-api-key": "second"})

    assert find_header(request, ("PX-API-KEY", "X-API-KEY")) == "second"
    assert find_header(request, ("Authorization",)) is None


def test_the_path_comes_without_the_stage_and_the_base_url_with_it() -> None:
    request = a_request(headers={"Host": "api.example.com", "X-Forwarded-Proto": "https"})

    assert request_path(request) == "/v1/imports"
    assert base_url(request) == "https://api.example.com/api"


def test_requests_survive_being_logged() -> None:
    assert json.dumps(a_request(b"").to_dict())
