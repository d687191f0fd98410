"""Records as a JSON array, one object a line, and as NDJSON; lazily, in pieces. Values keep their structure."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import orjson

from chalicelib.formats.cell_values import known
from chalicelib.formats.cells import WriteRequest
from chalicelib.formats.record_blocks import each_block

Record = Mapping[str, Any]


class NdjsonWriter:
    begin = joint = end = b""

    def __init__(self, request: WriteRequest) -> None:
        self._columns = tuple(request.columns)

    def each_piece(self, records: Iterable[Record]) -> Iterator[bytes]:
        return (_joined(block, self._columns, b"\n") for block in each_block(records))


class JsonWriter:
    begin, joint, end = b"[", b",", b"\n]\n"

    def __init__(self, request: WriteRequest) -> None:
        self._columns = tuple(request.columns)

    def each_piece(self, records: Iterable[Record]) -> Iterator[bytes]:
        joint = b"\n"
        for block in each_block(records):
            yield joint + _joined(block, self._columns, b",\n")[:-2]
            joint = b",\n"


class JsonArray:
    """The same file as a `JsonWriter` makes, from objects that are JSON already."""

    def __init__(self) -> None:
        self._opening = JsonWriter.begin

    def piece(self, objects: Iterable[bytes]) -> bytes:
        """Of one object at least."""
        opening, self._opening = self._opening, JsonWriter.joint
        return opening + b"\n" + b",\n".join(objects)

    def end(self) -> bytes:
        return (JsonWriter.begin if self._opening == JsonWriter.begin else b"") + JsonWriter.end


def trimmed(text: bytes) -> bytes:
    """A copy that takes no more memory than it has bytes: orjson leaves 4 KB to each of its texts, however short."""
    return memoryview(text).tobytes()


def _joined(block: list[Record], columns: tuple[str, ...], end: bytes) -> bytes:
    """Each with the end behind it, which makes a trimmed copy."""
    return b"".join([orjson.dumps(one, known) + end for one in _fitted(block, columns)])


def _fitted(block: list[Record], columns: tuple[str, ...]) -> list[Record]:
    """The records with their values in the order of the columns, as nearly all have them already."""
    is_fitted = all(tuple(one) == columns for one in block)
    return block if is_fitted else [{name: one.get(name) for name in columns} for one in block]
