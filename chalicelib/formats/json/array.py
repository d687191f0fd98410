"""Reads JSON documents: a list of objects, an object that holds such a list, or one object.

In come bytes in UTF-8, out goes a row for each element, lazily. Elements are cut out of the list by their brackets and
parsed one by one, so that an element that is no JSON fails alone, memory is bounded by one element, and numbers stay
exact. What breaks the list itself (a missing comma, the end in the middle) ends reading with an error row; if no
readable row came before it, the document is refused.

A document that is an object no larger than a row may be is walked through before its first row is read, and may itself
be the only row. A larger one cannot be a row: the first list of objects in it is read, and the document is refused at
its end, hence before anything is written, if it then turns out that another list may be meant (`outline`).
"""

import io
from collections.abc import Iterator
from itertools import chain, islice

from chalicelib.errors import Refused
from chalicelib.formats.blocks import in_blocks
from chalicelib.formats.json.outline import (
    TOO_LARGE,
    DocumentKind,
    ListFound,
    Outline,
    refuse_unclear,
    refuse_unless_rows,
    refuse_without_list,
    unreadable_document,
)
from chalicelib.formats.json.record_names import OwnNames, RecordNames
from chalicelib.formats.json.row_shape import ELEMENTS_LOOKED_AT, refuse_as_rows
from chalicelib.formats.json.scanner import BrokenList, ElementScanner, Oversized
from chalicelib.formats.json.utf8 import utf8_stream
from chalicelib.formats.json.values import NotJson, parse_json, row_of_json, row_too_large
from chalicelib.formats.json.walk import Element, Walk
from chalicelib.formats.registry import Format
from chalicelib.formats.streams import Peekable
from chalicelib.formats.table import Table, TextSource
from chalicelib.model.limits import Limits
from chalicelib.model.problem_codes import ProblemCode, Severity
from chalicelib.model.problems import Problem, quoted
from chalicelib.model.rows import Row

_ROWS_LOOKED_AT = 100


def open_json(source: TextSource) -> Table:
    """Returns the table in a document.

    Raises Refused: `invalid_json` where the document breaks before its first readable row, `ambiguous_list` where it is
    not clear which list is meant, `unreadable_format` where it holds none.
    """
    document = _JsonDocument(Peekable(utf8_stream(source.stream, source.encoding)), source.record_names, source.limits)
    rows = _refuse_if_unreadable(document.each_row())
    return Table(
        format=Format.JSON, encoding=source.encoding.name, blocks=in_blocks(rows), find_more=document.find_more
    )


class _JsonDocument:
    """One document, of which the rows are read once."""

    def __init__(self, source: Peekable, record_names: RecordNames, limits: Limits) -> None:
        self._source = source
        self._record_names = record_names
        self._limits = limits
        self._outline = self._new_outline()

    def find_more(self) -> tuple[Problem, ...]:
        """Returns what was found out about the document while its rows were read."""
        name = quoted(self._outline.next_page)
        return (Problem(ProblemCode.MORE_PAGES, field=name, value=name),) if name else ()

    def each_row(self) -> Iterator[Row]:
        """Yields the rows; lazy, but for the beginning. The line of a row is its position in the list, from 1."""
        limits = self._limits
        beginning = self._source.peek(limits.row_bytes + 1)
        elements = ElementScanner(self._source, limits.row_bytes)
        mark = beginning.lstrip(b" \t\r\n")[:1]
        if mark == b"[":
            elements.take(b"[")
            return _each_row_of_list(self._checked(elements.each()), limits)
        if mark != b"{":
            return iter([_only_row(elements, limits)])
        kind = self._survey(beginning) if len(beginning) <= limits.row_bytes else DocumentKind.ROWS
        if kind in (DocumentKind.RECORD, DocumentKind.NO_LIST):
            return iter([_only_row(elements, limits)])
        return _each_row_of_list(self._each_element(elements), limits)

    def _new_outline(self) -> Outline:
        return Outline(self._record_names, OwnNames(self._record_names))

    def _survey(self, content: bytes) -> DocumentKind:
        """Returns what a document is that is small enough to be held. Raises Refused; what is broken is left to the
        reader of rows to find."""
        outline = self._new_outline()
        elements = ElementScanner(io.BytesIO(content), self._limits.row_bytes)
        try:
            for _ in Walk(elements, outline, lambda _: False, self._limits).each_element():
                pass
        except BrokenList:
            return DocumentKind.ROWS if outline.candidates else DocumentKind.NO_LIST
        refuse_unclear(outline)
        kind = outline.kind()
        if kind is DocumentKind.NO_LIST:
            refuse_without_list(outline)
        return kind

    def _each_element(self, elements: ElementScanner) -> Iterator[Element]:
        """Yields the elements of the first list of objects. Raises Refused at the end if it is not the only one."""
        outline = self._outline
        wanted: list[ListFound] = []

        def is_first(found: ListFound) -> bool:
            if wanted or found.is_metadata:
                return False
            wanted.append(found)
            return True

        try:
            yield from self._checked(Walk(elements, outline, is_first, self._limits).each_element())
        except BrokenList:
            refuse_unless_rows(outline)
            raise
        refuse_unless_rows(outline)

    def _checked(self, elements: Iterator[Element]) -> Iterator[Element]:
        """Yields the same elements. Raises Refused where the first ones show that they are no rows."""
        first: list[Element] = []
        broken: BrokenList | None = None
        try:
            first.extend(islice(elements, ELEMENTS_LOOKED_AT))
        except BrokenList as error:
            broken = error
        refuse_as_rows([raw for raw in first if isinstance(raw, bytes)], self._record_names, self._limits)
        yield from first
        if broken:
            raise broken
        yield from elements


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


def _only_row(elements: ElementScanner, limits: Limits) -> Row:
    """Returns the one object that the document is as its only row. Raises Refused where it is no object."""
    raw = elements.rest()
    if isinstance(raw, Oversized):
        raise unreadable_document(TOO_LARGE)
    try:
        value = parse_json(raw, limits)
    except NotJson as error:
        raise _invalid(error.detail) from error
    if not isinstance(value, dict):
        raise Refused(
            "unreadable_format", f"The JSON document is {quoted(value)}. Send a list of objects, one per row."
        )
    return Row(1, 1, value)


def _refuse_if_unreadable(rows: Iterator[Row]) -> Iterator[Row]:
    """Returns the same rows. Raises Refused, with the reason from its first problem, for a document that breaks before
    its first readable row."""
    head: list[Row] = []
    for row in islice(rows, _ROWS_LOOKED_AT):
        head.append(row)
        if row.given and not _is_unreadable(row):
            return chain(head, rows)
    codes = {problem.code for row in head for problem in row.problems}
    breaking = codes & {ProblemCode.INVALID_JSON, ProblemCode.UNDECODABLE_BYTES, ProblemCode.TRUNCATED_SOURCE}
    if len(head) < _ROWS_LOOKED_AT and breaking:
        first = next(problem for row in head for problem in row.problems if problem.code in breaking)
        raise _invalid(str(first.facts.get("detail", "")))
    return chain(head, rows)


def _is_unreadable(row: Row) -> bool:
    """Returns whether the row has an error."""
    return any(problem.severity is Severity.ERROR for problem in row.problems)


def _invalid(detail: str) -> Refused:
    message = f"The source is not valid JSON: {detail}. Correct it there, or send NDJSON, one object per line."
    return Refused("invalid_json", message, detail=detail)
