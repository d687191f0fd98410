"""Answers in PackageX's envelope as examples of the OpenAPI document, rendered as real answers are."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from http import HTTPStatus
from typing import Any

from chalicelib.api.openapi.operation import Json, SchemaType, Success
from chalicelib.api.packagex.envelope import envelope

Body = Mapping[str, object]


def enveloped(message: str, data: Body | Sequence[Body], endpoint: str, status: int = 200, **given: Any) -> Json:
    """Returns the body of an answer to a request for this path."""
    body: Json = envelope(HTTPStatus(status), message, data=data, endpoint=endpoint, **given).body
    return body


def location(path: str) -> Mapping[str, str]:
    """Returns the header by which an answer leads to what it has created."""
    return {"Location": f"https://api.example.com{path}"}


def created(schema: SchemaType, example: Json) -> list[Success]:
    """Returns the one way in which something is created: as `success`, with a header that leads to it."""
    headers = location(f"{example['endpoint']}/{example['data']['id']}")
    return [replace(one, headers=headers) for one in success(schema, example, HTTPStatus.CREATED)]


def success(schema: SchemaType, example: Json, status: HTTPStatus = HTTPStatus.OK) -> list[Success]:
    """Returns the one way in which an operation succeeds; it is described by the message of its example."""
    return [Success(text=f"{example['message']}", status=status, schema=schema, examples={"an answer": example})]
