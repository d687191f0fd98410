"""A default that the document tells may be sent: generated clients send it with every request.

Each example of a request is sent as it is, and once more with every default of its query and its body.
"""

from collections.abc import Iterator
from typing import Any

import pytest
import requests

from tests.documented_answers import closed_document
from tests.fuzzing import TwoTenants

Json = dict[str, Any]

COMPONENTS = closed_document()["components"]["schemas"]
ANSWER_S = 30
UNIQUE_BY_NAME = ("packagex_create_profile",)
"""What makes things whose names differ: the second request makes another."""


def each_request() -> Iterator[Any]:
    for path, methods in closed_document()["paths"].items():
        for method, operation in methods.items():
            for name, body in _bodies(operation).items():
                if body or _defaults_of(operation):
                    yield pytest.param(method, path, operation, body, id=f"{operation['operationId']}-{name}")


def _bodies(operation: Json) -> Json:
    return {name: one["value"] for name, one in _json_body(operation).get("examples", {}).items()} or {"no body": None}


def _json_body(operation: Json) -> Json:
    content: Json = operation.get("requestBody", {}).get("content", {})
    found: Json = content.get("application/json", {})
    return found


def _defaults_of(operation: Json) -> Json:
    """The defaults of its query."""
    schemas = {one["name"]: one["schema"] for one in operation.get("parameters", [])}
    return {name: schema["default"] for name, schema in schemas.items() if "default" in schema}


def with_defaults(value: Any, schema: Json) -> Any:
    """The value with each default of its schema that it does not give, at every depth."""
    properties = COMPONENTS.get(schema.get("$ref", "").rpartition("/")[2], schema).get("properties", {})
    if not isinstance(value, dict):
        return value
    given = {name: with_defaults(one, properties.get(name, {})) for name, one in value.items()}
    return {name: one["default"] for name, one in properties.items() if "default" in one} | given


@pytest.mark.parametrize(("method", "path", "operation", "body"), list(each_request()))
def test_a_default_that_is_sent_changes_nothing(
    method: str, path: str, operation: Json, body: Any, tenants: TwoTenants
) -> None:
    def send(query: Json, body: Any) -> requests.Response:
        named = {one["name"]: one["example"] for one in operation.get("parameters", []) if one["in"] == "path"}
        url = tenants.base_url + path.format(**named | dict(tenants.one.things))
        is_open = operation["security"] == []
        headers = {} if is_open else tenants.one.headers(operation["tags"][0], path, tenants.base_url)
        return requests.request(
            method, url, params=query, json=body, headers=headers, timeout=ANSWER_S, allow_redirects=False
        )

    plain = send({}, body)
    again = body | {"name": "another"} if operation["operationId"] in UNIQUE_BY_NAME else body
    whole = send(_defaults_of(operation), with_defaults(again, _json_body(operation).get("schema", {})))

    assert whole.status_code == plain.status_code, whole.text
