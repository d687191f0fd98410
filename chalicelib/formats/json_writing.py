"""Records as a JSON array, one object a line, and as NDJSON; lazily, in pieces. Values keep their structure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from chalicelib.formats.cell_writing import to_json

PIECE_ROWS = 500


class NdjsonWriter:
    begin = joint = end = b""

    def __init__(self, columns: Sequence[str] | None) -> None:
        """None for all that a record has, in its own order."""
        self._columns = columns

    def each_piece(self, records: Iterable[Mapping[str, Any]]) -> Iterator[bytes]:
        objects = _each_object(records, self._columns)
        while piece := b"".join(one + b"\n" for one in islice(objects, PIECE_ROWS)):
            yield piece


class JsonWriter:
    begin, joint, end = b"[", b",", b"\n]\n"

    def __init__(self, columns: Sequence[str] | None) -> None:
        """None for all that a record has, in its own order."""
        self._columns = columns

    def each_piece(self, records: Iterable[Mapping[str, Any]]) -> Iterator[bytes]:
        objects = _each_object(records, self._columns)
        joint = b""
        while piece := b",".join(b"\n" + one for one in islice(objects, PIECE_ROWS)):
            yield joint + piece
            joint = self.joint


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


def _each_object(records: Iterable[Mapping[str, Any]], columns: Sequence[str] | None) -> Iterator[bytes]:
    if columns is None:
        return map(to_json, map(dict, records))
    return (to_json({name: record.get(name) for name in columns}) for record in records)
