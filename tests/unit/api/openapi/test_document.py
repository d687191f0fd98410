"""The OpenAPI document is valid, and says neither more nor less than there is."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from app import app
from chalicelib.api.dialects import DESCRIPTIONS
from chalicelib.api.openapi.document import document
from chalicelib.api.openapi.operation import DialectDescription
from chalicelib.model.limits import DEFAULT_LIMITS
from tests.documented_answers import closed_document, validate

UNDOCUMENTED = {"path_not_found", "method_not_allowed", "root"}
"""What stands where there is nothing, and what leads to the page."""

ROUTED = {
    (path, method.lower())
    for path, methods in app.routes.items()
    for method, entry in methods.items()
    if entry.view_function.__name__ not in UNDOCUMENTED and method != "HEAD"
}
DOCUMENT = document(DESCRIPTIONS)
OPERATIONS = [(path, method, one) for path, methods in DOCUMENT["paths"].items() for method, one in methods.items()]
IDS = [one["operationId"] for _, _, one in OPERATIONS]


def test_the_document_is_valid_openapi_3_1() -> None:
    OpenAPIV31SpecValidator(DOCUMENT).validate()


def test_every_route_is_documented_and_every_documented_operation_is_routed() -> None:
    assert {(path, method) for path, method, _ in OPERATIONS} == ROUTED


def test_head_works_where_get_does() -> None:
    views = {
        method: {path: methods[method].view_function for path, methods in app.routes.items() if method in methods}
        for method in ("GET", "HEAD")
    }

    assert views["HEAD"].keys() == views["GET"].keys()
    assert {path for path, view in views["HEAD"].items() if view.__name__ != views["GET"][path].__name__} == set()


@pytest.mark.parametrize("description", DESCRIPTIONS, ids=lambda one: one.name)
def test_a_dialect_describes_its_routes_and_nothing_else(description: DialectDescription) -> None:
    assert set(description.operations) == {route.view for route in description.routes}


def test_no_two_operations_share_an_id() -> None:
    assert len(set(IDS)) == len(IDS)


def test_the_document_fits_into_an_answer() -> None:
    assert len(json.dumps(DOCUMENT)) < DEFAULT_LIMITS.response_bytes // 4


def each_content() -> Iterator[tuple[str, Any]]:
    for path, methods in closed_document()["paths"].items():
        for method, operation in methods.items():
            body = operation.get("requestBody", {}).get("content", {})
            answers = [(status, one.get("content", {})) for status, one in operation["responses"].items()]
            for name, contents in [("body", body), *answers]:
                yield from ((f"{method} {path} {name} {kind}", content) for kind, content in contents.items())


CONTENTS = dict(each_content())


@pytest.mark.parametrize("name", CONTENTS)
def test_whatever_is_sent_or_answered_has_an_example_and_every_example_fits(name: str) -> None:
    examples = CONTENTS[name]["examples"]

    assert examples
    for example in examples.values():
        validate(example["value"], CONTENTS[name]["schema"])


@pytest.mark.parametrize(("path", "method", "operation"), OPERATIONS, ids=IDS)
def test_an_operation_with_a_key_tells_all_ways_to_fail(path: str, method: str, operation: Any) -> None:
    statuses = set(operation["responses"])

    assert operation["summary"]
    if operation["security"]:
        assert {"400", "401", "429", "500", "503"} <= statuses
        assert "403" in statuses or path == "/oauth/token"
        for status in statuses:
            assert "X-Request-Id" in operation["responses"][status]["headers"]
        for status in ("429", "503"):
            assert "Retry-After" in operation["responses"][status]["headers"]


@pytest.mark.parametrize(("path", "method", "operation"), OPERATIONS, ids=IDS)
def test_every_parameter_of_a_path_is_told_and_has_an_example(path: str, method: str, operation: Any) -> None:
    parameters = [one for one in operation.get("parameters", []) if one["in"] == "path"]

    assert {f"{{{one['name']}}}" for one in parameters} == {part for part in path.split("/") if part.startswith("{")}
    assert all(one["example"] and one["description"] for one in parameters)


@pytest.mark.parametrize("description", DESCRIPTIONS, ids=lambda one: one.name)
def test_every_example_of_a_request_is_one_that_the_model_takes(description: DialectDescription) -> None:
    for operation in description.operations.values():
        if operation.body is not None:
            assert operation.bodies
            for body in operation.bodies.values():
                operation.body.model_validate(body)
