"""What a source looks like, from its first bytes: which of the formats that are read.

Content decides; the name only breaks ties, and a name that says otherwise becomes a finding.
"""

import re

import orjson

from chalicelib.errors import Refused
from chalicelib.formats.json.beginning import looks_like_json
from chalicelib.formats.registry import Format

_BRACKETED_CELL = re.compile(r"(?:\[[^\[\]{}\"]*\]|\{[^{}\":]*\})\s*[^\s\]}]")
"""A line that goes on behind `[id]` or `{id}`, as only a header does."""

*_FIRST, _LAST = map(str.upper, Format)
_INSTEAD = f"Send {', '.join(_FIRST)} or {_LAST} instead."


def unreadable(what: str, advice: str = _INSTEAD) -> Refused:
    """`what` is a noun with its article; the advice, a sentence, says what to do."""
    return Refused("unreadable_format", f"The source is {what}. {advice}", found=what)


def text_format(text: str, named: Format | None) -> Format:
    """JSON, NDJSON, or CSV, which stands for TSV too until the delimiter is known."""
    if not looks_like_json(text):
        return _format_without_json(text, named)
    lines = [line for line in text.split("\n", 3) if line.strip()]
    if len(lines) < 2 or (named is Format.JSON and lines[0].lstrip().startswith("[")):
        return Format.NDJSON if named is Format.NDJSON else Format.JSON
    return Format.NDJSON if _is_line_of_json(lines) else Format.JSON


def _format_without_json(text: str, named: Format | None) -> Format:
    """A .json that holds a table with delimiters is read as one; any other is left to the JSON reader to refuse."""
    first, _, rest = text.lstrip().partition("\n")
    begins_like_table = first[:1] not in "[{" or bool(_BRACKETED_CELL.match(first))
    is_table = rest.strip() and any(one in first for one in ",;\t|") and begins_like_table
    if named is Format.JSON and not is_table:
        return Format.JSON
    return Format.NDJSON if named is Format.NDJSON and not is_table else Format.CSV


def _is_line_of_json(lines: list[str]) -> bool:
    """The first line is complete, so that no document goes on behind it, or the second begins like another one."""
    try:
        orjson.loads(lines[0].encode("utf-8", "replace"))
    except orjson.JSONDecodeError:
        bracket = lines[0].lstrip()[:1]
        return lines[0].rstrip().endswith({"{": "}", "[": "]"}[bracket]) and lines[1].startswith(bracket)
    return True
