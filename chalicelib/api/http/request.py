"""What dialects need of a request that Chalice does not give: decoded path parameters, the raw body as text and as
JSON, single query values, the request's id, the base URL.

Whatever is wrong with a request raises Refused; how that looks is the dialect's.
"""

from collections.abc import Callable, Iterable, Mapping
from urllib.parse import unquote

from chalice.app import Request

from chalicelib.api.http.strict_json import parse_strictly
from chalicelib.errors import NotFound, Refused

BaseUrl = Callable[[Request], str]
"""Tells the root of the public address, without a slash at its end."""

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
"""What API Gateway leaves of bytes that are not UTF-8."""


def path_values(given: Mapping[str, str]) -> dict[str, str]:
    """Returns the path parameters decoded; API Gateway hands them on as they were sent. Raises NotFound for what is not
    UTF-8.
    """
    try:
        return {name: unquote(value, errors="strict") for name, value in given.items()}
    except UnicodeDecodeError as error:
        raise NotFound("path_not_found", "The path is not valid UTF-8.") from error


def query_values(request: Request) -> dict[str, str]:
    """Returns the query parameters by name. Raises Refused `invalid_parameter` for one that is given twice."""
    given = request.query_params
    if given is None:
        return {}
    twice = next((name for name in given if len(given.getlist(name)) > 1), None)
    if twice is not None:
        raise Refused("invalid_parameter", "Given more than once.", param=twice)
    return {name: given[name] for name in given}


def find_header(request: Request, names: Iterable[str]) -> str | None:
    """Returns the first of these headers that is present, or None."""
    return next((str(request.headers[name]) for name in names if name in request.headers), None)


def body_text(request: Request) -> str:
    """Returns the body. Raises Refused `invalid_encoding` unless it is UTF-8: replacement characters that were not
    escaped are the mark of text that was not.
    """
    try:
        raw = request.raw_body
        text = raw if isinstance(raw, str) else raw.decode("utf-8-sig")
    except UnicodeError as error:
        raise _not_utf8() from error
    if REPLACEMENT in text:
        raise _not_utf8()
    return text


def body_json(request: Request, *, depth: int) -> object:
    """Returns the body as JSON, nested at most `depth` deep, whatever case its content type is written in. Raises
    Refused.
    """
    _check_type(request)
    text = body_text(request)
    if not text.strip():
        raise Refused("invalid_json", "The body is empty; send a JSON object.")
    try:
        value = parse_strictly(text)
    except RecursionError as error:
        raise _too_deep(depth) from error
    _check_depth(value, depth)
    return value


def request_id(request: Request) -> str:
    """Returns API Gateway's id of the request, or Lambda's where there is none."""
    known = request.context.get("requestId") or getattr(request.lambda_context, "aws_request_id", None)
    return str(known or "")


def request_path(request: Request) -> str:
    """Returns the path as the documents have it, without the stage that API Gateway may put before it."""
    return str(request.to_original_event().get("path") or request.context.get("path") or request.path)


def base_url(request: Request) -> str:
    """Returns the URL at which the caller reached the service, without the path: links in answers begin with it."""
    scheme = str(request.headers.get("x-forwarded-proto", "https")).partition(",")[0].strip()
    host = str(request.headers.get("host", "")).strip()
    stage = str(request.context.get("path") or "").removesuffix(request_path(request))
    return f"{scheme}://{host}{stage}"


def _check_type(request: Request) -> None:
    media_type = str(request.headers.get("content-type", "")).partition(";")[0].strip().lower()
    if media_type and media_type != "application/json" and not media_type.endswith("+json"):
        message = f"Send JSON, with Content-Type: application/json, not {media_type}."
        raise Refused("unsupported_media_type", message, param="Content-Type")
    encoding = str(request.headers.get("content-encoding", "identity")).strip().lower()
    if encoding != "identity":
        message = f"Send the body as it is, not as {encoding}."
        raise Refused("unsupported_media_type", message, param="Content-Encoding")


def _check_depth(value: object, depth: int) -> None:
    """Raises Refused for deeper nesting. It looks level by level, so that no nesting costs more than its size."""
    level = [value]
    for _ in range(depth):
        level = [inner for outer in level for inner in _entries(outer) if isinstance(inner, dict | list)]
        if not level:
            return
    raise _too_deep(depth)


def _entries(value: object) -> Iterable[object]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()


def _not_utf8() -> Refused:
    return Refused(
        "invalid_encoding", "The body is not UTF-8. A replacement character that is meant is written \\ufffd."
    )


def _too_deep(depth: int) -> Refused:
    return Refused("nested_too_deep", f"The body nests deeper than {depth} levels.", limit=depth)
