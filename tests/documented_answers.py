"""Answers held against the OpenAPI document: is the status documented for the route, and does the body have its shape?

The document is the closed one, in which objects have no fields but those described: an answer with a field that nobody
documented fails. Contract clients pass all their answers through `documented`.
"""

import gzip
import json
import re
from functools import cache
from typing import Any

import jsonschema_rs
from chalice.test import HTTPResponse

from chalicelib.api.dialects import DESCRIPTIONS
from chalicelib.api.openapi.document import document

Json = dict[str, Any]

OUTSIDE = {405}
"""What is answered where there is no operation; unknown paths are as little documented."""


@cache
def closed_document() -> Json:
    return document(DESCRIPTIONS, is_closed=True)


def documented(method: str, path: str, response: HTTPResponse) -> HTTPResponse:
    """The response, once it is known to be what the document says. `path` may have a query."""
    operation = find_operation(method, path.partition("?")[0])
    if operation is not None and response.status_code not in OUTSIDE:
        content_type = str(response.headers.get("Content-Type", "")).partition(";")[0]
        is_gzipped = response.headers.get("Content-Encoding") == "gzip"
        body = gzip.decompress(response.body) if is_gzipped else response.body
        check_response(operation, response.status_code, content_type, body)
    return response


def find_operation(method: str, path: str) -> Json | None:
    found = next((methods for pattern, methods in _patterns() if pattern.fullmatch(path)), {})
    operation: Json | None = found.get(method.lower())
    return operation


def check_response(operation: Json, status: int, content_type: str, body: bytes) -> None:
    answers = operation["responses"]
    assert str(status) in answers, f"{operation['operationId']} answers {status}, which is not documented"
    content = answers[str(status)].get("content")
    if content is None:
        assert not body
        return
    assert content_type in content, f"{operation['operationId']}: {content_type} is not documented for {status}"
    if content_type.endswith("json"):
        validate(json.loads(body), content[content_type]["schema"])


def validate(value: object, schema: Json) -> None:
    _validator(json.dumps(schema)).validate(value)


@cache
def _validator(schema: str) -> Any:
    components = {"components": closed_document()["components"]}
    return jsonschema_rs.validator_for({**json.loads(schema), **components})


@cache
def _patterns() -> list[tuple[re.Pattern[str], Json]]:
    """Fixed parts win over parameters, as everywhere."""
    paths = sorted(closed_document()["paths"].items(), key=lambda one: one[0].count("{"))
    return [(re.compile(re.sub(r"{\w+}", "[^/]+", path)), methods) for path, methods in paths]
