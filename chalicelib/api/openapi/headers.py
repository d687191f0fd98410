"""What the headers of answers mean. The answers say which there are: a header without words here is refused."""

from collections.abc import Mapping

from chalicelib.api.openapi.operation import Json

TEXTS = {
    "X-Request-Id": "Names this request; tell it when you ask for help.",
    "X-RateLimit-Limit": "Requests of this key in a window.",
    "X-RateLimit-Remaining": "What is left of them.",
    "X-RateLimit-Reset": "When the window ends, in epoch seconds.",
    "X-RateLimit-Window": "Seconds of a window.",
    "X-RateLimit-Policy": "Requests, and the seconds of the window they count in.",
    "Retry-After": "Seconds after which it makes sense to ask again.",
    "WWW-Authenticate": "How to show a key.",
    "Idempotent-Replayed": "Present where the request was made before: this is the answer it got then.",
    "Allow": "The methods of this path.",
    "Location": "Where the identical body lies; the URL is signed.",
    "Content-Disposition": "The name to save it under.",
    "X-Total-Matching": "Records that matched, before the limit.",
    "X-Truncated-Resources": "Resources of which more records match than are exported.",
    "Cache-Control": "How long the answer may be kept.",
    "Pragma": "As Cache-Control, for HTTP 1.0.",
}

_NUMBERS = frozenset(
    {
        "X-RateLimit-Limit",
        "X-RateLimit-Remaining",
        "X-RateLimit-Reset",
        "X-RateLimit-Window",
        "Retry-After",
        "X-Total-Matching",
    }
)


def render_headers(examples: Mapping[str, str]) -> Json:
    """Raises KeyError for one that nobody described."""
    return {name: _render(name, text) for name, text in examples.items()}


def _render(name: str, example: str) -> Json:
    if name in _NUMBERS:
        return {"description": TEXTS[name], "schema": {"type": "integer", "minimum": 0}, "example": int(example)}
    return {"description": TEXTS[name], "schema": {"type": "string"}, "example": example}
