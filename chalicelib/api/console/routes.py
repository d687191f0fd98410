"""`GET /console` and what its page loads: two scripts and a style sheet. Nothing in them is secret; none needs a key.

The policy lets the page run its own scripts, ask this API and the bucket, and make no markup of any text (Trusted
Types); no other page may frame it.
"""

from collections.abc import Callable, Mapping
from http import HTTPStatus

from chalice.app import Blueprint, Request, Response

from chalicelib.api.console.files import LANGUAGES, files_by_name, page_of, preferred_language
from chalicelib.api.http.request import find_header

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self' {bucket}; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; "
    "trusted-types 'none'"
)
FOREVER = "public, max-age=31536000, immutable"

_READ = ["GET", "HEAD"]


def console_routes(bucket_origin: Callable[[], str]) -> Blueprint:
    """Returns the routes; `bucket_origin` tells where signed URLs lead, to which the page sends files."""
    blueprint = Blueprint(__name__)

    @blueprint.route("/console", methods=_READ, content_types=[])
    def console() -> Response:
        request = blueprint.current_request
        headers: dict[str, str | list[str]] = {
            "Content-Type": "text/html; charset=utf-8",
            "Content-Security-Policy": POLICY.format(bucket=bucket_origin()),
            "Referrer-Policy": "no-referrer",
            "Cache-Control": "no-cache",
            "Vary": "Accept-Language",
        }
        return Response(page_of(_language(request)), headers=headers)

    @blueprint.route("/console/{file}", methods=_READ, content_types=[])
    def console_file(file: str) -> Response:
        found = files_by_name().get(file)
        if found is None:
            error = {"error": {"code": "NOT_FOUND", "message": "There is nothing at this path."}}
            return Response(error, status_code=HTTPStatus.NOT_FOUND.value)
        return Response(found.text, {"Content-Type": f"{found.content_type}; charset=utf-8", "Cache-Control": FOREVER})

    return blueprint


def _language(request: Request) -> str:
    query: Mapping[str, str] = request.query_params or {}
    stated = query.get("locale", "")
    return stated if stated in LANGUAGES else preferred_language(find_header(request, ("Accept-Language",)) or "")
