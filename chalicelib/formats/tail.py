"""The end of a large source: where a reader can begin there, so as to see its last rows without those before.

In come the source, how it is written and where its spans begin, out goes the position of a row.
"""

from bisect import bisect_left
from typing import BinaryIO

from chalicelib.formats.registry import FORMATS
from chalicelib.formats.split import QUOTE, OpenAt, Splits
from chalicelib.formats.streams import BLOCK_BYTES

_COUNTED_BYTES = 64 << 20
"""Where quotes stand anywhere, the last span may be as long as the source: they are not counted through all of it."""


def find_row_near_end(open_at: OpenAt, size_bytes: int, cut: Splits, tail_bytes: int) -> int:
    """Where a row begins in the last `tail_bytes`; the size where none does. Quotes are counted from the beginning of
    the span on, where a row begins for certain: a line end between two of them ends no row."""
    wanted = size_bytes - tail_bytes
    if wanted <= cut.starts[0]:
        return cut.starts[0]
    start = max(cut.starts[bisect_left(cut.starts, wanted) - 1], wanted - _COUNTED_BYTES)
    quote = QUOTE if FORMATS[cut.layout.format].is_delimited else b""
    with open_at(start) as stream:
        is_inside = _count_odd(stream, wanted - 1 - start, quote)
        return wanted - 1 + _row_end(b"".join(iter(lambda: stream.read(BLOCK_BYTES), b"")), quote, is_inside=is_inside)


def _count_odd(stream: BinaryIO, size_bytes: int, quote: bytes) -> bool:
    """Whether so many bytes have an odd number of quotes."""
    is_odd = False
    while size_bytes and (block := stream.read(min(BLOCK_BYTES, size_bytes))):
        is_odd ^= _has_odd(block, quote)
        size_bytes -= len(block)
    return is_odd


def _row_end(data: bytes, quote: bytes, *, is_inside: bool) -> int:
    """Behind the first line end outside quotes, or the end."""
    line_end, position = (b"\n" if b"\n" in data else b"\r"), 0
    while (end := data.find(line_end, position) + 1) > 0:
        is_inside ^= _has_odd(data[position:end], quote)
        if not is_inside:
            return end
        position = end
    return len(data)


def _has_odd(data: bytes, quote: bytes) -> bool:
    return bool(quote) and data.count(quote) % 2 == 1
