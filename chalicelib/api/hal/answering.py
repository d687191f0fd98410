"""How Talkdesk is asked and how it speaks: a bearer token, an `Accept` that is kept, HAL documents with whole links."""

from collections.abc import Callable
from functools import wraps

import orjson
from chalice.app import Request, Response

from chalicelib.api.answering import Call, Voice, bearer_secret
from chalicelib.api.fitting import Document, fitted
from chalicelib.api.hal import errors
from chalicelib.api.hal.responses import Answer, with_base
from chalicelib.api.serving import find_header
from chalicelib.errors import Refused

HAL, JSON, CSV = "application/hal+json", "application/json", "text/csv"

View = Callable[[Call], Answer | Document]

Base = Callable[[Request], str]
"""The root of the public address, without a slash at its end."""


def voice(base: Base) -> Voice[Answer | Document]:
    def answer(given: Answer | Document, call: Call) -> Response:
        if isinstance(given, Document):
            return fitted(given, call)
        content = orjson.dumps(with_base(given.body, base(call.request)))
        document = Document(content=content, content_type=_json_type(call.request), filename="answer.json")
        response = fitted(document, call)
        if response.status_code == 200:
            response.status_code = int(given.status)
        return response

    return Voice(
        find_secret=bearer_secret,
        answer=answer,
        refuse=errors.refused,
        unavailable=errors.unavailable,
        broken=errors.broken,
    )


def speaking(*offered: str) -> Callable[[View], View]:
    """The view, for callers who take one of these types. Others are told before anything is done: 406."""

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(call: Call) -> Answer | Document:
            if not any(accepts(call.request, one) for one in offered):
                message = f"This path answers {' or '.join(offered)} only."
                raise Refused("not_acceptable", message, param="Accept")
            return view(call)

        return guarded

    return guard


def accepts(request: Request, media_type: str) -> bool:
    """Whether the header `Accept` takes this type (RFC 9110, section 12.5.1): the most specific range decides."""
    header = find_header(request, ("Accept",))
    if header is None or not header.strip():
        return True
    ranges = dict(_range_of(part) for part in header.split(",") if part.strip())
    group = media_type.partition("/")[0]
    quality = next((ranges[one] for one in (media_type, f"{group}/*", "*/*") if one in ranges), 0.0)
    return quality > 0


def _range_of(part: str) -> tuple[str, float]:
    """A media range and its weight; one that cannot be read counts as whole."""
    media_range, *parameters = (word.strip().lower() for word in part.split(";"))
    weight = next((word[2:] for word in parameters if word.startswith("q=")), "1")
    try:
        return media_range, float(weight)
    except ValueError:
        return media_range, 1.0


def _json_type(request: Request) -> str:
    """Plain JSON to whoever does not name HAL."""
    return HAL if HAL in (find_header(request, ("Accept",)) or HAL).lower() else JSON
