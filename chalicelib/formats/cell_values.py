"""Turns the values of records into the texts of cells, so that the reader of their type reads the same values again."""

import re
from collections.abc import Mapping
from decimal import Decimal

import orjson

_UNCLEAR = re.compile(r"[;|\"\[\r\n\u2028\u2029]|,[\s,]|\s,")
"""In a list between commas: an entry that could not be told from its neighbours, or would be trimmed."""


def to_cell(value: object) -> str:
    """Returns the text of a value: nothing for null, entries with commas between them for a list where they can be told
    apart again, and JSON for everything else."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, list):
        text = ",".join(map(str, value))
        if _is_clear(text, len(value)):
            return text
    return to_json(value).decode()


def _is_clear(text: str, entries: int) -> bool:
    """Returns whether a text with commas has exactly this many entries, which come out as they were when it is read."""
    return not entries or (text.count(",") == entries - 1 and not _UNCLEAR.search(f",{text},"))


def to_json(value: object) -> bytes:
    """Returns the value as JSON, in UTF-8; decimals become texts."""
    return orjson.dumps(value, json_default)


def json_default(value: object) -> object:
    """Returns what orjson does not know as something that it knows. Raises TypeError for all that is no value of a
    record."""
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"no JSON value: {type(value).__name__}")
