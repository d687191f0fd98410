"""The OpenAPI 3.1 document of all dialects.

In come descriptions, out goes the document as JSON values, without `servers`: where it is served is known only to who
serves it. Nothing is written twice: requests and answers have the schemas of the code that checks and renders them.
"""

from collections.abc import Iterable
from typing import Any

from chalicelib.api.answering import Route
from chalicelib.api.describing import Description, Json, Operation
from chalicelib.api.describing.answers import each_shape, shown_answers
from chalicelib.api.describing.catalogue import shown_resources
from chalicelib.api.describing.parameters import each_header, each_place, each_query
from chalicelib.api.describing.schemas import Schemas
from chalicelib.api.describing.service import SERVICE_TAG, service_paths

VERSION = "0.1.0"

TEXT = """
Bulk import and export of a tenant's records. The service speaks the public APIs of several products over one core: pick
the one you know. What is imported through one is there in all others.

* Every answer has `X-Request-Id`; every answer to a good key has `X-RateLimit-*`; 429 and 503 have `Retry-After`.
* Unknown parameters are refused by name.
* What never reaches the service, such as a body above 10 MB, is answered by API Gateway with
  `{"error": {"code": …, "message": …}}`.
"""


def document(descriptions: Iterable[Description], *, is_closed: bool = False) -> Json:
    """`is_closed`: objects in answers have no other fields than those described; for tests."""
    whole: Json = {
        "openapi": "3.1.0",
        "jsonSchemaDialect": "https://json-schema.org/draft/2020-12/schema",
        "info": {"title": "Sluice", "version": VERSION, "description": TEXT.strip()},
        "tags": [],
        "paths": {},
        "components": {"schemas": {}, "securitySchemes": {}},
        "x-resources": shown_resources(),
    }
    for description in descriptions:
        _add(whole, description, is_closed=is_closed)
    whole["paths"] |= service_paths()
    whole["tags"].append(SERVICE_TAG)
    return whole


def _add(whole: Json, description: Description, *, is_closed: bool) -> None:
    schemas = Schemas(description.word, each_shape(description), is_closed=is_closed)
    whole["tags"].append({"name": description.word, "description": description.text.strip()})
    whole["components"]["securitySchemes"][description.security.name] = description.security.scheme
    for route in description.routes:
        operation = description.operations[route.view]
        shown = _shown(description, route, operation, schemas)
        whole["paths"].setdefault(route.path, {})[route.method.lower()] = shown
    whole["components"]["schemas"] |= schemas.components


def _shown(description: Description, route: Route[Any], operation: Operation, schemas: Schemas) -> Json:
    places = each_place(route.path, dict(description.places))
    shown: Json = {
        "tags": [description.word],
        "operationId": f"{description.word}_{route.view.__name__}".lower(),
        "summary": operation.summary,
        "description": operation.text.strip(),
        "security": [{description.security.name: []}],
        "parameters": [*places, *each_query(schemas, operation.query), *each_header(route)],
    }
    if operation.body is not None:
        shown["requestBody"] = _body(operation, schemas)
    return shown | {"responses": shown_answers(description, route, operation, schemas)}


def _body(operation: Operation, schemas: Schemas) -> Json:
    examples = {name: {"value": value} for name, value in operation.bodies.items()}
    content = {operation.body_type: {"schema": schemas.of(operation.body), "examples": examples}}
    return {"required": operation.is_body_required, "content": content}
