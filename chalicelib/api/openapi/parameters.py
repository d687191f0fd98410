"""Parameters of an operation: those of its path, its query, and its headers.

A query is a flat model; each of its fields is a parameter. A query that takes unknown names takes them as filters.
"""

import re
from collections.abc import Iterator

from pydantic import BaseModel

from chalicelib.access.idempotency import PARAM
from chalicelib.api.openapi.operation import AnyRoute, Json, PathParameter, is_polled, is_repeatable
from chalicelib.api.openapi.schemas import Schemas
from chalicelib.model.limits import DEFAULT_LIMITS

_NAMES = re.compile(r"{(\w+)}")


def each_path_parameter(path: str, parameters: dict[str, PathParameter]) -> Iterator[Json]:
    """Yields the parameters of a path. Raises KeyError for one that is not described."""
    for name in _NAMES.findall(path):
        parameter = parameters[name]
        schema: Json = {"type": "string", "minLength": 1}
        if parameter.words:
            schema["enum"] = list(parameter.words)
        yield {
            "name": name,
            "in": "path",
            "required": True,
            "description": parameter.text,
            "schema": schema,
            "example": parameter.example,
        }


def each_query_parameter(schemas: Schemas, model: type[BaseModel]) -> Iterator[Json]:
    """Yields the fields of a query's model as parameters, and one more where unknown names are filters."""
    properties, required = schemas.properties_of(model)
    for name, schema in properties.items():
        parameter = _query(name, dict(schema), is_required=name in required)
        yield parameter | ({"allowEmptyValue": True} if getattr(model, "takes_empty", False) else {})
    if model.model_config.get("extra") == "allow":
        yield _filters()


def each_header_parameter(route: AnyRoute) -> Iterator[Json]:
    """Yields the idempotency key for routes that take one, and the entity tag for those whose answers have one."""
    if is_polled(route):
        yield {
            "name": "If-None-Match",
            "in": "header",
            "required": False,
            "description": "The entity tag of an answer that is known: 304 says that nothing has changed since.",
            "schema": {"type": "string"},
            "example": 'W/"5f1d0c2ab74e9d3f8e60a1b2c3d4e5f6"',
        }
    if is_repeatable(route):
        yield {
            "name": PARAM,
            "in": "header",
            "required": False,
            "description": "Makes it safe to ask again: a repeat under the same key gets the first answer, for a day.",
            "schema": {"type": "string", "minLength": 1, "maxLength": DEFAULT_LIMITS.idempotency_key_characters},
            "example": "9b2f6e0c-5a55-4d0e-8f6f-1f9d3b7f7f10",
        }


def _query(name: str, schema: Json, *, is_required: bool) -> Json:
    text, examples = schema.pop("description", None), schema.pop("examples", [])
    parameter = {"name": name, "in": "query", "required": is_required, "schema": _without_null(schema)}
    details = {"description": text} if text else {}
    return parameter | details | ({"example": examples[0]} if examples else {})


def _without_null(schema: Json) -> Json:
    """Returns the schema without null, which a query cannot say: what is not there is not given."""
    branches = [one for one in schema.pop("anyOf", []) if one != {"type": "null"}]
    if len(branches) == 1:
        return {**branches[0], **schema}
    return {**schema, "anyOf": branches} if branches else schema


def _filters() -> Json:
    return {
        "name": "filters",
        "in": "query",
        "required": False,
        "style": "form",
        "explode": True,
        "description": "Any field of the resource by its name: `email=alice@example.com`.",
        "schema": {"type": "object", "additionalProperties": {"type": "string"}},
        "example": {"email": "alice@example.com"},
    }
