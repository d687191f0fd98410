"""Lists of texts: a JSON array, or one cell with its entries separated by commas.

A cell without a comma is separated by semicolons, as some CRM exports do; a cell that is a JSON array is read as one.
Entries are trimmed, empty ones dropped, repeated ones kept once, in order of first appearance.
"""

from collections.abc import Iterable

import orjson

from chalicelib.model.limits import Limits
from chalicelib.model.problem_codes import ProblemCode
from chalicelib.model.resources import Field
from chalicelib.model.rows import Value
from chalicelib.rules.values.texts import is_storable
from chalicelib.rules.values.unreadable import Reader, Unreadable, as_text

_EXPECTED = "a list of texts"


def list_reader(field: Field, limits: Limits) -> Reader:
    longest = field.max_length or limits.text_characters

    def read(value: object) -> Value:
        found = dict.fromkeys(map(str.strip, _entries(value)))
        if "" in found:
            del found[""]
        if len(found) > limits.values:
            raise Unreadable(ProblemCode.TOO_MANY_VALUES, limit=limits.values)
        if not (isinstance(value, str) and len(value) <= longest and value.isprintable()):
            _check_entries(found, longest)
        return [*found]

    return read


def _check_entries(entries: Iterable[str], longest: int) -> None:
    for entry in entries:
        if len(entry) > longest:
            raise Unreadable(ProblemCode.TOO_LONG, limit=longest)
        if not is_storable(entry):
            raise Unreadable(ProblemCode.INVALID_TEXT)


def _entries(value: object) -> list[str]:
    if isinstance(value, list):
        return [as_text("" if entry is None else entry, _EXPECTED) for entry in value]
    text = as_text(value, _EXPECTED)
    if not text or text.isspace():
        raise Unreadable(ProblemCode.REQUIRED)
    if "[" in text and (entries := _find_array(text)) is not None:
        return _entries(entries)
    return text.split("," if "," in text else ";")


def _find_array(text: str) -> list[object] | None:
    """None where the text only looks like one: `[draft],urgent` are two tags."""
    try:
        found = orjson.loads(text)
    except orjson.JSONDecodeError:
        return None
    return found if isinstance(found, list) else None
