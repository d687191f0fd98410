"""JSON documents: a list of objects, an object that holds such a list under a known name, or one object.

In come bytes in UTF-8, out goes a row per element, lazily. Elements are cut out of the list by their brackets and
parsed one by one, so that an element that is no JSON fails alone, memory is bounded by one element, and numbers stay
exact. What breaks the list itself (a missing comma, the end in the middle) ends reading with an error row; if
nothing readable came before it, the document is refused.
"""

import re
from collections.abc import Iterator
from itertools import chain, islice

from chalicelib.errors import Refused
from chalicelib.formats.blocks import in_blocks
from chalicelib.formats.encodings import Encoding
from chalicelib.formats.json_scan import BrokenList, Elements, Oversized
from chalicelib.formats.json_values import NotJson, parse_json, row_of_json, row_too_large
from chalicelib.formats.signatures import WRAPPERS
from chalicelib.formats.streams import Peekable, Readable
from chalicelib.formats.tables import Format, Table
from chalicelib.formats.transcoding import utf8_stream
from chalicelib.model.limits import Limits
from chalicelib.model.problem_codes import ProblemCode, Severity
from chalicelib.model.problems import Problem, quoted
from chalicelib.model.rows import Row

_ROWS_LOOKED_AT = 100
_PREFIX_BYTES = 64 << 10
"""The list of a wrapper object begins within so many bytes."""
_MEMBER = re.compile(
    rb'\s*(?P<name>"(?:[^"\\]++|\\.)*+")\s*:\s*(?:(?P<list>\[)(?=\s*[\{\]])|'
    rb'(?:"(?:[^"\\]++|\\.)*+"|[^\s,"\[\]{}]++)\s*,)',
    re.DOTALL,
)
"""A member of a wrapper object: a scalar to step over, or a list of objects."""


def open_json(stream: Readable, encoding: Encoding, limits: Limits) -> Table:
    """Raises Refused `invalid_json` where the document breaks before its first readable row."""
    rows = each_row(utf8_stream(stream, encoding), limits)
    return Table(format=Format.JSON, encoding=encoding.name, blocks=in_blocks(_refused_if_hopeless(rows)))


def each_row(stream: Readable, limits: Limits) -> Iterator[Row]:
    """Lazy. The line of a row is its position in the list, from 1."""
    source = Peekable(stream)
    elements = Elements(source, limits.row_bytes)
    start = _start_of_list(source.peek(_PREFIX_BYTES))
    if start is None:
        return iter([_only_row(elements, limits)])
    is_wrapped = source.peek(start).lstrip(b" \t\r\n").startswith(b"{")
    elements.skip(start)
    return _each_row_of_list(elements.each(is_wrapped=is_wrapped), limits)


def _each_row_of_list(elements: Iterator[bytes | Oversized], limits: Limits) -> Iterator[Row]:
    number = 0
    try:
        for raw in elements:
            number += 1
            if isinstance(raw, Oversized):
                yield row_too_large(number, number, limits)
            else:
                yield row_of_json(number, number, raw, limits)
    except BrokenList as broken:
        number += 1
        facts = {"detail": str(broken)}
        yield Row(
            number, number, [broken.found], [Problem(broken.code, number, number, value=broken.found, facts=facts)]
        )


def _start_of_list(prefix: bytes) -> int | None:
    """Where the list of rows begins, behind its bracket; None where the document is one value."""
    begin = len(prefix) - len(prefix.lstrip(b" \t\r\n"))
    if prefix[begin : begin + 1] == b"[":
        return begin + 1
    position = begin + 1
    while prefix[begin : begin + 1] == b"{" and (member := _MEMBER.match(prefix, position)):
        if member["list"]:
            is_known = member["name"][1:-1].decode("utf-8", "replace").lower() in WRAPPERS
            return member.end() if is_known else None
        position = member.end()
    return None


def _only_row(elements: Elements, limits: Limits) -> Row:
    """The document is one object, which is the only row."""
    raw = elements.rest()
    if isinstance(raw, Oversized):
        names = ", ".join(sorted(WRAPPERS))
        message = f"The JSON document holds no list of rows. Send a list of objects, alone or under one of: {names}."
        raise Refused("unreadable_format", message)
    try:
        value = parse_json(raw, limits)
    except NotJson as error:
        raise _invalid(error.detail) from error
    if not isinstance(value, dict):
        raise Refused(
            "unreadable_format", f"The JSON document is {quoted(value)}. Send a list of objects, one per row."
        )
    return Row(1, 1, value)


def _refused_if_hopeless(rows: Iterator[Row]) -> Iterator[Row]:
    """A document that breaks before its first readable row is refused; its first problem tells why."""
    head: list[Row] = []
    for row in islice(rows, _ROWS_LOOKED_AT):
        head.append(row)
        if not _is_unreadable(row):
            return chain(head, rows)
    codes = {problem.code for row in head for problem in row.problems}
    breaking = codes & {ProblemCode.INVALID_JSON, ProblemCode.UNDECODABLE_BYTES, ProblemCode.TRUNCATED_SOURCE}
    if len(head) < _ROWS_LOOKED_AT and breaking:
        first = next(problem for row in head for problem in row.problems if problem.code in breaking)
        raise _invalid(str(first.facts.get("detail", "")))
    return chain(head, rows)


def _is_unreadable(row: Row) -> bool:
    return any(problem.severity is Severity.ERROR for problem in row.problems)


def _invalid(detail: str) -> Refused:
    message = f"The source is not valid JSON: {detail}. Correct it there, or send NDJSON, one object per line."
    return Refused("invalid_json", message, detail=detail)
