"""What a view may ask of a request: its query and its body, as models."""

import json

import pytest
from chalice.app import Request

from chalicelib.access.context import Caller
from chalicelib.api.http.call import BODY_LEVELS, Call
from chalicelib.api.http.request_model import RequestModel
from chalicelib.errors import Refused
from tests.world import OURS, World


class Greeting(RequestModel):
    name: str
    data: object = None


def a_call(query: dict[str, list[str]] | None = None, body: object = None) -> Call:
    world = World()
    request = Request(
        {
            "multiValueQueryStringParameters": query,
            "headers": {"content-type": "application/json"},
            "pathParameters": {},
            "requestContext": {"httpMethod": "POST", "resourcePath": "/", "path": "/"},
            "stageVariables": None,
            "body": json.dumps(body),
        }
    )
    caller = Caller(tenant_id=OURS, key_id="key_1", scopes=frozenset())
    return Call(context=world.context, caller=caller, request=request, path={})


def nested(levels: int) -> object:
    return [nested(levels - 1)] if levels else []


def test_a_query_becomes_a_model() -> None:
    assert a_call(query={"name": ["Ann"]}).query(Greeting) == Greeting(name="Ann")


def test_a_body_becomes_a_model() -> None:
    assert a_call(body={"name": "Ann"}).body(Greeting) == Greeting(name="Ann")


def test_a_body_may_nest_as_deep_as_its_records_and_what_is_around_them() -> None:
    depth = World().context.limits.json_depth + BODY_LEVELS

    assert a_call(body={"name": "Ann", "data": nested(depth - 2)}).body(Greeting).name == "Ann"
    with pytest.raises(Refused) as refusal:
        a_call(body={"name": "Ann", "data": nested(depth)}).body(Greeting)

    assert refusal.value.code == "nested_too_deep"
