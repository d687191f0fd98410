"""What every reader is given, and what it hands out: a table, which is what is known about a source and, lazily, its
rows.

Promises that hold for all formats: rows are numbered from 1 without gaps; a row that cannot be read is still handed
out, with an error among its problems; a row of a tabular format without an error has exactly one cell per header. In
tabular formats a row whose cells are all empty is no row: spreadsheets leave hundreds of them below and between what
people typed.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import chain

from chalicelib.formats.csv.row_widths import FULL_WIDTH, RowWidths
from chalicelib.formats.encoding.choose import Encoding
from chalicelib.formats.json.record_names import RecordNames
from chalicelib.formats.registry import Format
from chalicelib.formats.streams import Readable
from chalicelib.model.limits import Limits
from chalicelib.model.problems import Problem
from chalicelib.model.reading_options import ReadingOptions
from chalicelib.model.rows import Row, RowBlock


@dataclass(frozen=True, slots=True, kw_only=True)
class TextSource:
    """What the reader of a text format is given."""

    stream: Readable
    """At its beginning, behind the byte order mark."""
    encoding: Encoding
    options: ReadingOptions
    limits: Limits
    record_names: RecordNames
    """The names of the fields that the records should have."""
    preferred_delimiter: str
    """The delimiter where nothing speaks for another."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """How a source is written, as far as its splits must know it to be read apart."""

    format: Format
    encoding: Encoding
    delimiter: str = ","
    headers: tuple[str, ...] = ()
    widths: RowWidths = FULL_WIDTH
    """How wide the rows of delimited text may be."""
    skipped_lines: int = 0
    """Physical lines above the header."""
    header_lines: int = 0
    """Physical lines up to the end of the header, all of which belong to the first split."""
    findings: tuple[Problem, ...] = ()
    """What was found about the table as a whole."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A source that has been opened. Its rows are read while they are taken, once."""

    format: Format
    blocks: Iterator[RowBlock]
    """Lazy. Taking rows may still raise Refused: an expansion limit, a JSON document that breaks off."""
    encoding: str = "utf-8"
    delimiter: str | None = None
    quote: str | None = None
    sheet: str | None = None
    sheets: tuple[str, ...] = ()
    """The names of all sheets of a workbook, the visible ones first."""
    header_row: int | None = None
    """On which line of a text, or row of a sheet, the header stands, counted from 1; None for JSON and NDJSON."""
    headers: tuple[str, ...] = ()
    """The headers by position, stripped; empty for JSON and NDJSON. Of columns with equal headers the first is read."""
    findings: tuple[Problem, ...] = ()
    """About the source as a whole. That it has no rows is known only at its end, so the caller reports that."""
    layout: Layout | None = None
    """How the source is split; None where it can only be read from its beginning to its end."""
    find_more: Callable[[], tuple[Problem, ...]] = tuple
    """What was found about the source as a whole while its rows were read; asked for when they have been."""
    count_lines: Callable[[], int] = int
    """Returns how many physical lines of a split have been read so far."""

    def peek(self) -> "tuple[Row | None, Table]":
        """Returns the first row, None if there is none, and the table with that row still to be taken."""
        block = next(self.blocks, None)
        if block is None:
            return None, self
        return next(block.each_row()), replace(self, blocks=chain([block], self.blocks))

    @property
    def rows(self) -> Iterator[Row]:
        """Returns the rows one by one, for callers that have few of them; lazy."""
        return chain.from_iterable(block.each_row() for block in self.blocks)
