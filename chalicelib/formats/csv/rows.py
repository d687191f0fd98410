"""Reads the rows of delimited text: lines come in, rows go out, at the speed of `csv.reader` as long as nothing is odd.

The strict reader takes all records that RFC 4180 explains and that are as wide as the file's rows are (`row_widths`).
Where a record is not, its first line is a row by itself, which fails unless its cells can be told apart all the same
(`quotes`), and reading goes on at the next line: a quote that never closes costs one row, not those that it seems to
hold. Rows without any content are no rows (`table`).
"""

import csv
from collections.abc import Iterable, Iterator, Sequence

from chalicelib.errors import Refused
from chalicelib.formats.blocks import BLOCK_ROWS, block_of, in_blocks
from chalicelib.formats.csv.dialect import END_INSIDE_QUOTES, CsvDialect
from chalicelib.formats.csv.fragments import PART
from chalicelib.formats.csv.quotes import MisquotedRecord, QuoteRules, Quoting
from chalicelib.formats.csv.row_widths import FULL_WIDTH, RowWidths, has_content
from chalicelib.formats.csv.text_lines import TextLines
from chalicelib.formats.formulas import unguard_cells
from chalicelib.formats.row_builder import RowBuilder
from chalicelib.formats.text import DecodedText
from chalicelib.model.limits import Limits
from chalicelib.model.problem_codes import ProblemCode
from chalicelib.model.problems import Problem
from chalicelib.model.rows import Row, RowBlock

_SWALLOWED_LINES = 2
"""A value is taken for swallowed rows if all lines within it look like rows of the file, and there are this many."""

_LOOK_AHEAD_CHARACTERS = 64 << 10
"""How far behind a doubtful record is looked for the next quote."""

_FIRST_LOOK_CHARACTERS = 256
"""How far it is looked first, since the next quote mostly is near, and looking far at every record takes long."""


