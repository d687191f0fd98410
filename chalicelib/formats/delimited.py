"""CSV and TSV: text in, rows out, at the speed of `csv.reader` as long as nothing is odd.

The strict reader takes all rows that are well formed. Where it stumbles, the one row at that place is read again
leniently: a stray quote is a warning if the row still fits, a quote that never closes fails the row it opens in, and
reading goes on at the next line. Blank cells are kept as they are; rows without any content are no rows (see
`tables`).
"""

import csv
from collections.abc import Iterator
from dataclasses import replace
from operator import itemgetter

from chalicelib.errors import Refused
from chalicelib.formats.blocks import BLOCK_ROWS, block_of, in_blocks
from chalicelib.formats.cells import RowMaker
from chalicelib.formats.dialects import Dialect, dialect_of, separator_in
from chalicelib.formats.encodings import Encoding
from chalicelib.formats.formulas import all_armed
from chalicelib.formats.headers import header_findings, read_headers
from chalicelib.formats.lines import Lines
from chalicelib.formats.streams import Readable
from chalicelib.formats.tables import Format, Layout, Table
from chalicelib.formats.text import Text
from chalicelib.model.imports import ReadingOptions
from chalicelib.model.limits import Limits
from chalicelib.model.problem_codes import ProblemCode
from chalicelib.model.problems import Problem
from chalicelib.model.rows import Row, RowBlock

_SAMPLE_CHARACTERS = 64 << 10
_REPLAYS = 64
"""So often a row that swallowed others is undone and its lines read again as rows; afterwards each of them is read
alone, since a file made for it would otherwise cost a megabyte of work per line.
"""


def open_delimited(
    stream: Readable, encoding: Encoding, options: ReadingOptions, limits: Limits, preferred: str = ","
) -> Table:
    """Raises Refused where there is no header line, or it cannot be read."""
    lines = Lines(text := Text(stream, encoding), limits.row_bytes)
    sample = lines.sample(_SAMPLE_CHARACTERS)
    separator = separator_in(sample[0]) if sample and not options.delimiter else None
    dialect = _dialect(sample, separator, options, preferred)
    reader = Delimited(lines, text, dialect, limits)
    headers = reader.read_header(skipped_lines=1 if separator else 0)
    return Table(
        format=Format.TSV if dialect.delimiter == "\t" else Format.CSV,
        encoding=encoding.name,
        delimiter=dialect.delimiter,
        quote=dialect.quote,
        headers=headers,
        findings=tuple(header_findings(headers)),
        blocks=reader.each_block(),
        layout=_layout(encoding, reader, headers, skipped_lines=1 if separator else 0),
    )


def open_delimited_span(stream: Readable, layout: Layout, limits: Limits, *, is_first: bool) -> Table:
    """Its rows and lines are numbered from 1; the header, and what stands before it, belongs to the first span."""
    stream.read(layout.encoding.mark_bytes if is_first else 0)
    text = Text(stream, layout.encoding, is_start=is_first)
    reader = Delimited(Lines(text, limits.row_bytes), text, Dialect(layout.delimiter), limits)
    if is_first:
        reader.read_header(layout.skipped_lines)
    else:
        reader.resume(layout.headers)
    return Table(
        format=layout.format,
        encoding=layout.encoding.name,
        delimiter=layout.delimiter,
        quote=reader.dialect.quote,
        headers=layout.headers,
        findings=layout.findings if is_first else (),
        blocks=reader.each_block(),
        count_lines=reader.count_lines,
    )


def _layout(encoding: Encoding, reader: "Delimited", headers: tuple[str, ...], *, skipped_lines: int) -> Layout | None:
    """None unless a record ends where a line ends outside quotes: with RFC 4180's quoting, in bytes that are ASCII
    wherever they look like it."""
    dialect = reader.dialect
    if dialect != Dialect(dialect.delimiter) or not dialect.delimiter.isascii() or not encoding.is_bytewise:
        return None
    return Layout(
        format=Format.TSV if dialect.delimiter == "\t" else Format.CSV,
        encoding=encoding,
        delimiter=dialect.delimiter,
        headers=headers,
        skipped_lines=skipped_lines,
        header_lines=reader.count_lines(),
    )


