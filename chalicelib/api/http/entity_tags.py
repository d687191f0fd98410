"""Entity tags of answers that callers ask for again and again: who has the same answer already is told so, by a 304.

In comes a response with a JSON object, out goes the same with an `ETag`, or a 304 without a body where `If-None-Match`
names it (RFC 9110, section 13.1.2). Tags are weak: links that are signed anew in every answer, and estimates, are no
change. Because links end, so do tags of answers with links in them: nobody keeps a link beyond half of its time.
"""

import hashlib
from typing import Any

import orjson
from chalice.app import Response

from chalicelib.api.http.call import Call
from chalicelib.api.http.request import find_header

LINKS = frozenset({"upload", "url"})
"""Names of links that are signed, beside those that begin with `_` and end with `_url`."""
PASSING = frozenset({"_upload_expires_at", "upload_expires_at", "rows_per_second", "remaining_s"})
"""Names of what is different in every answer and no reason to look at it again."""


def with_entity_tag(response: Response, call: Call) -> Response:
    """Returns the response with its tag, or a 304 where the caller has it already. Answers other than a 200 with an
    object stay as they are.
    """
    if response.status_code != 200 or not isinstance(response.body, dict):
        return response
    headers: dict[str, str | list[str]] = {"Cache-Control": "private, no-cache"}
    tag = headers["ETag"] = _tag_of(response.body, call)
    if _has(find_header(call.request, ("If-None-Match",)) or "", tag):
        return Response("", headers, status_code=304)
    response.headers.update(headers)
    return response


def _tag_of(body: dict[str, Any], call: Call) -> str:
    links: list[str] = []
    stable = orjson.dumps(_without_passing(body, links), option=orjson.OPT_SORT_KEYS, default=str)
    limits = call.context.limits
    kept_s = min(limits.upload_link_s, limits.download_window_s) // 2
    period = call.context.clock() // max(kept_s, 1) if links else 0
    return f'W/"{hashlib.sha256(stable + b"%d" % period).hexdigest()[:32]}"'


def _without_passing(value: Any, links: list[str]) -> Any:
    """Returns the value without what passes, and adds the names of the links that were in it."""
    if isinstance(value, list | tuple):
        return [_without_passing(one, links) for one in value]
    if not isinstance(value, dict):
        return value
    links += [name for name, one in value.items() if one and _is_link(name)]
    return {
        name: bool(one) if _is_link(name) else _without_passing(one, links)
        for name, one in value.items()
        if name not in PASSING
    }


def _is_link(name: str) -> bool:
    return name in LINKS or (name.startswith("_") and name.endswith("_url"))


def _has(given: str, tag: str) -> bool:
    """Returns whether `If-None-Match` names the tag; weak tags are compared without their sign."""
    names = [one.strip().removeprefix("W/") for one in given.split(",")]
    return "*" in names or tag.removeprefix("W/") in names
