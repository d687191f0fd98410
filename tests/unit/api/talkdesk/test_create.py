"""Three ways to create an import, by the type of the body."""

import json
from typing import Any

import pytest
from chalice.app import Request

from chalicelib.access.context import Caller
from chalicelib.api.http.call import Call
from chalicelib.api.talkdesk.create import create
from chalicelib.errors import Refused
from tests.world import OURS, World

FILE = "Full Name,Email,Ring Groups,Agent Activation,Internal Extension,External Phone\nAnn,ann@example.com,,,,\n"


def a_call(content_type: str, body: str, query: dict[str, list[str]] | None = None) -> Call:
    request = Request(
        {
            "multiValueQueryStringParameters": query,
            "headers": {"content-type": content_type} if content_type else {},
            "pathParameters": {},
            "requestContext": {"httpMethod": "POST", "resourcePath": "/", "path": "/"},
            "stageVariables": None,
            "body": body,
        }
    )
    caller = Caller(tenant_id=OURS, key_id="key_1", scopes=frozenset())
    return Call(context=World().context, caller=caller, request=request, path={})


def refusal_of(call: Call) -> Refused:
    with pytest.raises(Refused) as refusal:
        create(call)
    return refusal.value


@pytest.mark.parametrize("content_type", ["", "application/json; charset=utf-8", "application/hal+json"])
def test_json_is_answered_with_a_link_for_the_file(content_type: str) -> None:
    answer = create(a_call(content_type, json.dumps({"type": "CREATE_USERS", "filename": "users.csv"})))
    body: Any = answer.body

    assert (answer.status, body["status"], body["filename"]) == (201, "QUEUED", "users.csv")
    assert "upload" in body["_links"]


def test_csv_starts_at_once() -> None:
    answer = create(a_call("text/csv", FILE, {"type": ["CREATE_USERS"]}))

    assert "upload" not in answer.body["_links"]  # type: ignore[operator] # JSON


@pytest.mark.parametrize(
    ("content_type", "body", "code"),
    [
        pytest.param("application/xml", "<users/>", "unsupported_media_type", id="another type"),
        pytest.param("multipart/form-data; boundary=x", "no form", "malformed_form", id="no form"),
        pytest.param("text/csv", "caf\ufffd", "invalid_parameter", id="no type of import"),
    ],
)
def test_other_bodies_are_refused(content_type: str, body: str, code: str) -> None:
    assert refusal_of(a_call(content_type, body)).code == code


def test_text_that_was_no_utf8_is_told_how_to_be_sent() -> None:
    refusal = refusal_of(a_call("text/csv", "caf\ufffd", {"type": ["CREATE_USERS"]}))

    assert refusal.code == "invalid_encoding"
    assert "multipart/form-data" in refusal.message
