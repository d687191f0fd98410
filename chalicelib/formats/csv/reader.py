"""Opens delimited text: finds the delimiter and the quotes, reads the header, and learns how wide the rows are.

In comes a stream of bytes, out goes a table whose rows are read while they are taken (`rows`). What was found at the
beginning goes along with the layout of a source that is split, so that all its splits are read alike.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from chalicelib.errors import Refused
from chalicelib.formats.csv.dialect import CsvDialect, detect_dialect, separator_in
from chalicelib.formats.csv.fragments import each_block_checked_for_fragments
from chalicelib.formats.csv.row_widths import RowWidths, columns_with_content, has_content, row_widths_of
from chalicelib.formats.csv.rows import DelimitedRows
from chalicelib.formats.csv.text_lines import TextLines
from chalicelib.formats.encoding.choose import Encoding
from chalicelib.formats.header_row import find_header_row, header_row_findings, index_on_line
from chalicelib.formats.headers import header_findings, nul_findings, read_headers
from chalicelib.formats.registry import find_format_of_delimiter
from chalicelib.formats.streams import Readable
from chalicelib.formats.table import Layout, Table, TextSource
from chalicelib.formats.text import DecodedText
from chalicelib.model.limits import Limits
from chalicelib.model.problem_codes import ProblemCode
from chalicelib.model.reading_options import ReadingOptions

_LINES_PER_ROW = 50
"""Lines that are looked at for each row of the sample. Where there are more of them, nearly all are blank, and more of
them show nothing more."""
_DIALECT_CHARACTERS = 64 << 10
"""How much of the beginning is looked at for the delimiter and the quotes."""


@dataclass(frozen=True, slots=True)
class _TableStart:
    """What the beginning of a source shows of its table."""

    dialect: CsvDialect
    lines_above: int
    """Physical lines above the header."""
    rows_above: int
    """How many of them have content."""
    rows_below: list[list[str]]
    """The first rows below the header, as far as they can be read."""


def open_delimited(source: TextSource) -> Table:
    """Returns the table in a source. Raises Refused where there is no header line, or it cannot be read."""
    encoding, options, limits = source.encoding, source.options, source.limits
    lines = TextLines(text := DecodedText(source.stream, encoding), limits.row_bytes)
    beginning = _look_at_beginning(lines, options, limits, source.preferred_delimiter)
    reader = DelimitedRows(lines, text, beginning.dialect, limits)
    header, below, line = reader.read_header(beginning.lines_above), beginning.rows_below, beginning.lines_above + 1
    if options.header_row is None:
        _refuse_broken_header(line, len(header), [*map(len, below)])
    headers = read_headers(header, limits, columns_below=0 if header[-1].strip() else columns_with_content(below))
    widths = row_widths_of(header, len(headers), below, limits)
    reader.begin(headers, widths)
    return Table(
        format=find_format_of_delimiter(beginning.dialect.delimiter),
        encoding=encoding.name,
        delimiter=beginning.dialect.delimiter,
        quote=beginning.dialect.quote,
        header_row=line,
        headers=headers,
        findings=(
            *header_row_findings(line, beginning.rows_above, below),
            *nul_findings(header),
            *header_findings(headers),
        ),
        blocks=each_block_checked_for_fragments(reader.each_block(), len(headers), widths),
        layout=_layout(encoding, reader, headers, widths, skipped_lines=beginning.lines_above),
    )


def _look_at_beginning(lines: TextLines, options: ReadingOptions, limits: Limits, preferred: str) -> _TableStart:
    """Returns what the first records show, without taking a line. Raises Refused where there is no header."""
    sample = lines.peek(_DIALECT_CHARACTERS)
    separator = separator_in(sample[0]) if sample and not options.delimiter else None
    dialect = _dialect(sample, separator, options, preferred)
    records = _first_records(lines, dialect, limits)[1 if separator else 0 :]
    place = _header_place(records, options.header_row, limits)
    below = [one.cells for one in records[place + 1 :] if one.cells]
    return _TableStart(dialect, records[place].line - 1, place, below)


def open_delimited_split(stream: Readable, layout: Layout, limits: Limits, *, is_first: bool) -> Table:
    """Returns the table in one split. Its rows and lines are numbered from 1; the header, and what stands above it,
    belongs to the first split."""
    stream.read(layout.encoding.mark_bytes if is_first else 0)
    text = DecodedText(stream, layout.encoding, is_start=is_first)
    reader = DelimitedRows(TextLines(text, limits.row_bytes), text, CsvDialect(layout.delimiter), limits)
    if is_first:
        reader.read_header(layout.skipped_lines)
    reader.begin(layout.headers, layout.widths)
    return Table(
        format=layout.format,
        encoding=layout.encoding.name,
        delimiter=layout.delimiter,
        quote=reader.dialect.quote,
        headers=layout.headers,
        findings=layout.findings if is_first else (),
        blocks=each_block_checked_for_fragments(reader.each_block(), len(layout.headers), layout.widths),
        count_lines=reader.count_lines,
    )


def _layout(
    encoding: Encoding, reader: DelimitedRows, headers: tuple[str, ...], widths: RowWidths, *, skipped_lines: int
) -> Layout | None:
    """Returns the layout, or None unless a record ends wherever a line ends outside quotes: that takes RFC 4180's
    quoting, and bytes that are ASCII wherever they look like it."""
    dialect = reader.dialect
    if dialect != CsvDialect(dialect.delimiter) or not dialect.delimiter.isascii() or not encoding.is_bytewise:
        return None
    return Layout(
        format=find_format_of_delimiter(dialect.delimiter),
        encoding=encoding,
        delimiter=dialect.delimiter,
        headers=headers,
        widths=widths,
        skipped_lines=skipped_lines,
        header_lines=reader.count_lines(),
    )


def _dialect(sample: list[str], separator: str | None, options: ReadingOptions, preferred: str) -> CsvDialect:
    if separator:
        return detect_dialect(sample[1:], ReadingOptions(delimiter=separator, quote=options.quote))
    return detect_dialect(sample, options, preferred)


def _refuse_broken_header(line: int, columns: int, widths: list[int]) -> None:
    """Raises Refused where the row below the header is the rest of it: together they are as wide as all other rows."""
    first, *others = [*widths, 0]
    if len(others) > 2 and {columns + first - 1} == {*others[:-1]} and columns < others[0]:
        message = (
            f"The header on line {line} seems to be cut by a line end. Put all headers on one line, or state another "
            "line as reading.header_row."
        )
        raise Refused("unreadable_header", message, problem=ProblemCode.LINE_END_IN_ROW.value)


@dataclass(frozen=True, slots=True)
class _FirstRecord:
    """A record at the beginning of the source that is not blank."""

    line: int
    """On which it begins."""
    cells: list[str]
    """Empty where its quotes cannot be read."""


def _header_place(records: list[_FirstRecord], stated_line: int | None, limits: Limits) -> int:
    """Returns which record is the header. Raises Refused where there is none, or none on the line that was stated."""
    if not records:
        raise Refused("empty_source", "The source has no header line. Send a file that has a header line and rows.")
    if stated_line is not None:
        return index_on_line([one.line for one in records], stated_line)
    return find_header_row([one.cells for one in records], limits) if records[0].cells else 0


def _first_records(lines: TextLines, dialect: CsvDialect, limits: Limits) -> list[_FirstRecord]:
    """Returns the records that show what the table looks like, without taking them."""
    characters, records = _DIALECT_CHARACTERS, list[_FirstRecord]()
    while characters <= limits.row_width_sample_bytes:
        sample = lines.peek(characters)
        records = list(islice(_each_record(dialect, sample), limits.row_width_sample_rows + limits.header_search_rows))
        is_mostly_blank = len(sample) > _LINES_PER_ROW * limits.row_width_sample_rows
        if is_mostly_blank or len(records) > limits.row_width_sample_rows or sum(map(len, sample)) < characters:
            break
        characters *= 4
    return records


def _each_record(dialect: CsvDialect, lines: list[str]) -> Iterator[_FirstRecord]:
    reader = dialect.read(iter(lines), is_strict=True)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield _FirstRecord(line, [])
            continue
        if cells and has_content(cells):
            yield _FirstRecord(line, cells)
