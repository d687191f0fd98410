"""The OpenAPI 3.1 document of all dialects.

In come descriptions, out goes the document as JSON values, without `servers`: where it is served is known only to who
serves it. Nothing is written twice: requests and answers have the schemas of the code that checks and renders them.
"""

from collections.abc import Iterable, Mapping

from chalicelib.api.http.router import Route
from chalicelib.api.openapi.catalogue import render_catalogue
from chalicelib.api.openapi.operation import (
    JSON,
    AnyRoute,
    DialectDescription,
    Json,
    Operation,
    OutgoingWebhook,
    SchemaType,
)
from chalicelib.api.openapi.parameters import each_header_parameter, each_path_parameter, each_query_parameter
from chalicelib.api.openapi.responses import each_schema, render_responses
from chalicelib.api.openapi.schemas import Schemas
from chalicelib.api.openapi.service_paths import SERVICE_TAG, service_paths

VERSION = "0.1.0"

TEXT = """
Bulk import and export of a tenant's records. The service speaks the public APIs of several products over one core: pick
the one you know. What is imported through one is there in all others.

* Every answer has `X-Request-Id`; every answer to a good key has `X-RateLimit-*`; 429 and 503 have `Retry-After`.
* Unknown parameters are refused by name.
* What never reaches the service, such as a body above 10 MB, is answered by API Gateway with
  `{"error": {"code": …, "message": …}}`.
"""


def document(descriptions: Iterable[DialectDescription], *, is_closed: bool = False) -> Json:
    """`is_closed`: objects in answers have no other fields than those described; for tests."""
    whole: Json = {
        "openapi": "3.1.0",
        "jsonSchemaDialect": "https://json-schema.org/draft/2020-12/schema",
        "info": {"title": "Sluice", "version": VERSION, "description": TEXT.strip()},
        "tags": [],
        "paths": {},
        "webhooks": {},
        "components": {"schemas": {}, "securitySchemes": {}},
        "x-resources": render_catalogue(),
    }
    for description in descriptions:
        _add(whole, description, is_closed=is_closed)
    whole["paths"] |= service_paths()
    whole["tags"].append(SERVICE_TAG)
    return whole


def _add(whole: Json, description: DialectDescription, *, is_closed: bool) -> None:
    schemas = Schemas(description, each_schema(description), is_closed=is_closed)
    if not description.tag:
        whole["tags"].append({"name": description.name, "description": description.text.strip()})
    whole["components"]["securitySchemes"][description.security.name] = description.security.scheme
    for route in description.routes:
        operation = description.operations[route.view]
        shown = _render_operation(description, route, operation, schemas)
        whole["paths"].setdefault(route.path, {})[route.method.lower()] = shown
    for name, announcement in description.webhooks.items():
        whole["webhooks"][name] = {"post": _render_webhook(description, announcement, schemas)}
    whole["components"]["schemas"] |= schemas.components


def _render_webhook(description: DialectDescription, announcement: OutgoingWebhook, schemas: Schemas) -> Json:
    return {
        "tags": [description.name],
        "summary": announcement.summary,
        "description": announcement.text,
        "requestBody": {
            "required": True,
            "content": {JSON: _content(schemas, announcement.schema, announcement.examples)},
        },
        "responses": {"2XX": {"description": "It has been heard; anything else is tried again."}},
    }


def _render_operation(description: DialectDescription, route: AnyRoute, operation: Operation, schemas: Schemas) -> Json:
    places = each_path_parameter(route.path, dict(description.path_parameters))
    shown: Json = {
        "tags": [description.tag or description.name],
        "operationId": _id_of(description, route),
        "summary": operation.summary,
        "description": operation.text.strip(),
        "security": [{description.security.name: _scopes(description, route)}],
        "parameters": [*places, *each_query_parameter(schemas, operation.query), *each_header_parameter(route)],
    }
    if operation.body is not None:
        shown["requestBody"] = _body(operation, schemas)
    return shown | {"responses": render_responses(description, route, operation, schemas)}


def _id_of(description: DialectDescription, route: AnyRoute) -> str:
    """A view that has several routes is named by the first of them, and with their methods by the others."""
    first = next(one for one in description.routes if one.view == route.view)
    name = f"{description.name}_{route.view.__name__}"
    return (name if first is route else f"{name}_{route.method}").lower()


def _scopes(description: DialectDescription, route: AnyRoute) -> list[str]:
    scope = description.security.scopes.get(route.scope) if isinstance(route, Route) else None
    return [scope] if scope else []


def _body(operation: Operation, schemas: Schemas) -> Json:
    """The first type is the one that the model checks."""
    content = {operation.body_type: _content(schemas, operation.body, operation.bodies)}
    others = {one.content_type: _content(schemas, one.schema, one.examples) for one in operation.other_bodies}
    return {"required": True, "content": content | others}


def _content(schemas: Schemas, shape: SchemaType, examples: Mapping[str, object]) -> Json:
    return {"schema": schemas.of(shape), "examples": {name: {"value": value} for name, value in examples.items()}}
