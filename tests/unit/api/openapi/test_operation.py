"""A dialect's description is the sum of what its features tell."""

from typing import Any

from chalicelib.api.http.router import Route
from chalicelib.api.kasar.routes import ADAPTER
from chalicelib.api.openapi.operation import (
    DialectDescription,
    FeatureDescription,
    Operation,
    PathParameter,
    Security,
    is_repeatable,
)
from chalicelib.errors import NotFound
from chalicelib.model.api_keys import Scope


def a_view(call: Any) -> str:
    return "hello"


def another_view(call: Any) -> str:
    return "hello again"


def a_feature(view: Any, name: str) -> FeatureDescription:
    return FeatureDescription(
        routes=(Route("GET", f"/{{{name}}}", Scope.IMPORTS_READ, view),),
        operations={view: Operation(summary=name, text="", successes=[])},
        path_parameters={name: PathParameter(name, "1")},
    )


def test_a_dialect_is_the_sum_of_its_features() -> None:
    sample = NotFound("record_not_found", "There is no record.")
    first, second = a_feature(a_view, "first"), a_feature(another_view, "second")
    third = FeatureDescription(routes=(), operations={}, samples=(sample,))

    dialect = DialectDescription(
        name="Any",
        text="",
        adapter=ADAPTER,
        features=(first, second, third),
        security=Security(name="key", scheme={}),
        refusal=str,
    )

    assert [route.view for route in dialect.routes] == [a_view, another_view]
    assert {view: one.summary for view, one in dialect.operations.items()} == {a_view: "first", another_view: "second"}
    assert set(dialect.path_parameters) == {"first", "second"}
    assert dialect.samples == {"record_not_found": sample}


def test_only_requests_that_write_without_deleting_are_repeatable() -> None:
    methods = ["GET", "POST", "PATCH", "PUT", "DELETE"]

    repeatable = [one for one in methods if is_repeatable(Route(one, "/", Scope.IMPORTS_WRITE, a_view))]

    assert repeatable == ["POST", "PATCH"]
    assert not is_repeatable(Route("POST", "/", Scope.IMPORTS_WRITE, a_view, takes_idempotency_key=False))
