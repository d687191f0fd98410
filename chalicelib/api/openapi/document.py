"""The OpenAPI 3.1 document of all dialects, with the catalogue of resources and the routes outside of dialects.

In come descriptions, out goes the document as JSON values without `servers`, which depend on where it is served.
Nothing is written twice: requests and answers have the schemas of the code that checks and renders them.
"""

from collections.abc import Iterable, Mapping

from chalicelib.api.http.router import Route
from chalicelib.api.openapi.operation import (
    JSON,
    AnyRoute,
    Callback,
    DialectDescription,
    Json,
    Operation,
    SchemaType,
)
from chalicelib.api.openapi.parameters import each_header_parameter, each_path_parameter, each_query_parameter
from chalicelib.api.openapi.responses import each_schema, render_responses
from chalicelib.api.openapi.schemas import Schemas, referred_components
from chalicelib.api.openapi.service import SERVICE_SCHEMAS, SERVICE_TAG, service_paths
from chalicelib.model.catalogue import RESOURCES
from chalicelib.model.resources import Field, Resource

VERSION = "0.1.0"

TEXT = """
Bulk import and export of a tenant's records. The service speaks the public APIs of several products over one core: pick
the one you know. What is imported through one is there in all others.

* Every answer has `X-Request-Id`; every answer to a good key has `X-RateLimit-*`; 429 and 503 have `Retry-After`.
* Unknown parameters are refused by name. `HEAD` works wherever `GET` does.
* Web pages may call it too, from any origin unless the operator names one, and read the headers that are documented
  here. Keys travel in headers: no credentials are needed.
* What never reaches the service, such as a body above 10 MB, is answered by API Gateway with
  `{"error": {"code": …, "message": …}}`.
"""

_INFO: Json = {
    "title": "Sluice",
    "version": VERSION,
    "description": TEXT.strip(),
    "contact": {"name": "The operator of this deployment"},
    "license": {"name": "As agreed with the operator of this deployment", "identifier": "LicenseRef-Agreed"},
}


def document(descriptions: Iterable[DialectDescription], *, is_closed: bool = False) -> Json:
    """Returns the document. With `is_closed`, which only tests set, objects in answers allow no fields but those
    described.
    """
    whole: Json = {
        "openapi": "3.1.0",
        "jsonSchemaDialect": "https://json-schema.org/draft/2020-12/schema",
        "info": dict(_INFO),
        "tags": [],
        "paths": {},
        "components": {"schemas": {}, "securitySchemes": {}},
        "x-resources": render_catalogue(),
    }
    for description in descriptions:
        _add(whole, description, is_closed=is_closed)
    whole["paths"] |= service_paths()
    whole["tags"].append(SERVICE_TAG)
    whole["components"]["schemas"] |= SERVICE_SCHEMAS
    whole["components"]["schemas"] = referred_components(whole["paths"], whole["components"]["schemas"])
    return whole


def _add(whole: Json, description: DialectDescription, *, is_closed: bool) -> None:
    schemas = Schemas(description, each_schema(description), is_closed=is_closed)
    if not description.tag:
        whole["tags"].append({"name": description.name, "description": description.text.strip()})
    whole["components"]["securitySchemes"][description.security.name] = description.security.scheme
    for route in description.routes:
        operation = description.operations[route.view]
        rendered = _render_operation(description, route, operation, schemas)
        whole["paths"].setdefault(route.path, {})[route.method.lower()] = rendered
    whole["components"]["schemas"] |= schemas.components


def _render_operation(description: DialectDescription, route: AnyRoute, operation: Operation, schemas: Schemas) -> Json:
    parameters = each_path_parameter(route.path, dict(description.path_parameters))
    rendered: Json = {
        "tags": [description.tag or description.name],
        "operationId": _id_of(description, route),
        "summary": operation.summary,
        "description": operation.text.strip(),
        "security": [{description.security.name: _scopes(description, route)}],
        "parameters": [*parameters, *each_query_parameter(schemas, operation.query), *each_header_parameter(route)],
    }
    if operation.body is not None:
        rendered["requestBody"] = _body(operation, schemas)
    if operation.callbacks:
        rendered["callbacks"] = {
            name: {one.url: {"post": _render_callback(description, name, one, schemas)}}
            for name, one in operation.callbacks.items()
        }
    return rendered | {"responses": render_responses(description, route, operation, schemas)}


def _render_callback(description: DialectDescription, name: str, callback: Callback, schemas: Schemas) -> Json:
    """Returns a request of ours. It is no webhook of OpenAPI, of which generators make an operation to be called."""
    content = {JSON: _content(schemas, callback.schema, callback.examples)}
    return {
        "tags": [description.name],
        "operationId": f"{description.name}_sends_{name}".lower(),
        "summary": callback.summary,
        "description": callback.text,
        "security": [],
        "requestBody": {"required": True, "content": content},
        "responses": {
            "2XX": {"description": "It has been heard."},
            "4XX": {"description": "It is tried again, as after anything but a success."},
        },
    }


def _id_of(description: DialectDescription, route: AnyRoute) -> str:
    """Returns the operation's id. A view with several routes is named by the first of them, and with their methods by
    the others.
    """
    first = next(one for one in description.routes if one.view == route.view)
    name = f"{description.name}_{route.view.__name__}"
    return (name if first is route else f"{name}_{route.method}").lower()


def _scopes(description: DialectDescription, route: AnyRoute) -> list[str]:
    scope = description.security.scopes.get(route.scope) if isinstance(route, Route) else None
    return [scope] if scope else []


def _body(operation: Operation, schemas: Schemas) -> Json:
    """Returns the bodies by content type; the first type is the one that the model checks."""
    content = {operation.body_type: _content(schemas, operation.body, operation.bodies)}
    others = {one.content_type: _content(schemas, one.schema, one.examples) for one in operation.other_bodies}
    return {"required": True, "content": content | others}


def _content(schemas: Schemas, type_: SchemaType, examples: Mapping[str, object]) -> Json:
    return {"schema": schemas.of(type_), "examples": {name: {"value": value} for name, value in examples.items()}}


def render_catalogue() -> Json:
    """Returns the catalogue of resources for programs that map columns to fields, `x-resources` of the document.

    It is no schema of requests: rows are never refused for what their fields hold, each problem is told with its row.
    """
    return {name: _render_resource(resource) for name, resource in RESOURCES.items()}


def _render_resource(resource: Resource) -> Json:
    return {
        "singular": resource.singular,
        "identities": [identity.name for identity in resource.identities],
        "fields": [_render_field(one) for one in resource.fields],
    }


def _render_field(field: Field) -> Json:
    """Leaves out what is empty or false."""
    values = {
        "name": field.name,
        "label": field.label,
        "type": field.type.value,
        "required": field.required,
        "read_only": field.is_computed,
        "choices": list(field.choices),
        "aliases": list(field.aliases),
        "example": field.example,
        "help": field.help,
    }
    return {name: value for name, value in values.items() if value}
