"""How Talkdesk is asked and how it answers: a bearer token, an `Accept` that is obeyed, HAL documents with whole
links.
"""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus

import orjson
from chalice.app import Request, Response

from chalicelib.api.http.request import BaseUrl, find_header
from chalicelib.api.http.response import Document, JsonObject, sized_response
from chalicelib.api.http.router import Call, DialectAdapter, bearer_secret
from chalicelib.api.talkdesk import errors
from chalicelib.api.talkdesk.content_negotiation import HAL_FORMS, accepts, document_type
from chalicelib.api.talkdesk.responses import TalkdeskAnswer, with_base
from chalicelib.errors import Refused

TalkdeskView = Callable[[Call], TalkdeskAnswer | Document]


def make_adapter(base: BaseUrl) -> DialectAdapter[TalkdeskAnswer | Document]:
    """Returns how Talkdesk is asked and how it answers; `base` tells the URL that links begin with."""

    def answer(given: TalkdeskAnswer | Document, call: Call) -> Response:
        if isinstance(given, Document):
            return sized_response(given, call)
        media_type = document_type(call.request)
        content = orjson.dumps(render_document(given, base(call.request), media_type))
        response = sized_response(Document(content=content, content_type=media_type, filename="answer.json"), call)
        if response.status_code == HTTPStatus.OK:
            response.status_code = int(given.status)
        if response.status_code == HTTPStatus.CREATED:
            response.headers["Location"] = base(call.request) + given.location
        return response

    return DialectAdapter(
        find_secret=_find_token,
        render_answer=answer,
        render_refusal=errors.render_refusal,
        render_unavailable=errors.render_unavailable,
        render_internal_error=errors.render_internal_error,
    )


def _find_token(request: Request) -> str | None:
    """Returns the token, or None without the header. Raises Refused `malformed_key` for what carries no token."""
    header = (find_header(request, ("Authorization",)) or "").strip()
    token = bearer_secret(request)
    if header and not token:
        raise Refused("malformed_key", "The header Authorization holds no bearer token.")
    return token


def requires_accept(*offered: str) -> Callable[[TalkdeskView], TalkdeskView]:
    """Returns a decorator for views that answer these types only. Callers who take none of them are refused with 406
    before anything is done.
    """

    def guard(view: TalkdeskView) -> TalkdeskView:
        @wraps(view)
        def guarded(call: Call) -> TalkdeskAnswer | Document:
            if not any(accepts(call.request, one) for one in offered):
                message = f"This path answers {' or '.join(offered)} only."
                raise Refused("not_acceptable", message, param="Accept")
            return view(call)

        return guarded

    return guard


def render_document(answer: TalkdeskAnswer, base: str, media_type: str) -> JsonObject:
    """Returns the document with whole links. What may be done next stands in HAL-FORMS only, and there always."""
    forms = {"_templates": answer.templates} if media_type == HAL_FORMS else {}
    return with_base({**answer.body, **forms}, base)
