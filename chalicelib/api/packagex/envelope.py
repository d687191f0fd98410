"""The one envelope around everything that PackageX answers, and the two kinds of pages in it.

In comes what a view has to say, a `PackageXAnswer`; out goes a response in which every field of the envelope is
present, success or not.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus

from chalice.app import Response

from chalicelib.api.http.response import JsonObject
from chalicelib.api.packagex.schemas import CursorPage, NumberedPage


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageXAnswer:
    """What a view has to answer; the envelope is put around it."""

    message: str
    data: JsonObject | Sequence[JsonObject]
    status: HTTPStatus = HTTPStatus.OK
    location: str = ""
    """The path of what was created, where it can be looked at."""
    pagination: JsonObject | None = None
    links: Mapping[str, str] = field(default_factory=dict)
    """Fields of the data, by name, that are URLs of this service: their paths."""


def envelope(  # noqa: PLR0913 - the envelope has that many parts
    status: HTTPStatus,
    message: str,
    *,
    endpoint: str,
    data: JsonObject | Sequence[JsonObject] | None = None,
    code: str | None = None,
    errors: Sequence[str] = (),
    pagination: JsonObject | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Returns the one body that PackageX answers with, success or not. `events` is always empty."""
    body = {
        "message": message,
        "data": {} if data is None else data,
        "status": int(status),
        "errors": list(errors),
        "code": code,
        "events": [],
        "pagination": pagination,
        "endpoint": endpoint,
    }
    return Response(body, headers={"Content-Type": "application/json", **(headers or {})}, status_code=int(status))


def render_page(page: int, limit: int, total: int) -> NumberedPage:
    """Returns where a numbered page stands among all."""
    return {"limit": limit, "page": page, "has_more": page * limit < total, "total_count": total}


def render_cursor_page(limit: int, cursor: str | None) -> CursorPage:
    """Returns the place of a page that is led to by a cursor: it has no number, and there is no total."""
    return {"limit": limit, "page": None, "has_more": cursor is not None, "total_count": None, "cursor": cursor}
