"""Cursors: where a listing goes on, as an opaque text that is good for this listing only.

A cursor holds no secret; the listing that it continues is always the caller's own.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from hashlib import blake2b
from typing import Any

import orjson

from chalicelib.errors import Refused

CURSOR_CHARACTERS = 1_024
"""The longest cursor that is read; ours have a hundred, and DynamoDB's sort keys end at 1,024 bytes."""


def to_cursor(listing: Sequence[str], place: Sequence[str | int]) -> str:
    """Returns the cursor that continues a listing at a place. `listing` is all that makes it the listing it is."""
    return urlsafe_b64encode(orjson.dumps([_digest_of(listing), *place])).decode().rstrip("=")


def from_cursor(listing: Sequence[str], cursor: str, *, param: str = "cursor") -> list[Any]:
    """Returns the place that a cursor means, as JSON values. Raises Refused `invalid_cursor` for anything that
    `to_cursor` did not make for this listing; `param` is where the caller gave it.
    """
    try:
        if len(cursor) > CURSOR_CHARACTERS:
            raise invalid_cursor(cursor, param)
        name, *place = orjson.loads(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, TypeError):
        raise invalid_cursor(cursor, param) from None
    if name != _digest_of(listing):
        raise invalid_cursor(cursor, param)
    return list(place)


def invalid_cursor(cursor: str, param: str = "cursor") -> Refused:
    """Returns the refusal of a cursor."""
    text = f"The cursor {cursor[:40]!r} does not belong to this listing; start again without one."
    return Refused("invalid_cursor", text, param=param)


def _digest_of(listing: Sequence[str]) -> str:
    return blake2b("\x1f".join(listing).encode(), digest_size=6).hexdigest()
