"""What callers give to be kept: names, short texts and options, how long they may be and what they may hold."""

from typing import Any

import orjson

from chalicelib.errors import Refused

NAME_CHARACTERS = (3, 127)
"""How long an import's name may be (PackageX, create import)."""

TEXT_CHARACTERS = 255
"""How long file names, headers, types and locations may be."""


def checked_name(name: str | None) -> None:
    """Raises Refused `invalid_parameter` for a name that is too short, too long, or cannot be shown."""
    shortest, longest = NAME_CHARACTERS
    if name is not None and not shortest <= len(checked_text(name, param="name").strip()) <= longest:
        raise Refused("invalid_parameter", f"A name has {shortest} to {longest} characters.", param="name")


def checked_text(text: str, *, param: str) -> str:
    """Returns the text. Raises Refused `invalid_parameter` for what cannot be stored or shown: control characters, lone
    surrogates, more than a line.
    """
    if len(text) > TEXT_CHARACTERS:
        raise Refused("invalid_parameter", f"At most {TEXT_CHARACTERS} characters.", param=param)
    if any(ord(one) < 32 or ord(one) == 127 or "\ud800" <= one <= "\udfff" for one in text):
        raise Refused("invalid_parameter", "Control characters and lone surrogates are not allowed.", param=param)
    return text


def check_storable(options: dict[str, Any], limit_bytes: int, *, param: str) -> None:
    """Raises Refused `invalid_parameter` for options that cannot be stored: integers beyond 64 bits, lone surrogates,
    more bytes of JSON than the limit.
    """
    try:
        size_bytes = len(orjson.dumps(options))
    except (TypeError, ValueError) as error:
        raise Refused("invalid_parameter", f"Cannot be stored: {error}.", param=param) from error
    if size_bytes > limit_bytes:
        raise Refused("invalid_parameter", f"May have at most {limit_bytes} bytes.", param=param)
