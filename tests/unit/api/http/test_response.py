"""Answers of any size: what is given back always fits into what a Lambda function may give back."""

import json
from typing import Any

import pytest
from chalice.app import Request

from chalicelib.api.http.response import ENVELOPE_BYTES, Document, accepts_gzip, sized_response
from chalicelib.api.http.router import Call
from chalicelib.model.limits import Limits
from tests.world import World

LIMIT = ENVELOPE_BYTES + 600


def a_request(headers: dict[str, str]) -> Request:
    return Request(
        {
            "multiValueQueryStringParameters": None,
            "headers": headers,
            "pathParameters": {},
            "requestContext": {"httpMethod": "GET", "resourcePath": "/x", "path": "/x"},
            "stageVariables": None,
            "body": None,
        }
    )


def given_back(text: str, **headers: str) -> dict[str, Any]:
    """As Lambda gets it."""
    world = World(Limits(response_bytes=LIMIT))
    document = Document(content=text.encode(), content_type="text/csv", filename="x.csv")
    call = Call(context=world.context, caller=world.caller(), request=a_request(headers), path={})
    event = sized_response(document, call).to_dict([])
    assert len(json.dumps(event)) <= LIMIT
    return event


@pytest.mark.parametrize(
    ("text", "status"),
    [
        pytest.param("x" * 100, 200, id="small"),
        pytest.param("x" * 598, 200, id="just fits, with its quotes"),
        pytest.param("x" * 599, 303, id="just does not"),
        pytest.param('"' * 299, 200, id="escaped: twice its size"),
        pytest.param('"' * 300, 303, id="escaped, too large"),
        pytest.param("é" * 100, 303, id="not ASCII: six bytes each"),
    ],
)
def test_the_size_that_counts_is_that_of_the_escaped_text(text: str, status: int) -> None:
    event = given_back(text)

    assert event["statusCode"] == status
    assert event["body"] == (text if status == 200 else "")


def test_a_gzipped_response_is_sent_as_base64() -> None:
    event = given_back("x" * 10_000, **{"accept-encoding": "gzip", "accept": "application/octet-stream"})

    assert (event["statusCode"], event["isBase64Encoded"]) == (200, True)


def test_what_does_not_fit_gzipped_either_is_to_be_fetched() -> None:
    text = "".join(chr(33 + number * number % 89) + str(number) for number in range(2000))

    event = given_back(text, **{"accept-encoding": "gzip", "accept": "application/octet-stream"})

    assert event["statusCode"] == 303


@pytest.mark.parametrize(
    ("encoding", "accept", "expected"),
    [
        ("gzip", "application/octet-stream", True),
        ("br;q=1.0, GZIP;q=0.8", "application/octet-stream;q=0.9, */*", True),
        ("gzip;q=0", "application/octet-stream", False),
        ("br", "application/octet-stream", False),
        ("gzip", "*/*", False),
        ("gzip", "application/json, application/octet-stream", False),
        ("gzip", "", False),
    ],
)
def test_gzip_is_for_those_whom_it_reaches(encoding: str, accept: str, expected: bool) -> None:
    assert accepts_gzip(a_request({"accept-encoding": encoding, "accept": accept})) is expected
