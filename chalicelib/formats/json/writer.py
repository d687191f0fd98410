"""Writes records as a JSON array, one object a line, and as NDJSON; lazily, in chunks of bytes. Values keep their
structure."""

from collections.abc import Iterable, Iterator

import orjson

from chalicelib.formats.blocks import each_block
from chalicelib.formats.cell_values import json_default
from chalicelib.formats.cells import RecordFields, WriteRequest


class NdjsonWriter:
    """Writes records as NDJSON (a `Writer`)."""

    prefix = separator = suffix = b""

    def __init__(self, request: WriteRequest) -> None:
        self._columns = tuple(request.columns)

    def each_chunk(self, records: Iterable[RecordFields]) -> Iterator[bytes]:
        """Yields the lines of the records, block by block; lazy."""
        return (_joined(block, self._columns, b"\n") for block in each_block(records))


class JsonWriter:
    """Writes records as the objects of one JSON array (a `Writer`)."""

    prefix, separator, suffix = b"[", b",", b"\n]\n"

    def __init__(self, request: WriteRequest) -> None:
        self._columns = tuple(request.columns)

    def each_chunk(self, records: Iterable[RecordFields]) -> Iterator[bytes]:
        """Yields the objects of the records with commas between them, block by block; lazy."""
        separator = b"\n"
        for block in each_block(records):
            yield separator + _joined(block, self._columns, b",\n")[:-2]
            separator = b",\n"


class JsonArray:
    """Writes the same file as a `JsonWriter`, from objects that are JSON already; or a piece of one, which follows
    others.
    """

    def __init__(self, *, follows: bool = False) -> None:
        self._opening = JsonWriter.separator if follows else JsonWriter.prefix

    def to_chunk(self, objects: Iterable[bytes]) -> bytes:
        """Returns the next part of the file, with these objects, of which there must be one at least."""
        opening, self._opening = self._opening, JsonWriter.separator
        return opening + b"\n" + b",\n".join(objects)

    def closing(self) -> bytes:
        """Returns the end of the file."""
        return (JsonWriter.prefix if self._opening == JsonWriter.prefix else b"") + JsonWriter.suffix


def compact_copy(text: bytes) -> bytes:
    """Returns a copy that takes no more memory than it has bytes: orjson leaves 4 KB to each of its texts, however
    short."""
    return memoryview(text).tobytes()


def _joined(block: list[RecordFields], columns: tuple[str, ...], suffix: bytes) -> bytes:
    """Returns the objects with the suffix behind each of them. Putting them together makes a copy without orjson's
    spare memory."""
    return b"".join([orjson.dumps(one, json_default) + suffix for one in _in_column_order(block, columns)])


def _in_column_order(block: list[RecordFields], columns: tuple[str, ...]) -> list[RecordFields]:
    """Returns the records with their values in the order of the columns, as nearly all have them already."""
    is_ordered = all(tuple(one) == columns for one in block)
    return block if is_ordered else [{name: one.get(name) for name in columns} for one in block]
