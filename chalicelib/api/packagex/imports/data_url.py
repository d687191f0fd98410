"""A base64 data URL (RFC 2397), as `data` of a sync import: what it holds, and which type it says it has.

It is apart from the requests because it is a format of its own, with limits and faults of its own.
"""

import re
from base64 import b64decode

from chalicelib.errors import Refused
from chalicelib.imports.create import InlineSource

LARGER = "Use upload_mode async and PUT the file to its _upload_url."
"""What to do with data that are too many bytes, or take too long to read."""

_HEAD = re.compile(r"data:(?P<type>[^,]{0,255});base64,", re.IGNORECASE)
_SPACE = re.compile(r"\s+")


def read_data_url(url: str, *, limit_bytes: int, advice: str = LARGER) -> InlineSource:
    """Returns what the URL holds. `advice` says what to do with more bytes than the limit. Raises Refused
    `invalid_parameter` for what is no such URL, and `too_large` before anything is decoded.
    """
    head = _HEAD.match(url)
    if head is None:
        raise _malformed("Must be an array of objects or a base64 data URL: data:text/csv;base64,….")
    text = _SPACE.sub("", url[head.end() :]).rstrip("=")
    if len(text) * 3 // 4 > limit_bytes:
        message = f"The limit is {limit_bytes} bytes. {advice}"
        raise Refused("too_large", message, param="data", limit_bytes=limit_bytes)
    return InlineSource(content=_decoded(text), content_type=head["type"].strip(), advice=advice)


def _decoded(text: str) -> bytes:
    """Returns the bytes; padding may be missing, as many tools leave it out."""
    try:
        return b64decode(text + "=" * (-len(text) % 4), validate=True)
    except ValueError as error:
        raise _malformed("The base64 of the data URL is damaged.") from error


def _malformed(message: str) -> Refused:
    return Refused("invalid_parameter", message, param="data")
