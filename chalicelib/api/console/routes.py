"""`GET /console` and what its page loads: two scripts and a style sheet. Nothing in them is secret; none needs a key.

The policy lets the page run its own scripts, ask this API and the bucket, and make no markup of any text (Trusted
Types); no other page may frame it.
"""

from collections.abc import Callable, Mapping
from http import HTTPStatus

from chalice.app import Blueprint, Request, Response

from chalicelib.api.console.files import CONSOLE, LANGUAGES, files_by_name, page_of, preferred_language
from chalicelib.api.http.request import find_header

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self' {bucket}; "
    "base-uri 'none'; form-action 'none'; frame-ancestors {framed_by}; require-trusted-types-for 'script'; "
    "trusted-types 'none'"
)
FOREVER = "public, max-age=31536000, immutable"

_READ = ["GET", "HEAD"]


def console_routes(bucket_origin: Callable[[], str]) -> Blueprint:
    """Returns the routes; `bucket_origin` tells where signed URLs lead, to which the page sends files."""
    blueprint = Blueprint(__name__)

    @blueprint.route("/console", methods=_READ, content_types=[])
    def console() -> Response:
        page = page_of(CONSOLE, preferred_by(blueprint.current_request))
        return Response(page, headers=page_headers(bucket_origin(), framed_by="'none'"))

    @blueprint.route("/console/{file}", methods=_READ, content_types=[])
    def console_file(file: str) -> Response:
        found = files_by_name().get(file)
        if found is None:
            error = {"error": {"code": "NOT_FOUND", "message": "There is nothing at this path."}}
            return Response(error, status_code=HTTPStatus.NOT_FOUND.value)
        return Response(found.text, {"Content-Type": f"{found.content_type}; charset=utf-8", "Cache-Control": FOREVER})

    return blueprint


def page_headers(bucket: str, framed_by: str) -> dict[str, str | list[str]]:
    """Returns the headers of a page that sends files to a bucket, and may be framed by pages of one origin."""
    return {
        "Content-Type": "text/html; charset=utf-8",
        "Content-Security-Policy": POLICY.format(bucket=bucket, framed_by=framed_by),
        "Referrer-Policy": "no-referrer",
        "Cache-Control": "no-cache",
        "Vary": "Accept-Language",
    }


def preferred_by(request: Request) -> str:
    """Returns the language that a request states, or that its browser likes best."""
    query: Mapping[str, str] = request.query_params or {}
    stated = query.get("locale", "")
    return stated if stated in LANGUAGES else preferred_language(find_header(request, ("Accept-Language",)) or "")