def _dialect(sample: list[str], separator: str | None, options: ReadingOptions, preferred: str) -> Dialect:
    if separator:
        return dialect_of(sample[1:], ReadingOptions(delimiter=separator, quote=options.quote))
    return dialect_of(sample, options, preferred)


class Delimited:
    """Reads the header, then the rows."""

    def __init__(self, lines: Lines, text: Text, dialect: Dialect, limits: Limits) -> None:
        self._lines = lines
        self._text = text
        self.dialect = dialect
        self._limits = limits
        self._maker = RowMaker((), text)
        self._line = 1
        """The physical line that comes next."""
        self._replays_left = _REPLAYS
        self._lines_alone = 0

    def read_header(self, skipped_lines: int = 0) -> tuple[str, ...]:
        """The first row that has content."""
        for _ in range(skipped_lines):
            self._take_line()
        while (record := self._read_leniently(columns=None)) is not None:
            cells, problems = record
            if problems:
                raise _unreadable_header(replace(problems[0], line=self._line - 1))
            if any(map(str.strip, cells)):
                headers = read_headers(cells, self._limits)
                self._maker = RowMaker(headers, self._text)
                return headers
        raise Refused("empty_source", "The source has no header line. Send a file that has a header line and rows.")

    def resume(self, headers: tuple[str, ...]) -> None:
        """Behind the header, which stood elsewhere."""
        self._maker = RowMaker(headers, self._text)

    def count_lines(self) -> int:
        """Lines read so far."""
        return self._line - 1

    def each_block(self, lines_at_once: int = BLOCK_ROWS) -> Iterator[RowBlock]:
        """Lazy. Every row, whatever its condition."""
        while lines := self._lines.take(lines_at_once):
            block = self._find_block(lines)
            if block is None:
                self._lines.push_back(lines)
                yield from in_blocks(self._each_row_before(self._line + len(lines)))
            elif block.numbers:
                yield block
        if self._text.broken:
            yield from in_blocks(iter([self._cut_row()]))

    def _find_block(self, lines: list[str]) -> RowBlock | None:
        """None unless each line is a well-formed row: as many rows as lines are one row a line."""
        if max(map(len, lines)) * 4 > self._limits.row_bytes:
            return None
        try:
            rows = [*self.dialect.read(iter(lines), is_strict=True)]
        except csv.Error:
            return None
        if len(rows) != len(lines):
            return None
        first, characters = self._line, sum(map(len, lines))
        self._line += len(lines)
        if self._are_even(rows):
            return RowBlock(self._maker.next_numbers(len(rows)), range(first, self._line), rows, {}, characters)
        made = [self._row(line, cells) for line, cells in enumerate(rows, first)]
        return block_of([row for row in made if row is not None], characters)

    def _are_even(self, rows: list[list[str]]) -> bool:
        """Whether nothing is odd about any of them, as far as can be seen without looking at all cells."""
        if self._text.is_suspect or self._text.may_hold_disarmed or {*map(len, rows)} != {len(self._maker.headers)}:
            return False
        return all(map(str.strip, map(itemgetter(0), rows)))

    def _row(self, line: int, cells: list[str]) -> Row | None:
        """None if it has no content."""
        maker, text = self._maker, self._text
        if text.may_hold_disarmed:
            cells = all_armed(cells)
        is_plain = len(cells) == len(maker.headers) and not text.is_suspect
        if not is_plain or not (cells[0].strip() or maker.has_content(cells)):
            return maker.odd_row(line, cells)
        maker.number += 1
        return Row(maker.number, line, cells, [])

    def _each_row_before(self, line: int) -> Iterator[Row]:
        """One by one, those that begin before a line."""
        while self._line < line and not self._lines.is_at_end:
            yield from self._each_well_formed_row_before(line)
            if self._lines.recent:
                yield from self._each_row_at_a_flaw()

    def _each_well_formed_row_before(self, end: int) -> Iterator[Row]:
        """Until the first flaw, whose lines are then in `recent`, or the end."""
        reader = self.dialect.read(iter(self._lines), is_strict=True)
        first_line = self._line
        try:
            for cells in reader:
                row = self._row(self._line, cells)
                self._line = first_line + reader.line_num
                self._lines.recent.clear()
                if row is not None:
                    yield row
                if self._line >= end:
                    return
        except csv.Error:
            return

    def _each_row_at_a_flaw(self) -> Iterator[Row]:
        self._lines.push_back(self._lines.recent[:])
        self._lines.recent.clear()
        yield from self._each_lenient_row()
        while self._lines_alone:
            self._lines_alone -= 1
            yield from self._each_row_of_next_line()

    def _each_lenient_row(self) -> Iterator[Row]:
        line = self._line
        record = self._read_leniently(len(self._maker.headers))
        row = record and self._maker.odd_row(line, all_armed(record[0]), record[1])
        if row:
            yield row

    def _each_row_of_next_line(self) -> Iterator[Row]:
        """The next line as a row of its own, as if no value could hold a line end."""
        line, text = self._line, self._take_line()
        cells = self._cells_if_flawless(text)
        problems = []
        if self._lines.is_too_large:
            problems.append(self._too_large())
        elif cells is None:
            problems.append(Problem(ProblemCode.UNCLOSED_QUOTE))
        row = self._maker.odd_row(line, all_armed(self._cells_of(text) if cells is None else cells), problems)
        if row:
            yield row

    def _read_leniently(self, columns: int | None) -> tuple[list[str], list[Problem]] | None:
        """One row, with what is wrong with its quotes; None at the end."""
        reader = self.dialect.read(iter(self._lines), is_strict=False)
        cells = next(reader, None)
        taken = self._lines.recent[:]
        self._lines.recent.clear()
        if not taken:
            return None
        if self._lines.is_too_large or self._lines.is_at_end or self._has_swallowed(taken, cells or [], columns):
            return self._undo(taken)
        self._line += len(taken)
        is_header = columns is None
        return cells or [], [] if is_header else [Problem(ProblemCode.STRAY_QUOTE)]

    def _has_swallowed(self, taken: list[str], cells: list[str], columns: int | None) -> bool:
        """Whether a row of several lines is really a broken one with others behind it: it has another width than the
        header, or its last line is a flawless row by itself."""
        if len(taken) == 1 or columns is None:
            return False
        last = self._cells_if_flawless(taken[-1]) or []
        is_row = len(last) == columns and not any(self.dialect.quote in cell for cell in last)
        return len(cells) != columns or is_row

    def _cells_if_flawless(self, line: str) -> list[str] | None:
        try:
            return next(self.dialect.read(iter([line]), is_strict=True), [])
        except csv.Error:
            return None

    def _undo(self, taken: list[str]) -> tuple[list[str], list[Problem]]:
        """Only the first line belongs to the broken row; the others are read again."""
        first, *others = taken
        self._lines.push_back(others)
        self._lines.is_at_end = False
        self._line += 1
        self._replays_left -= 1
        self._lines_alone = 0 if self._replays_left > 0 else len(others)
        if self._lines.is_too_large:
            return self._cells_of(first), [self._too_large()]
        return self._cells_of(first), [Problem(ProblemCode.UNCLOSED_QUOTE)]

    def _cells_of(self, line: str) -> list[str]:
        return next(self.dialect.read(iter([line]), is_strict=False), [])

    def _take_line(self) -> str:
        """The next line by itself, even one that is too large."""
        next(iter(self._lines), None)
        text = "".join(self._lines.recent)
        self._lines.recent.clear()
        self._line += 1
        return text

    def _too_large(self) -> Problem:
        return Problem(ProblemCode.ROW_TOO_LARGE, facts={"limit": self._limits.row_bytes})

    def _cut_row(self) -> Row:
        """Where the stream broke off. What stands before it in the same line is given, but not to be trusted."""
        problem = Problem(ProblemCode.TRUNCATED_SOURCE, facts={"detail": self._text.broken})
        return self._maker.broken_row(self._line, self._cells_of(self._lines.cut), problem)


def _unreadable_header(problem: Problem) -> Refused:
    message = f"The header line cannot be read. {problem.message} {problem.hint}"
    return Refused("unreadable_header", message, problem=problem.code.value)
