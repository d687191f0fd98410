"""Reads the JSON of requests strictly: what has two meanings has none.

Python's reader takes constants that JSON lacks, and of equal names in one object the last, so that two readers of one
request may understand it differently (RFC 8259, section 4).
"""

import json
from collections import Counter
from typing import Any, NoReturn

from chalicelib.errors import Refused


def parse_strictly(text: str) -> object:
    """Returns the value of a JSON text. Raises Refused `invalid_json` for what is none, for a name that one object
    gives twice, and for numbers beyond 4,300 digits, which Python does not read; RecursionError for very deep nesting.
    """
    try:
        return json.loads(text, parse_constant=_refuse_constant, object_pairs_hook=_object_of)
    except json.JSONDecodeError as error:
        message = f"The body is not valid JSON: {error.msg}, line {error.lineno}, column {error.colno}."
        raise Refused("invalid_json", message, line=error.lineno, column=error.colno) from error
    except ValueError as error:
        raise Refused("invalid_json", "The body holds a number with too many digits.") from error


def _object_of(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        twice = Counter(name for name, _ in pairs).most_common(1)[0][0]
        raise Refused("invalid_json", f"The body gives {twice[:40]!r} more than once in one object.")
    return found


def _refuse_constant(name: str) -> NoReturn:
    raise Refused("invalid_json", f"The body is not valid JSON: {name} is no JSON value.")
