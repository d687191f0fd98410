"""Turns a workbook into a table: the sheet is chosen, its header and its rows are taken, what is odd about it is told.

This is the same for every format of workbooks: their readers hand out rows of cells (`sheets`).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from chalicelib.errors import Refused
from chalicelib.formats.blocks import in_blocks
from chalicelib.formats.csv.row_widths import columns_with_content, has_content
from chalicelib.formats.formulas import rearm_cells
from chalicelib.formats.header_row import find_header_row, header_row_findings, index_on_line
from chalicelib.formats.headers import header_findings, read_headers
from chalicelib.formats.row_builder import RowBuilder
from chalicelib.formats.table import Table
from chalicelib.formats.workbooks.sheets import Book, Flaw, SheetRow
from chalicelib.formats.zip_package import damaged
from chalicelib.model.limits import Limits
from chalicelib.model.problem_codes import ProblemCode
from chalicelib.model.problems import Problem, quoted
from chalicelib.model.reading_options import ReadingOptions
from chalicelib.model.rows import Row

_ROWS_LOOKED_AT = 100
_CELLS_LOOKED_AT = 1 << 18
_CHARACTERS_LOOKED_AT = 8 << 20
_LIST_ROWS = 10
"""A sheet of one column is taken for a table if it has this many rows; a cover seldom has as many lines."""
_RANGES_NAMED = 5


@dataclass(frozen=True, slots=True)
class SheetStart:
    """The first rows of a sheet, before a header is chosen among them."""

    name: str
    rows: Sequence[SheetRow]

    @property
    def table_likeness(self) -> int:
        """Returns how much this looks like a table: 3 for rows of several cells or a long list, 2 for some rows, 1 for
        one row, 0 for nothing."""
        wide = sum(1 for row in self.rows if sum(map(bool, map(str.strip, row.cells))) > 1)
        if wide > 1 or len(self.rows) >= _LIST_ROWS:
            return 3
        return min(len(self.rows), 2)

    @property
    def first_column(self) -> int:
        """Returns the position of the first column that has anything in it."""
        return min((_first_filled(row) for row in self.rows), default=0)


def table_of(book: Book, options: ReadingOptions, limits: Limits) -> Table:
    """Returns the table in the sheet that is named, or else in the first sheet that looks most like a table.

    It has no headers, and the finding `empty_source`, where there is nothing in it. Raises Refused `sheet_not_found`
    and what its rows raise.
    """
    if options.sheet:
        return _table(book, _sheet_start(book, _named(book, options.sheet)), options, limits)
    chosen, filled = _best_start(book, limits)
    table = _table(book, chosen, options, limits)
    if filled < 2:
        return table
    finding = Problem(ProblemCode.MORE_SHEETS, value=quoted(chosen.name), facts={"sheets": filled})
    return replace(table, findings=(finding, *table.findings))


def _best_start(book: Book, limits: Limits) -> tuple[SheetStart, int]:
    """Returns the sheet that looks most like a table, and how many sheets have rows. One start is held at a time,
    beside the best. Raises Refused `damaged_workbook` where there is no sheet."""
    best, most, filled = None, -1, 0
    for name in _by_visibility(book)[: limits.workbook_sheets]:
        start = _sheet_start(book, name)
        filled += bool(start.rows)
        likeness = start.table_likeness
        if likeness > most:
            best, most = start, likeness
    if best is None:
        raise damaged("it has no sheets")
    return best, filled


def _by_visibility(book: Book) -> list[str]:
    """Returns the names of the sheets, the visible ones first."""
    return [one.name for one in sorted(book.sheets(), key=lambda one: not one.is_visible)]


def _named(book: Book, name: str) -> str:
    names = _by_visibility(book)
    if name not in names:
        listed = ", ".join(repr(one) for one in names[:20])
        message = f"The workbook has no sheet {name[:40]!r}. It has: {listed}. Name one of them, or none."
        raise Refused("sheet_not_found", message, param="sheet", sheet=name[:40])
    return name


def _sheet_start(book: Book, name: str) -> SheetStart:
    rows: list[SheetRow] = []
    cells = characters = 0
    for row in islice(book.each_row(name), _ROWS_LOOKED_AT):
        rows.append(row)
        cells += len(row.cells)
        characters += sum(map(len, row.cells))
        if cells > _CELLS_LOOKED_AT or characters > _CHARACTERS_LOOKED_AT:
            break
    return SheetStart(name, rows)


def _table(book: Book, start: SheetStart, options: ReadingOptions, limits: Limits) -> Table:
    """Raises Refused `invalid_option` where no row has content that was stated as the header."""
    name, place = start.name, _header_place(start, options, limits)
    below = SheetStart(name, start.rows[place:])
    headers = _headers(below.rows[0], below, limits) if below.rows else ()
    if not headers:
        finding = Problem(ProblemCode.EMPTY_SOURCE)
        sheets = tuple(_by_visibility(book))
        return Table(format=book.format, sheet=name, sheets=sheets, blocks=iter(()), findings=(finding,))
    line, first_column = below.rows[0].line, below.first_column
    findings = (
        *header_row_findings(line, place, [row.cells for row in below.rows[1:]]),
        *header_findings(headers),
        *_each_merged_finding(book, name, line),
    )
    blocks = in_blocks(_each_row(islice(book.each_row(name), place + 1, None), headers, first_column))
    return Table(
        format=book.format,
        sheet=name,
        sheets=tuple(_by_visibility(book)),
        header_row=line,
        headers=headers,
        findings=findings,
        blocks=blocks,
    )


def _header_place(start: SheetStart, options: ReadingOptions, limits: Limits) -> int:
    if options.header_row is not None:
        return index_on_line([row.line for row in start.rows], options.header_row)
    return find_header_row([row.cells for row in start.rows], limits)


def _headers(header: SheetRow, start: SheetStart, limits: Limits) -> tuple[str, ...]:
    """Returns the headers, as far as anything stands below them."""
    below = columns_with_content(row.cells for row in start.rows) - start.first_column
    cells = header.cells + [""] * (below + start.first_column - len(header.cells))
    return read_headers(cells[start.first_column :], limits, columns_below=below)


def _each_merged_finding(book: Book, name: str, header_line: int) -> Iterator[Problem]:
    merged = sorted(one for one in book.merged(name) if one.last_row >= header_line)
    if merged:
        named = ", ".join(one.range for one in merged[:_RANGES_NAMED])
        more = f" and {len(merged) - _RANGES_NAMED} more" if len(merged) > _RANGES_NAMED else ""
        yield Problem(ProblemCode.MERGED_CELLS, value=named + more, facts={"ranges": len(merged)})


def _each_row(rows: Iterator[SheetRow], headers: tuple[str, ...], first_column: int) -> Iterator[Row]:
    """Yields the rows; lazy. The line of a row is its number in the sheet; a sheet has no short rows, only cells that
    are empty."""
    maker = RowBuilder(headers)
    for row in rows:
        cells = rearm_cells(row.cells[first_column:] if first_column else row.cells)
        if len(cells) < len(headers):
            cells.extend([""] * (len(headers) - len(cells)))
        if len(cells) == len(headers) and not row.flaws and not first_column:
            maker.number += 1
            yield Row(maker.number, row.line, cells)
            continue
        made = maker.odd_row(row.line, cells, _problems_of(row, headers, first_column))
        if made is not None:
            yield made


def _problems_of(row: SheetRow, headers: tuple[str, ...], first_column: int) -> list[Problem]:
    """Returns the problems of a row. What is wrong with cells under no header is told of the row as a whole, if at
    all."""
    problems = [
        _problem_of(flaw, headers[position - first_column])
        for position, flaw in sorted(row.flaws.items())
        if 0 <= position - first_column < len(headers)
    ]
    if has_content(row.cells[:first_column]):
        facts = {"cells": len(row.cells), "columns": len(headers)}
        problems.append(Problem(ProblemCode.ROW_TOO_LONG, facts=facts))
    return problems


def _problem_of(flaw: Flaw, header: str) -> Problem:
    return Problem(flaw.code, field=header, value=quoted(flaw.value), facts={"read": quoted(flaw.text)})


def _first_filled(row: SheetRow) -> int:
    return next((position for position, cell in enumerate(row.cells) if cell.strip()), len(row.cells))
