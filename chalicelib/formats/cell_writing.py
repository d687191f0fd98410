"""Values of records as the texts of cells, so that the reader of their type takes them for the same values again."""

import re
from decimal import Decimal

import orjson

_NEEDS_JSON = re.compile(r"[,;\[]|^\s|\s$|^$")
"""An entry of a list that could not be told from its neighbours, or would be trimmed."""


def to_cell(value: object) -> str:
    """Null is nothing, lists are separated by commas, maps are JSON."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, list) and not any(_NEEDS_JSON.search(str(entry)) for entry in value):
        return ",".join(map(str, value))
    return to_json(value).decode()


def to_json(value: object) -> bytes:
    return orjson.dumps(value, default=_exact)


def _exact(value: object) -> str:
    if isinstance(value, Decimal):
        return str(value)
    raise TypeError(f"no JSON value: {type(value).__name__}")
