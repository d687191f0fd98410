"""Finds where a large source may be split, so that its splits are read side by side: at ends of rows, never within one.

In comes the source and its layout; out go the positions at which splits begin. NDJSON is looked at only around the
places where a split should end. Delimited text is read through, block by block, counting quotes: a line ends a row if
the quotes before its end are even in number. That is exact as long as every quote stands where RFC 4180 lets it stand,
so each block is checked for that, and behind the first quote that stands elsewhere the source is not split any more:
the last split is then read as the whole source would have been, stray quotes included.

A row too large to be read must not lie in a split that another follows, because the reader takes such a row apart.
Blocks, and what is carried over between them, are so small that it cannot.
"""

import codecs
import re
from bisect import bisect_left
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from typing import BinaryIO

from chalicelib.formats.encoding.choose import TAIL_BYTES, Encoding, detect_encoding
from chalicelib.formats.encoding.findings import guess_findings
from chalicelib.formats.registry import FORMATS
from chalicelib.formats.streams import BLOCK_BYTES
from chalicelib.formats.table import Layout
from chalicelib.model.limits import Limits

OpenAt = Callable[[int], AbstractContextManager[BinaryIO]]
"""The source from a byte on."""

QUOTE = b'"'
_LINE_ENDS = re.compile(rb"[\r\n]")
_GROWTH = 3
"""Rows are measured in UTF-8, where a byte of the source may take three."""

_COUNTED_BYTES = 64 << 20
"""Where quotes stand anywhere, the last split may be as long as the source: they are not counted through all of it."""


@dataclass(frozen=True, slots=True)
class Splits:
    """The splits of a source: each goes from its start to the next one's, the last to the end."""

    layout: Layout
    starts: tuple[int, ...]

    def end_of(self, split: int) -> int | None:
        """Returns the byte at which a split ends; None where the source ends."""
        return self.starts[split + 1] if split + 1 < len(self.starts) else None


