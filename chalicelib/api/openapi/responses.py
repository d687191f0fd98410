"""The responses of an operation by status, with an example of every success and every refusal.

Successes are what the operation says of them; refusals are rendered by the dialect's own adapter, one for each code.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from http import HTTPStatus
from typing import Any

from chalice.app import Response

from chalicelib.api.openapi.errors import answer_headers, sample_failure, sample_of, sample_refusal
from chalicelib.api.openapi.operation import (
    JSON,
    UNCHANGED,
    AnyRoute,
    DialectDescription,
    Json,
    Operation,
    Success,
    is_polled,
    is_repeatable,
)
from chalicelib.api.openapi.refusal_examples import REPEATED, WITH_BODY, WITH_FORM
from chalicelib.api.openapi.schemas import Schemas
from chalicelib.model.refusals import RefusalCode

HEADER_TEXTS = {
    "X-Request-Id": "Names this request; tell it when you ask for help.",
    "X-RateLimit-Limit": "Requests of this key in a window.",
    "X-RateLimit-Remaining": "What is left of them.",
    "X-RateLimit-Reset": "When the window ends, in epoch seconds.",
    "X-RateLimit-Window": "Seconds of a window.",
    "X-RateLimit-Policy": "Requests, and the seconds of the window they count in.",
    "Retry-After": "Seconds after which it makes sense to ask again.",
    "WWW-Authenticate": "How to show a key. API Gateway sends it as x-amzn-Remapped-WWW-Authenticate.",
    "Idempotent-Replayed": "Present where the request was made before: this is the answer it got then.",
    "Allow": "The methods of this path.",
    "ETag": "The entity tag of the answer, weak: send it as `If-None-Match` to be told that nothing has changed.",
    "Location": "Where to look at what was created; with 303, where the identical body lies, signed.",
    "Content-Disposition": "The name to save it under.",
    "X-Total-Matching": "Records that matched, before the limit.",
    "X-Truncated-Resources": "Resources of which more records match than are exported.",
    "Cache-Control": "How long the answer may be kept.",
    "Pragma": "As Cache-Control, for HTTP 1.0.",
}
"""What the headers of answers mean. The answers say which there are: a header without words here is refused."""

TAG = 'W/"5f1d0c2ab74e9d3f8e60a1b2c3d4e5f6"'

_NUMBER_HEADERS = frozenset(
    {
        "X-RateLimit-Limit",
        "X-RateLimit-Remaining",
        "X-RateLimit-Reset",
        "X-RateLimit-Window",
        "Retry-After",
        "X-Total-Matching",
    }
)

FAILURES = (HTTPStatus.INTERNAL_SERVER_ERROR, HTTPStatus.SERVICE_UNAVAILABLE)


def codes_of(description: DialectDescription, route: AnyRoute, operation: Operation) -> list[RefusalCode]:
    """Returns the codes by which an operation may be refused, each once. Even one without parameters refuses unknown
    ones.
    """
    body = _with_body(operation) if operation.body is not None else ()
    path: Sequence[RefusalCode] = ("path_not_found",) if "{" in route.path else ()
    again = REPEATED if is_repeatable(route) else ()
    return list(
        dict.fromkeys([*description.caller_refusals, *body, "invalid_parameter", *path, *operation.refusals, *again])
    )


def _with_body(operation: Operation) -> Sequence[RefusalCode]:
    return WITH_BODY if operation.body_type == JSON else WITH_FORM


def render_responses(description: DialectDescription, route: AnyRoute, operation: Operation, schemas: Schemas) -> Json:
    """Returns the responses of an operation by status, with an example of every success and every refusal."""
    answers: dict[str, Json] = {}
    polled = (UNCHANGED,) if is_polled(route) else ()
    for success in (*operation.successes, *polled):
        rendered = _render_success(description, success, schemas)
        if is_polled(route):
            rendered["headers"] |= render_headers({"ETag": TAG, "Cache-Control": "private, no-cache"})
        if is_repeatable(route):
            rendered["headers"] |= render_headers({"Idempotent-Replayed": "true"})
        _merge(answers, int(success.status), rendered)
    for status, examples in _refusals(description, route, operation).items():
        type_ = description.refusals.get(HTTPStatus(status), description.refusal)
        _merge(answers, status, _render_refusals(status, examples, schemas.of(type_)))
    return dict(sorted(answers.items()))


def _refusals(
    description: DialectDescription, route: AnyRoute, operation: Operation
) -> Mapping[int, dict[str, tuple[str, Response]]]:
    """Returns by status: code, the text about it, and the response."""
    found: dict[int, dict[str, tuple[str, Response]]] = {}
    for code in codes_of(description, route, operation):
        response = sample_refusal(description, route, code)
        found.setdefault(response.status_code, {})[code] = (sample_of(description, code).message, response)
    for status in FAILURES:
        found[int(status)] = {status.name.lower(): (status.description, sample_failure(description, route, status))}
    return found


def _render_refusals(status: int, examples: Mapping[str, tuple[str, Response]], schema: Json) -> Json:
    headers: dict[str, str] = {}
    for _, response in examples.values():
        headers |= {name: str(value) for name, value in response.headers.items() if name != "Content-Type"}
    bodies = {code: _body(response) for code, (_, response) in examples.items()}
    rendered = {code: {"summary": text, "value": bodies[code]} for code, (text, _) in examples.items()}
    return {
        "description": _summary(status, bodies.values()),
        "headers": render_headers(headers),
        "content": {JSON: {"schema": schema, "examples": rendered}},
    }


def _render_success(description: DialectDescription, success: Success, schemas: Schemas) -> Json:
    headers = render_headers({**answer_headers(description), **success.headers})
    rendered: Json = {"description": success.text, "headers": headers}
    if success.schema is not None:
        examples = {name: {"value": value} for name, value in success.examples.items()}
        rendered["content"] = {success.content_type: {"schema": schemas.of(success.schema), "examples": examples}}
    return rendered


def _merge(answers: dict[str, Json], status: int, answer: Json) -> None:
    """Adds a response to those of its status, which may have several content types."""
    there = answers.setdefault(str(status), answer)
    if there is not answer:
        there["description"] += f" {answer['description']}"
        there["headers"] |= answer["headers"]
        there.setdefault("content", {}).update(answer.get("content", {}))


def _summary(status: int, bodies: Iterable[Any]) -> str:
    """Returns the status in words, and the codes that the bodies bear, wherever the dialect puts them."""
    found = (str(one) for body in bodies for one in (body.get("code"), _code_of(body.get("error"))) if one)
    codes = ", ".join(f"`{code}`" for code in dict.fromkeys(found))
    return f"{HTTPStatus(status).phrase}: {codes}" if codes else HTTPStatus(status).phrase


def _code_of(error: object) -> object:
    return error.get("code") if isinstance(error, dict) else None


def _body(response: Response) -> object:
    body = response.body
    return json.loads(body) if isinstance(body, str | bytes) else body


def each_schema(description: DialectDescription) -> Iterator[Any]:
    """Yields every type of a dialect that has a schema."""
    yield from (description.refusal, *description.refusals.values())
    for operation in description.operations.values():
        yield operation.query
        if operation.body is not None:
            yield operation.body
        yield from (one.schema for one in operation.other_bodies)
        yield from (one.schema for one in operation.callbacks.values())
        yield from (one.schema for one in operation.successes if one.schema is not None)


def render_headers(examples: Mapping[str, str]) -> Json:
    """Returns what is told of headers, by name. Raises KeyError for one that is not described."""
    return {name: _render_header(name, text) for name, text in examples.items()}


def _render_header(name: str, example: str) -> Json:
    if name in _NUMBER_HEADERS:
        return {"description": HEADER_TEXTS[name], "schema": {"type": "integer", "minimum": 0}, "example": int(example)}
    return {"description": HEADER_TEXTS[name], "schema": {"type": "string"}, "example": example}
