"""Opens CSV and TSV: finds the delimiter and the quotes, reads the header, and learns how wide the rows are.

In comes a stream of bytes, out goes a table whose rows are read while they are taken (`delimited_rows`). What was found
at the beginning goes along with the layout of a source that is cut, so that all its spans are read alike.
"""

import csv
from collections.abc import Iterator
from itertools import islice

from chalicelib.errors import Refused
from chalicelib.formats.delimited_rows import DelimitedRows
from chalicelib.formats.dialects import Dialect, dialect_of, separator_in
from chalicelib.formats.encodings import Encoding
from chalicelib.formats.fragments import each_block_beside_fragments
from chalicelib.formats.habits import Habits, columns_with_content, habits_of
from chalicelib.formats.headers import header_findings, nul_findings, read_headers
from chalicelib.formats.lines import Lines
from chalicelib.formats.streams import Readable
from chalicelib.formats.tables import Format, Layout, Table
from chalicelib.formats.text import Text
from chalicelib.model.imports import ReadingOptions
from chalicelib.model.limits import Limits

_DIALECT_CHARACTERS = 64 << 10
"""How much of the beginning is looked at for the delimiter and the quotes."""


def open_delimited(
    stream: Readable, encoding: Encoding, options: ReadingOptions, limits: Limits, preferred: str = ","
) -> Table:
    """Raises Refused where there is no header line, or it cannot be read."""
    lines = Lines(text := Text(stream, encoding), limits.row_bytes)
    sample = lines.peek(_DIALECT_CHARACTERS)
    separator = separator_in(sample[0]) if sample and not options.delimiter else None
    reader = DelimitedRows(lines, text, _dialect(sample, separator, options, preferred), limits)
    header = reader.read_header(skipped_lines=1 if separator else 0)
    if not header:
        raise Refused("empty_source", "The source has no header line. Send a file that has a header line and rows.")
    first_rows = _first_rows(lines, reader.dialect, limits)
    headers = read_headers(header, limits, columns_below=0 if header[-1].strip() else columns_with_content(first_rows))
    habits = habits_of(header, len(headers), first_rows, limits)
    reader.begin(headers, habits)
    layout = _layout(encoding, reader, headers, habits, skipped_lines=1 if separator else 0)
    return Table(
        format=_format_of(reader.dialect),
        encoding=encoding.name,
        delimiter=reader.dialect.delimiter,
        quote=reader.dialect.quote,
        headers=headers,
        findings=(*nul_findings(header), *header_findings(headers)),
        blocks=each_block_beside_fragments(reader.each_block(), len(headers), habits),
        layout=layout,
    )


def open_delimited_span(stream: Readable, layout: Layout, limits: Limits, *, is_first: bool) -> Table:
    """Its rows and lines are numbered from 1; the header, and what stands before it, belongs to the first span."""
    stream.read(layout.encoding.mark_bytes if is_first else 0)
    text = Text(stream, layout.encoding, is_start=is_first)
    reader = DelimitedRows(Lines(text, limits.row_bytes), text, Dialect(layout.delimiter), limits)
    if is_first:
        reader.read_header(layout.skipped_lines)
    reader.begin(layout.headers, layout.habits)
    return Table(
        format=layout.format,
        encoding=layout.encoding.name,
        delimiter=layout.delimiter,
        quote=reader.dialect.quote,
        headers=layout.headers,
        findings=layout.findings if is_first else (),
        blocks=each_block_beside_fragments(reader.each_block(), len(layout.headers), layout.habits),
        count_lines=reader.count_lines,
    )


def _layout(
    encoding: Encoding, reader: DelimitedRows, headers: tuple[str, ...], habits: Habits, *, skipped_lines: int
) -> Layout | None:
    """None unless a record ends where a line ends outside quotes: with RFC 4180's quoting, in bytes that are ASCII
    wherever they look like it."""
    dialect = reader.dialect
    if dialect != Dialect(dialect.delimiter) or not dialect.delimiter.isascii() or not encoding.is_bytewise:
        return None
    return Layout(
        format=_format_of(dialect),
        encoding=encoding,
        delimiter=dialect.delimiter,
        headers=headers,
        habits=habits,
        skipped_lines=skipped_lines,
        header_lines=reader.count_lines(),
    )


def _format_of(dialect: Dialect) -> Format:
    return Format.TSV if dialect.delimiter == "\t" else Format.CSV


def _dialect(sample: list[str], separator: str | None, options: ReadingOptions, preferred: str) -> Dialect:
    if separator:
        return dialect_of(sample[1:], ReadingOptions(delimiter=separator, quote=options.quote))
    return dialect_of(sample, options, preferred)


def _first_rows(lines: Lines, dialect: Dialect, limits: Limits) -> list[list[str]]:
    """Returns the rows behind the header that show the file's habits, as far as they can be read, without taking
    them."""
    characters, rows = _DIALECT_CHARACTERS, list[list[str]]()
    while characters <= limits.habit_sample_bytes:
        sample = lines.peek(characters)
        rows = list(islice(_each_readable(dialect, sample), limits.habit_sample_rows))
        if len(rows) == limits.habit_sample_rows or sum(map(len, sample)) < characters:
            break
        characters *= 4
    return rows


def _each_readable(dialect: Dialect, lines: list[str]) -> Iterator[list[str]]:
    reader = dialect.read(iter(lines), is_strict=True)
    while True:
        try:
            yield next(reader)
        except StopIteration:
            return
        except csv.Error:
            continue
