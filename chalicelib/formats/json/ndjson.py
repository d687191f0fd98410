"""Reads NDJSON, also known as JSON Lines: one JSON object a line, each line judged by itself.

Bytes in UTF-8 come in, rows go out. Blank lines are no rows; CR LF is fine; a line that is not JSON fails alone. A byte
order mark at the beginning of a line comes from files that were put together, and is not part of the line.
"""

from codecs import BOM_UTF8
from collections.abc import Iterator

from chalicelib.formats.blocks import in_blocks
from chalicelib.formats.json.row_shape import ELEMENTS_LOOKED_AT, refuse_as_rows
from chalicelib.formats.json.utf8 import utf8_stream
from chalicelib.formats.json.values import row_of_json, row_too_large, truncated_row
from chalicelib.formats.registry import Format
from chalicelib.formats.streams import BLOCK_BYTES, BrokenStream, Peekable, Readable
from chalicelib.formats.table import Layout, Table, TextSource
from chalicelib.model.limits import Limits
from chalicelib.model.rows import Row


def open_ndjson(source: TextSource) -> Table:
    """Returns the table in a source. Raises Refused `unreadable_format` where the first line is no row but something
    around rows."""
    encoding, limits = source.encoding, source.limits
    text = Peekable(utf8_stream(source.stream, encoding))
    first = [line for line in text.peek(limits.row_bytes).split(b"\n", 2 * ELEMENTS_LOOKED_AT) if line.strip()]
    refuse_as_rows(first[:ELEMENTS_LOOKED_AT], source.record_names, limits)
    rows = each_row(text, limits)
    layout = Layout(format=Format.NDJSON, encoding=encoding) if encoding.name == "utf-8" else None
    return Table(format=Format.NDJSON, encoding=encoding.name, blocks=in_blocks(rows), layout=layout)


def open_ndjson_split(stream: Readable, layout: Layout, limits: Limits, *, is_first: bool) -> Table:
    """Returns the table in one split, whose rows and lines are numbered from 1."""
    lines = LineCounter()
    stream.read(layout.encoding.mark_bytes if is_first else 0)
    text = utf8_stream(stream, layout.encoding)
    return Table(
        format=layout.format,
        encoding=layout.encoding.name,
        findings=layout.findings if is_first else (),
        blocks=in_blocks(each_row(text, limits, lines)),
        count_lines=lambda: lines.number,
    )


class LineCounter:
    """The number of lines that have been read so far."""

    number = 0


def each_row(stream: Readable, limits: Limits, lines: LineCounter | None = None) -> Iterator[Row]:
    """Yields a row for each line that is not blank; lazy. The stream must be UTF-8 without a byte order mark."""
    number, lines = 0, lines or LineCounter()
    for line, raw in enumerate(each_line(stream, limits.row_bytes), start=1):
        lines.number = line
        if isinstance(raw, TruncatedLine):
            number += 1
            yield truncated_row(number, line, [raw.beginning.decode("utf-8", "replace")], raw.reason)
        elif len(raw) > limits.row_bytes:
            number += 1
            yield row_too_large(number, line, limits)
        elif raw and not raw.isspace():
            number += 1
            yield row_of_json(number, line, raw.removeprefix(BOM_UTF8), limits)


class TruncatedLine:
    """The beginning of the line in which the stream broke off, with the reason."""

    def __init__(self, beginning: bytes, reason: str) -> None:
        self.beginning = beginning
        self.reason = reason


def each_line(stream: Readable, line_bytes: int) -> Iterator[bytes | TruncatedLine]:
    """Yields the lines without their ends; lazy. Of a line longer than `line_bytes`, that many bytes and one more are
    given."""
    rest, is_skipping, data = b"", False, b"\n"
    while data:
        try:
            data = stream.read(BLOCK_BYTES)
        except BrokenStream as broken:
            yield TruncatedLine(rest[:line_bytes], str(broken))
            return
        *lines, rest = (rest + data).split(b"\n")
        if is_skipping and lines:
            del lines[0]
            is_skipping = False
        yield from (line.rstrip(b"\r") for line in lines)
        if len(rest) > line_bytes and not is_skipping:
            yield rest[: line_bytes + 1]
            is_skipping = True
        rest = b"" if is_skipping else rest
    if rest:
        yield rest
