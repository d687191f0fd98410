"""Lists of texts: a JSON array, or one cell with its entries.

A cell is split at the separator that is stated, or else at the first of these that stands in it: line end, comma,
semicolon, pipe. Where a cell holds one entry a line, a separator at the end of a line belongs to no entry. An entry in
double quotes keeps the separators in it. A cell that is a JSON array is read as one. Entries are trimmed, empty ones
dropped, repeated ones kept once, in order of first appearance. What has separators only gives no list at all, other
than an array that is empty.
"""

import re
from collections.abc import Iterable
from functools import cache

import orjson

from chalicelib.model.invisible_characters import trimmed
from chalicelib.model.limits import Limits
from chalicelib.model.notations import Notation
from chalicelib.model.problem_codes import ProblemCode
from chalicelib.model.resources import Field
from chalicelib.model.rows import Value
from chalicelib.schema.types.text import is_storable
from chalicelib.schema.types.value_reader import InvalidValue, ValueReader, as_text

_EXPECTED = "a list of texts"
LINE_END = "\n"
_ON_ONE_LINE = (",", ";", "|")
_SIGNS = " \t\r\n,;|"
_LINE_ENDS = re.compile(r"\r\n|[\r\n\u2028\u2029]")
_QUOTED = re.compile(r'"(?:[^"]|"")*"')


def list_reader(field: Field, limits: Limits, notation: Notation) -> ValueReader:
    """Returns the reader of a field of lists."""
    longest = field.max_length or limits.text_characters
    separator = notation.list_separator

    def read(value: object) -> Value:
        given = _entries(value, separator)
        found = dict.fromkeys(map(trimmed, given))
        if "" in found:
            del found[""]
        if given and not found:
            raise InvalidValue(ProblemCode.REQUIRED)
        if len(found) > limits.values:
            raise InvalidValue(ProblemCode.TOO_MANY_VALUES, limit=limits.values)
        if not (isinstance(value, str) and len(value) <= longest and value.isprintable()):
            _check_entries(found, longest)
        return [*found]

    return read


def _check_entries(entries: Iterable[str], longest: int) -> None:
    for entry in entries:
        if len(entry) > longest:
            raise InvalidValue(ProblemCode.TOO_LONG, limit=longest)
        if not is_storable(entry):
            raise InvalidValue(ProblemCode.INVALID_TEXT)


def _entries(value: object, separator: str | None) -> list[str]:
    if isinstance(value, list):
        return [as_text("" if entry is None else entry, _EXPECTED) for entry in value]
    text = trimmed(as_text(value, _EXPECTED))
    if not text.strip(_SIGNS):
        raise InvalidValue(ProblemCode.REQUIRED)
    if "[" in text and (entries := _find_array(text)) is not None:
        return _entries(entries, separator)
    return _split(_LINE_ENDS.sub(LINE_END, text), separator)


def _split(text: str, separator: str | None) -> list[str]:
    if '"' in text:
        sign = separator or _find_separator(_QUOTED.sub("", text))
        entries = [_unquoted(*found.groups()) for found in _entry(sign).finditer(text)]
    else:
        sign = separator or _find_separator(text)
        entries = text.split(sign)
    if sign != LINE_END or separator:
        return entries
    return [entry.rstrip(_SIGNS) for entry in entries]


def _find_separator(text: str) -> str:
    """The comma where there is none of them: then there is one entry."""
    return next((sign for sign in (LINE_END, *_ON_ONE_LINE) if sign in text), ",")


@cache
def _entry(separator: str) -> re.Pattern[str]:
    """An entry in quotes, or as it is, up to the separator behind it or to the end."""
    sign = re.escape(separator)
    return re.compile(rf'\s*"((?:[^"]++|"")*+)"\s*(?:{sign}|\Z)|([^{sign}]*)(?:{sign}|\Z)')


def _unquoted(quoted: str | None, plain: str | None) -> str:
    return (plain or "") if quoted is None else quoted.replace('""', '"')


def _find_array(text: str) -> list[object] | None:
    """None where the text only looks like one: `[draft],urgent` are two tags."""
    try:
        found = orjson.loads(text)
    except orjson.JSONDecodeError:
        return None
    return found if isinstance(found, list) else None