def split_source(open_at: OpenAt, size_bytes: int, layout: Layout, limits: Limits) -> Splits | None:
    """Returns the splits; None where there would be only one. Memory is bounded, whatever the source holds. Splits are
    larger than `Limits.split_bytes` where they would be more than `Limits.tasks` otherwise."""
    limits = replace(limits, split_bytes=max(limits.split_bytes, size_bytes // limits.tasks + 1))
    if not FORMATS[layout.format].is_delimited:
        starts = _starts_of_lines(open_at, size_bytes, limits.split_bytes)
    else:
        with open_at(0) as stream:
            starts = _SplitScan(layout, limits).find_starts(stream)
    if len(starts) < 2:
        return None
    return Splits(_decided(layout, open_at, size_bytes), tuple(starts))


def _decided(layout: Layout, open_at: OpenAt, size_bytes: int) -> Layout:
    """Returns the layout with the encoding of all splits: where the beginning is ASCII, the one that is certain at the
    end, else UTF-8."""
    if not layout.encoding.is_undecided:
        return layout
    with open_at(max(0, size_bytes - TAIL_BYTES)) as stream:
        tail = _all_of(stream).partition(b"\n")[2]
    found = detect_encoding(tail) if FORMATS[layout.format].is_delimited else layout.encoding
    is_plain = found.is_bytewise and not (found.candidates or found.is_undecided)
    encoding = found if is_plain else Encoding("utf-8")
    return replace(layout, encoding=encoding, findings=(*guess_findings(encoding), *layout.findings))


def _all_of(stream: BinaryIO) -> bytes:
    return b"".join(iter(lambda: stream.read(BLOCK_BYTES), b""))


def _starts_of_lines(open_at: OpenAt, size_bytes: int, split_bytes: int) -> list[int]:
    starts = [0]
    while (wanted := starts[-1] + split_bytes) < size_bytes:
        with open_at(wanted - 1) as stream:
            start = wanted - 1 + _line_bytes(stream)
        if start >= size_bytes:
            break
        starts.append(start)
    return starts


def _line_bytes(stream: BinaryIO) -> int:
    """Returns the size of what is left of a line, with its end, or of the source."""
    size = 0
    while block := stream.read(BLOCK_BYTES):
        end = block.find(b"\n")
        if end >= 0:
            return size + end + 1
        size += len(block)
    return size


class _SplitScan:
    """Reads a source through, once, for the ends of its rows."""

    def __init__(self, layout: Layout, limits: Limits) -> None:
        self._block_bytes = max(1, min(limits.row_bytes // (4 * _GROWTH), limits.split_bytes))
        self._rest_bytes = limits.row_bytes // (2 * _GROWTH)
        self._split_bytes = limits.split_bytes
        self._kinds = _kinds_of(layout.delimiter)
        self._delimiter = layout.delimiter.encode()
        self._may_be_fragments = len(layout.headers) > 1 and not layout.widths.leaves_out_cells
        delimiter = re.escape(self._delimiter)
        self._first_cell = re.compile(rb'(?:"[^"]*(?:""[^"]*)*"|[^"\r\n' + delimiter + rb"]*)" + delimiter)
        self._may_be_open = False
        self._may_be_marked = layout.encoding.name == "utf-8"
        self._starts = [0]
        self._position = 0
        """The end of the last record that was looked at."""
        self._rest = b""
        """What was read behind that position."""
        self._candidate = 0
        """Where a split begins if what follows is a row; 0 for nowhere."""
        self._is_regular = True
        self._lines_ahead = layout.header_lines

    def find_starts(self, stream: BinaryIO) -> list[int]:
        while self._is_regular and (block := stream.read(self._block_bytes)):
            self._take(self._rest + block)
        is_closed = self._rest.count(QUOTE) % 2 == 0 and self._is_well_quoted(self._rest, self._position)
        if self._is_regular and self._rest and is_closed:
            self._judge_candidate(self._rest)
        return self._starts

    def _take(self, data: bytes) -> None:
        """Goes on to the end of the last record in the data, which is where a split may begin; what follows is kept."""
        end = row_end(data)
        rows, self._rest = data[:end], data[end:]
        self._is_regular = self._is_well_quoted(rows, self._position) and len(self._rest) <= self._rest_bytes
        if not end or not self._is_regular:
            return
        self._judge_candidate(data)
        self._position += end
        self._lines_ahead -= _count_lines(rows) if self._lines_ahead > 0 else 0
        self._note_last_quote(rows)
        is_due = self._lines_ahead <= 0 and self._position - self._starts[-1] >= self._split_bytes
        self._candidate = self._position if is_due and self._ends_row(rows) else 0

    def _judge_candidate(self, data: bytes) -> None:
        """Lets a split begin at the candidate if the data behind it begins with a row."""
        if self._candidate and self._begins_row(data):
            self._starts.append(self._candidate)
        self._candidate = 0

    def _note_last_quote(self, rows: bytes) -> None:
        """Takes note of a quote that closes a value, but stands where one may open, and may have been meant to: what
        becomes of its row is known only where the next quote is read, too."""
        at = rows.rfind(QUOTE)
        if at >= 0:
            self._may_be_open = rows[max(0, at - 1) : at] in (b"\n", b"\r", self._delimiter)

    def _ends_row(self, data: bytes) -> bool:
        """Returns whether the last record has more than one cell. One that has not may be a fragment of its neighbour,
        which can be told only where both are read together (`fragments`)."""
        if self._may_be_open:
            return False
        ended = data[: -2 if data.endswith(b"\r\n") else -1]
        record = _LINE_ENDS.split(_outside(ended[row_end(ended) :]))[-1]
        return not self._may_be_fragments or self._delimiter in record

    def _begins_row(self, data: bytes) -> bool:
        """Returns whether the first record has more than one cell, as far as its first one tells, and has all its
        quotes in order: a quote that is not may make it a fragment, too."""
        return not self._may_be_fragments or bool(self._first_cell.match(data))

    def _is_well_quoted(self, rows: bytes, position: int) -> bool:
        """Returns whether quotes stand only around values and, doubled, inside quoted ones."""
        if QUOTE not in rows:
            return True
        while position == 0 and self._may_be_marked and rows.startswith(codecs.BOM_UTF8):
            rows = rows[len(codecs.BOM_UTF8) :]
        outside = QUOTE.join(rows.split(QUOTE)[::2]).translate(self._kinds)
        return b'x"' not in outside and b'"x' not in outside


def row_end(data: bytes) -> int:
    """Returns the position behind the last line end outside quotes, in data that begins outside; 0 where there is
    none."""
    line_end = b"\n" if b"\n" in data else b"\r"
    last = len(data) - (line_end == b"\r")  # a CR at the very end may be half of a CRLF
    end = data.rfind(line_end, 0, last) + 1
    is_inside = data.count(QUOTE, 0, end) % 2
    while end and is_inside:
        before = data.rfind(line_end, 0, data.rfind(QUOTE, 0, end)) + 1
        is_inside ^= data.count(QUOTE, before, end) % 2
        end = before
    return end


def _outside(data: bytes) -> bytes:
    """Returns what stands outside of quotes, in data that begins outside."""
    return b"".join(data.split(QUOTE)[::2])


def _count_lines(rows: bytes) -> int:
    return rows.count(b"\n") + rows.count(b"\r") - rows.count(b"\r\n")


def _kinds_of(delimiter: str) -> bytes:
    """Returns a table for `bytes.translate` that leaves three kinds of bytes: quotes, what may stand next to them (a
    comma), and the rest (an x)."""
    near = delimiter.encode() + b"\r\n"
    return bytes(byte if byte == QUOTE[0] else ord(",") if byte in near else ord("x") for byte in range(256))


def find_row_near_end(open_at: OpenAt, size_bytes: int, splits: Splits, tail_bytes: int) -> int:
    """Returns the position of a row that begins in the last `tail_bytes`; the size where none does. A reader that
    begins there sees the last rows without those before.

    Quotes are counted from the beginning of the split on, where a row begins for certain: a line end between two of
    them ends no row.
    """
    wanted = size_bytes - tail_bytes
    if wanted <= splits.starts[0]:
        return splits.starts[0]
    start = max(splits.starts[bisect_left(splits.starts, wanted) - 1], wanted - _COUNTED_BYTES)
    quote = QUOTE if FORMATS[splits.layout.format].is_delimited else b""
    with open_at(start) as stream:
        is_inside = _count_odd(stream, wanted - 1 - start, quote)
        return wanted - 1 + _row_end(b"".join(iter(lambda: stream.read(BLOCK_BYTES), b"")), quote, is_inside=is_inside)


def _count_odd(stream: BinaryIO, size_bytes: int, quote: bytes) -> bool:
    """Returns whether the next bytes, of which there are `size_bytes`, have an odd number of quotes."""
    is_odd = False
    while size_bytes and (block := stream.read(min(BLOCK_BYTES, size_bytes))):
        is_odd ^= _has_odd(block, quote)
        size_bytes -= len(block)
    return is_odd


def _row_end(data: bytes, quote: bytes, *, is_inside: bool) -> int:
    """Returns the position behind the first line end outside quotes, or the end of the data."""
    line_end, position = (b"\n" if b"\n" in data else b"\r"), 0
    while (end := data.find(line_end, position) + 1) > 0:
        is_inside ^= _has_odd(data[position:end], quote)
        if not is_inside:
            return end
        position = end
    return len(data)


def _has_odd(data: bytes, quote: bytes) -> bool:
    return bool(quote) and data.count(quote) % 2 == 1
