"""Selected records on their way from a shard to the files: as lines of JSON in work objects.

A line holds what the join needs and nothing else: the record's id, the value to sort by, the columns by position.
Objects are written in one stream and read in ranges, so that any number of them can be read side by side.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import orjson

from chalicelib.formats.registry import FORMATS, Format
from chalicelib.model.exports import Part
from chalicelib.model.rows import Value
from chalicelib.stores.interfaces import Files

CHUNK_LINES = 500
BLOCK_BYTES = 4 << 20
"""Read at a time, if there is one part; many parts share `BLOCKS_BYTES`."""
BLOCKS_BYTES = 48 << 20
SMALLEST_BLOCK = 64 << 10


class Entry(NamedTuple):
    """A selected record."""

    record_id: str
    sort_value: Value
    values: list[Value]
    """One for each column."""


def to_line(entry: Entry) -> bytes:
    return orjson.dumps(tuple(entry))


def from_line(line: bytes) -> Entry:
    return Entry(*orjson.loads(line))


def write_part(files: Files, key: str, lines: Iterable[bytes]) -> Part:
    """Of any length, in bounded memory."""
    rows = 0

    def chunks() -> Iterator[bytes]:
        nonlocal rows
        for several in _each_several(lines):
            rows += len(several)
            yield b"\n".join([*several, b""])

    stored = files.write_stream(key, chunks(), content_type=FORMATS[Format.NDJSON].content_type)
    return Part(key=key, rows=rows, size_bytes=stored.size_bytes)


def each_line(files: Files, part: Part, *, start: int = 0, beside: int = 1) -> Iterator[bytes]:
    """Lazily, in order, from byte `start` on; `beside` is how many parts are read at the same time."""
    block_bytes = max(SMALLEST_BLOCK, min(BLOCK_BYTES, BLOCKS_BYTES // beside))
    rest = b""
    for begin in range(start, part.size_bytes, block_bytes):
        with files.open_file(part.key, start=begin, end=min(part.size_bytes, begin + block_bytes)) as stream:
            *whole, rest = (rest + stream.read()).split(b"\n")
        yield from whole


def _each_several(lines: Iterable[bytes]) -> Iterator[list[bytes]]:
    several: list[bytes] = []
    for line in lines:
        several.append(line)
        if len(several) == CHUNK_LINES:
            yield several
            several = []
    if several:
        yield several