class DelimitedRows:
    """Reads the header row of one source, then the rows below it, and counts its lines."""

    def __init__(self, lines: TextLines, text: DecodedText, dialect: CsvDialect, limits: Limits) -> None:
        self._lines = lines
        self._text = text
        self.dialect = dialect
        self._quotes = QuoteRules(dialect)
        self._limits = limits
        self._line = 1
        """The number of the physical line that comes next."""
        self.begin((), FULL_WIDTH)

    def read_header(self, skipped_lines: int = 0) -> list[str]:
        """Returns the cells of the first record that has content, of which there must be one.

        Raises Refused `unreadable_header` where its quotes do not stand around whole values, or it is too large.
        """
        for _ in range(skipped_lines):
            self._take_line()
        reader = self.dialect.read(iter(self._lines), is_strict=True)
        try:
            for cells in reader:
                line = self._line
                record = self._take_record()
                if has_content(cells):
                    return cells if self._quotes.are_sound(record) else self._literal_header(record, line)
        except csv.Error as error:
            raise _unreadable_header(self._line, _code_of(error)) from error
        raise _unreadable_header(self._line, ProblemCode.ROW_TOO_LARGE, limit=self._limits.row_bytes)

    def begin(self, headers: tuple[str, ...], widths: RowWidths) -> None:
        """Makes the reader expect rows of a table whose header was read, here or elsewhere."""
        self._headers = headers
        self._columns = len(headers)
        self._maker = RowBuilder(headers, self._text, widths=widths, delimiter=self.dialect.delimiter)

    def count_lines(self) -> int:
        """Returns the number of lines read so far."""
        return self._line - 1

    def each_block(self, lines_at_once: int = BLOCK_ROWS) -> Iterator[RowBlock]:
        """Yields every row, whatever its condition, in blocks; lazy. A block is empty where many lines in a row have no
        content, so that whoever watches the time can look at it.
        """
        while lines := self._lines.take(lines_at_once):
            block = self._find_block(lines)
            if block is None:
                self._lines.push_back(lines)
                yield from in_blocks(self._each_row_before(self._line + len(lines)))
            else:
                yield block
        if self._text.broken:
            yield from in_blocks(iter([self._truncated_row()]))

    def _find_block(self, lines: list[str]) -> RowBlock | None:
        """Returns None unless each line is a record by itself: as many records as lines are one record a line."""
        if max(map(len, lines)) * 4 > self._limits.row_bytes:
            return None
        try:
            rows = [*self.dialect.read(iter(lines), is_strict=True)]
        except csv.Error:
            return None
        if len(rows) != len(lines) or not self._are_sound(rows, lines):
            return None
        first, characters = self._line, sum(map(len, lines))
        self._line += len(lines)
        if self._are_even(rows):
            return RowBlock(self._maker.next_numbers(len(rows)), range(first, self._line), rows, {}, characters)
        made = [self._row(line, cells) for line, cells in enumerate(rows, first)]
        return block_of([row for row in made if row is not None], characters)

    def _are_sound(self, rows: Iterable[list[str]], lines: Iterable[str]) -> bool:
        """Returns whether RFC 4180 explains the quotes of rows that `csv` has read: it leaves one in a cell where it
        was doubled, or where it stands in a value without quotes."""
        quote, text = self.dialect.quote, "".join(lines)
        return quote not in text or quote not in "".join(map("".join, rows)) or self._quotes.are_sound(text)

    def _are_even(self, rows: list[list[str]]) -> bool:
        """Returns whether nothing is odd about any of them, as far as can be seen without looking at all cells."""
        if self._text.is_suspect or self._text.may_hold_disarmed or {*map(len, rows)} != {self._columns}:
            return False
        firsts = [cells[0].strip() for cells in rows]
        return all(firsts) and (self._headers[:1] or ("",))[0] not in firsts

    def _row(self, line: int, cells: list[str]) -> Row | None:
        """Returns None if the record has no content."""
        maker, text = self._maker, self._text
        if text.may_hold_disarmed:
            cells = unguard_cells(cells)
        if self._columns > 1 and self._is_header(cells):
            return maker.broken_row(line, cells, Problem(ProblemCode.HEADER_REPEATED))
        is_plain = len(cells) == self._columns and not text.is_suspect
        if not is_plain or not (cells[0].strip() or has_content(cells)):
            return maker.odd_row(line, cells)
        maker.number += 1
        return Row(maker.number, line, cells, [])

    def _is_header(self, cells: list[str]) -> bool:
        if (cells or [""])[0].strip() != self._headers[0]:
            return False
        return (*map(str.strip, cells),)[: self._columns] == self._headers and not has_content(cells[self._columns :])

    def _each_row_before(self, line: int) -> Iterator[Row]:
        """Yields, one by one, the rows that begin before a line."""
        while self._line < line and not self._lines.is_at_end:
            yield from self._each_sound_row_before(line)
            if self._lines.recent:
                yield from self._each_row_at_a_flaw()

    def _each_sound_row_before(self, end: int) -> Iterator[Row]:
        """Yields rows until the first flaw, whose lines are then in `recent`, or the end."""
        reader = self.dialect.read(iter(self._lines), is_strict=True)
        try:
            for cells in reader:
                if not self._is_sound(cells):
                    return
                line = self._line
                self._take_record()
                row = self._row(line, cells)
                if row is not None:
                    yield row
                if self._line >= end:
                    return
        except csv.Error:
            return

    def _is_sound(self, cells: list[str]) -> bool:
        """Returns whether the record in `recent` is explained by RFC 4180 and, if it has several lines, needs no closer
        look."""
        lines = self._lines.recent
        if not self._are_sound([cells], lines):
            return False
        if len(lines) == 1:
            return True
        is_closed = not self._quotes.may_end_open("".join(lines))
        return is_closed and self._maker.fits(cells) and not self._has_swallowed(lines)

    def _has_swallowed(self, lines: Sequence[str]) -> bool:
        within = lines[1:-1]
        return len(within) >= _SWALLOWED_LINES and all(map(self._looks_like_row, within))

    def _looks_like_row(self, line: str) -> bool:
        if self._columns < 2 or line.count(self.dialect.delimiter) < self._columns - 1:
            return False
        return self._quotes.are_sound(line) and len(self._cells_of(line)) == self._columns

    def _each_row_at_a_flaw(self) -> Iterator[Row]:
        """Yields the row, or the rows, that the lines in `recent` make."""
        lines, is_too_large = self._lines.recent[:], self._lines.is_too_large
        self._lines.recent.clear()
        self._lines.push_back(lines)
        self._lines.is_at_end = False
        if len(lines) > 1 and not is_too_large and self._is_record(lines) and not self._begins_unclosed(lines):
            self._lines.skip(len(lines))
            yield from self._each_row_of_suspect_record(lines)
            return
        line, text = self._line, self._take_line()
        is_too_large |= self._lines.is_too_large
        row = self._too_large_row(line, text) if is_too_large else self._misquoted_row(line, text)
        if row is not None:
            yield row

    def _is_record(self, lines: Sequence[str]) -> bool:
        """Returns whether the lines are one record that RFC 4180 explains."""
        try:
            rows = [*self.dialect.read(iter(lines), is_strict=True)]
        except csv.Error:
            return False
        return len(rows) == 1 and self._are_sound(rows, lines)

    def _begins_unclosed(self, lines: Sequence[str]) -> bool:
        """Returns whether the record, which comes next, exists only by mistake: one of its lines opens a quote and does
        not close it, and the quote in its last line that did was meant to open a value. Then the quote that closes that
        value stands alone, and a row begins with the last line."""
        size, characters = sum(map(len, lines)), _FIRST_LOOK_CHARACTERS
        while True:
            ahead = self._lines.peek(size + characters)
            following = next((line for line in ahead[len(lines) :] if self.dialect.quote in line), "")
            is_far = characters >= _LOOK_AHEAD_CHARACTERS or sum(map(len, ahead)) < size + characters
            if following and not self._quotes.begin_with_closing(following):
                return False
            verdict = self._begins_row(ahead[len(lines) - 1 :]) if following else None
            if verdict is not None or is_far:
                return bool(verdict)
            characters *= 4

    def _begins_row(self, lines: Sequence[str]) -> bool | None:
        """Returns whether the lines begin with a sound row of full width, None where they end within it."""
        reader = self.dialect.read(iter(lines), is_strict=True)
        try:
            cells = next(reader, [])
        except csv.Error as error:
            return None if END_INSIDE_QUOTES in str(error) else False
        return len(cells) == self._columns and self._quotes.are_sound("".join(lines[: reader.line_num]))

    def _each_row_of_suspect_record(self, lines: Sequence[str]) -> Iterator[Row]:
        """Yields what a record of several lines makes that may be no record.

        It is one row, which fails if it is not as wide as the file's rows; unless lines in it look like rows, which two
        quotes far apart hold together: then none of its lines can be trusted, and each fails as a row of its own.
        """
        first = self._line
        self._line += len(lines)
        cells = next(self.dialect.read(iter(lines), is_strict=True))
        fits = self._maker.fits(cells)
        if self._has_swallowed(lines) or (not fits and any(map(self._looks_like_row, lines[1:]))):
            yield from self._each_swallowed_row(first, lines)
        elif row := self._row(first, cells):
            yield row

    def _each_swallowed_row(self, first: int, lines: Sequence[str]) -> Iterator[Row]:
        """Yields a failed row for each line that a quote has swallowed."""
        for line, text in enumerate(lines, first):
            code = ProblemCode.UNCLOSED_QUOTE if line == first else ProblemCode.MISPLACED_QUOTE
            if text.strip():
                yield self._maker.broken_row(line, unguard_cells(self._cells_of(text)), Problem(code))

    def _misquoted_row(self, line: int, text: str) -> Row | None:
        """Returns the row of a line whose quotes RFC 4180 does not explain; None if the line has no content."""
        misquoted = self._quotes.read_misquoted(text)
        if misquoted.quoting is Quoting.BROKEN:
            code = ProblemCode.UNCLOSED_QUOTE if misquoted.ends_inside else ProblemCode.MISPLACED_QUOTE
        elif misquoted.quoting is not Quoting.SOUND and len(misquoted.cells) != self._columns:
            code = ProblemCode.MISPLACED_QUOTE
        elif misquoted.quoting is Quoting.UNDOUBLED:
            code = ProblemCode.STRAY_QUOTE
        else:
            return self._row(line, misquoted.cells)
        is_part = misquoted.width == 1 or (misquoted.width < self._columns and self._quotes.begin_with_closing(text))
        return self._maker.odd_row(
            line, unguard_cells(misquoted.cells), [Problem(code, facts={PART: 1} if is_part else {})]
        )

    def _take_record(self) -> str:
        """Returns the text of the record whose lines are in `recent`, and forgets them."""
        text = "".join(self._lines.recent)
        self._line += len(self._lines.recent)
        self._lines.recent.clear()
        return text

    def _take_line(self) -> str:
        """Returns the next line by itself, even one that is too large."""
        next(iter(self._lines), None)
        return self._take_record()

    def _literal_header(self, record: str, line: int) -> list[str]:
        """Returns the cells of a header with stray quotes that can be read all the same. Raises Refused for any
        other."""
        misquoted = self._quotes.read_misquoted(record)
        has_lines = any(end in record.rstrip("\r\n") for end in "\r\n")
        is_literal = misquoted.quoting in (Quoting.SOUND, Quoting.LITERAL)
        if has_lines or not (is_literal or self._are_misquoted_alike(misquoted)):
            raise _unreadable_header(line, ProblemCode.MISPLACED_QUOTE)
        return misquoted.cells

    def _are_misquoted_alike(self, header: MisquotedRecord) -> bool:
        """Returns whether all rows below the header have its flaw, so that its cells stand where theirs do. Each of
        them fails, and says that another quote may be stated."""
        lines = [line for line in self._lines.peek(_LOOK_AHEAD_CHARACTERS) if line.strip()]
        below = [self._quotes.read_misquoted(line) for line in lines[: self._limits.header_search_rows]]
        alike = [one for one in below if one.quoting is header.quoting and one.width == header.width]
        return bool(below) and len(alike) == len(below)

    def _too_large_row(self, line: int, text: str) -> Row:
        problem = Problem(ProblemCode.ROW_TOO_LARGE, facts={"limit": self._limits.row_bytes})
        return self._maker.broken_row(line, unguard_cells(self._cells_of(text)), problem)

    def _cells_of(self, line: str) -> list[str]:
        """Returns the cells of a line, however its quotes stand."""
        return self._quotes.read_leniently(line)

    def _truncated_row(self) -> Row:
        """Returns the row in which the stream broke off. What stands in it is given, but not to be trusted."""
        problem = Problem(ProblemCode.TRUNCATED_SOURCE, facts={"detail": self._text.broken})
        return self._maker.broken_row(self._line, self._cells_of(self._lines.truncated_line), problem)


def _code_of(error: csv.Error) -> ProblemCode:
    return ProblemCode.UNCLOSED_QUOTE if END_INSIDE_QUOTES in str(error) else ProblemCode.MISPLACED_QUOTE


def _unreadable_header(line: int, code: ProblemCode, **facts: int) -> Refused:
    problem = Problem(code, line=line, facts=facts)
    message = f"The header on line {line} cannot be read. {problem.message} {problem.hint}"
    return Refused("unreadable_header", message, problem=code.value)
