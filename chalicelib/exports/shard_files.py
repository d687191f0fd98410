"""Selected records on their way from a shard to the files of an export: lines of JSON in shard files, work objects.

A line holds what the files need and nothing else: the record's id, the value to sort by, the columns by position. Shard
files are written in one stream and read in ranges, so that any number of them can be read side by side.
"""

import heapq
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

import orjson

from chalicelib.formats.registry import FORMATS, Format
from chalicelib.model.exports import ShardFile
from chalicelib.model.rows import Value
from chalicelib.schema.query.sorting import SortKey
from chalicelib.stores.interfaces import Files

CHUNK_LINES = 500
BLOCK_BYTES = 4 << 20
"""How much is read at a time of a single shard file; many of them share `BLOCKS_BYTES`."""
BLOCKS_BYTES = 48 << 20
SMALLEST_BLOCK_BYTES = 64 << 10

_Numbered = tuple[int, bytes]
"""A line, and the number of its shard file."""


class SelectedRecord(NamedTuple):
    """A record that belongs into the export, as a shard file holds it."""

    record_id: str
    sort_value: Value
    values: list[Value]
    """One for each column."""


class ShardFileLines:
    """The lines of all shard files in one stream, which another process can go on with at any line.

    Without `sort_key`, file follows file; with it, sorted files are merged. `offsets` says how many bytes of each file
    have been handed out.
    """

    def __init__(
        self,
        files: Files,
        shard_files: Sequence[ShardFile],
        offsets: Sequence[int] = (),
        *,
        sort_key: Callable[[bytes], SortKey] | None,
    ) -> None:
        self._files = files
        self._shard_files = shard_files
        self._sort_key = sort_key
        self.offsets = list(offsets) or [0] * len(shard_files)

    def each_line(self) -> Iterator[bytes]:
        """Yields the lines in the order that was asked for, without line ends; lazy. While a line is out, the offsets
        stand behind it.
        """
        for number, line in self._merged() if self._sort_key else self._concatenated():
            self.offsets[number] += len(line) + 1
            yield line

    def _concatenated(self) -> Iterator[_Numbered]:
        for number in range(len(self._shard_files)):
            yield from self._each_of(number, beside=1)

    def _merged(self) -> Iterator[_Numbered]:
        sort_key = self._sort_key
        assert sort_key is not None
        streams = [self._each_of(number, beside=len(self._shard_files)) for number in range(len(self._shard_files))]
        return heapq.merge(*streams, key=lambda numbered: sort_key(numbered[1]))

    def _each_of(self, number: int, *, beside: int) -> Iterator[_Numbered]:
        lines = each_line(self._files, self._shard_files[number], start=self.offsets[number], beside=beside)
        return ((number, line) for line in lines)


def to_line(record: SelectedRecord) -> bytes:
    """Returns the record as a line, without its end."""
    return orjson.dumps(tuple(record))


def from_line(line: bytes) -> SelectedRecord:
    """Returns the record that `to_line` made a line of."""
    return SelectedRecord(*orjson.loads(line))


def write_shard_file(files: Files, key: str, lines: Iterable[bytes]) -> ShardFile:
    """Writes lines of any number, in bounded memory."""
    rows = 0

    def chunks() -> Iterator[bytes]:
        nonlocal rows
        for chunk in _each_chunk(lines):
            rows += len(chunk)
            yield b"\n".join([*chunk, b""])

    stored = files.write_stream(key, chunks(), content_type=FORMATS[Format.NDJSON].content_type)
    return ShardFile(key=key, rows=rows, size_bytes=stored.size_bytes)


def each_line(files: Files, shard_file: ShardFile, *, start: int = 0, beside: int = 1) -> Iterator[bytes]:
    """Yields the lines of a shard file in order, from byte `start` on; lazy. `beside` is how many files are read at the
    same time.
    """
    block_bytes = max(SMALLEST_BLOCK_BYTES, min(BLOCK_BYTES, BLOCKS_BYTES // beside))
    rest = b""
    size_bytes = shard_file.size_bytes
    for begin in range(start, size_bytes, block_bytes):
        with files.open_file(shard_file.key, start=begin, end=min(size_bytes, begin + block_bytes)) as block:
            *whole, rest = (rest + block.read()).split(b"\n")
        yield from whole


def _each_chunk(lines: Iterable[bytes]) -> Iterator[list[bytes]]:
    chunk: list[bytes] = []
    for line in lines:
        chunk.append(line)
        if len(chunk) == CHUNK_LINES:
            yield chunk
            chunk = []
    if chunk:
        yield chunk
