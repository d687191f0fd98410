"""Tells what a source looks like, from its first characters: which of the formats that are read.

Content decides; the name only breaks ties, and a name that says otherwise becomes a finding. JSON is told by an object
that begins with a name and a colon, which no header does, and by all that is seen being JSON as far as it goes: `[1]
Acme,Steel`, `{id},name` and `[a,b]` are tables.
"""

import json
import re

import orjson

from chalicelib.errors import Refused
from chalicelib.formats.registry import Format

_BRACKETED_CELL = re.compile(r"(?:\[[^\[\]{}\"]*\]|\{[^{}\":]*\})\s*[^\s\]}]")
"""A line that goes on behind `[id]` or `{id}`, as only a header does."""

*_FIRST, _LAST = map(str.upper, Format)
_INSTEAD = f"Send {', '.join(_FIRST)} or {_LAST} instead."


_OBJECT = re.compile(r"""[\[\s]*\{\s*(?:"(?:[^"\\]++|\\.)*+"|'[^'\n]*'|[A-Za-z_$][\w$]*)\s*:""", re.DOTALL)
"""An object, maybe within lists, with its first name. In single quotes or none it is no JSON, but was meant to be."""
_LITERALS = ("true", "false", "null")


def unreadable(what: str, advice: str = _INSTEAD) -> Refused:
    """Returns a refusal `unreadable_format`. `what` is a noun with its article; the advice, a sentence, says what to
    do."""
    return Refused("unreadable_format", f"The source is {what}. {advice}", found=what)


def text_format(text: str, named: Format | None) -> Format:
    """Returns JSON, NDJSON, or CSV, which stands for all delimited text until the delimiter is known."""
    if not looks_like_json(text):
        return _format_without_json(text, named)
    lines = [line for line in text.split("\n", 3) if line.strip()]
    if len(lines) < 2 or (named is Format.JSON and lines[0].lstrip().startswith("[")):
        return Format.NDJSON if named is Format.NDJSON else Format.JSON
    return Format.NDJSON if _is_line_of_json(lines) else Format.JSON


def _format_without_json(text: str, named: Format | None) -> Format:
    """Returns the format of a text that is no JSON. A .json that holds a table with delimiters is read as one; any
    other is left to the JSON reader to refuse."""
    first, _, rest = text.lstrip().partition("\n")
    begins_like_table = first[:1] not in "[{" or bool(_BRACKETED_CELL.match(first))
    is_table = rest.strip() and any(one in first for one in ",;\t|") and begins_like_table
    if named is Format.JSON and not is_table:
        return Format.JSON
    return Format.NDJSON if named is Format.NDJSON and not is_table else Format.CSV


def _is_line_of_json(lines: list[str]) -> bool:
    """Returns whether the first line is complete, so that no document goes on behind it, or the second line begins like
    another one."""
    try:
        orjson.loads(lines[0].encode("utf-8", "replace"))
    except orjson.JSONDecodeError:
        bracket = lines[0].lstrip()[:1]
        return lines[0].rstrip().endswith({"{": "}", "[": "]"}[bracket]) and lines[1].startswith(bracket)
    return True


def looks_like_json(text: str) -> bool:
    """Returns whether the text is JSON, NDJSON, or either of them damaged or cut off."""
    text = text.lstrip()
    if text[:1] not in ("[", "{"):
        return False
    return bool(_OBJECT.match(text)) or _is_json_so_far(text)


def _is_json_so_far(text: str) -> bool:
    """Returns whether the text is the beginning of a JSON document, or a line that is one followed by another."""
    try:
        _, end = json.JSONDecoder().raw_decode(text)
    except json.JSONDecodeError as error:
        return _breaks_at_end(text, error)
    except RecursionError:
        return True
    line, _, rest = text[end:].partition("\n")
    return not line.strip() and rest.lstrip()[:1] in ("", "[", "{")


def _breaks_at_end(text: str, error: json.JSONDecodeError) -> bool:
    """Returns whether nothing is wrong but that the text ends: then it is cut off, and more of it may be JSON."""
    rest = text[error.pos :].strip()
    is_open_text = error.msg.startswith("Unterminated string")
    return not rest or is_open_text or rest == "-" or any(word.startswith(rest) for word in _LITERALS)
