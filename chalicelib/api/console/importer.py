"""`GET /importer/{session_id}`, the page that a host embeds, and `/sluice-importer.js`, the element that does it.

The page is the console's own modules, with another beginning. Who may frame it, its session says: a browser shows it
in no other page. The one-time token stands in the fragment, which is sent to no server.
"""

from collections.abc import Callable, Mapping
from html import escape
from http import HTTPStatus

from chalice.app import Blueprint, Request, Response

from chalicelib.api.console.files import IMPORTER, LANGUAGES, element, page_of
from chalicelib.api.console.routes import page_headers, preferred_by
from chalicelib.errors import Retryable
from chalicelib.model.import_sessions import ImportSession

ELEMENT_KEPT_S = 3600
"""How long browsers keep the element, whose address stays as it is."""
THEMES = ("light", "dark")

_READ = ["GET", "HEAD"]

FindSession = Callable[[str], ImportSession | None]


def importer_routes(bucket_origin: Callable[[], str], find_session: FindSession) -> Blueprint:
    """Returns the routes; `find_session` takes whatever stands in the place of a session's id."""
    blueprint = Blueprint(__name__)

    @blueprint.route("/importer/{session_id}", methods=_READ, content_types=[])
    def importer(session_id: str) -> Response:
        try:
            session = find_session(session_id)
        except Retryable:
            return _failure(HTTPStatus.SERVICE_UNAVAILABLE, "Try again in a moment.", {"Retry-After": "1"})
        if session is None:
            return _failure(HTTPStatus.NOT_FOUND, "There is no such import session.", {})
        request = blueprint.current_request
        return Response(_page(session, request), headers=page_headers(bucket_origin(), session.origin))

    @blueprint.route("/sluice-importer.js", methods=_READ, content_types=[])
    def importer_element() -> Response:
        kept = f"public, max-age={ELEMENT_KEPT_S}"
        return Response(element(), {"Content-Type": "text/javascript; charset=utf-8", "Cache-Control": kept})

    return blueprint


def _page(session: ImportSession, request: Request) -> str:
    """An ended session has its page, too: it says so, where its host looks."""
    query: Mapping[str, str] = request.query_params or {}
    language = query.get("locale", "")
    if language not in LANGUAGES:
        language = session.locale or preferred_by(request)
    theme = query.get("theme", "")
    given = {
        "session": session.session_id,
        "host": session.origin,
        "theme": theme if theme in THEMES else "",
    }
    page = page_of(IMPORTER, language)
    for name, value in given.items():
        page = page.replace(f"{{{name}}}", escape(value))
    return page


def _failure(status: HTTPStatus, message: str, headers: dict[str, str | list[str]]) -> Response:
    return Response({"error": {"code": status.name, "message": message}}, headers, status_code=status.value)
