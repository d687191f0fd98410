"""Records as a JSON array, one object a line, and as NDJSON; lazily, in pieces. Values keep their structure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from chalicelib.formats.blocks import BLOCK_ROWS
from chalicelib.formats.cell_writing import to_json


class NdjsonWriter:
    begin = joint = end = b""

    def __init__(self, columns: Sequence[str] | None) -> None:
        """None for all that a record has, in its own order."""
        self._columns = columns

    def each_piece(self, records: Iterable[Mapping[str, Any]]) -> Iterator[bytes]:
        objects = _each_object(records, self._columns)
        while piece := b"".join(one + b"\n" for one in islice(objects, BLOCK_ROWS)):
            yield piece


class JsonWriter:
    begin, joint, end = b"[", b",", b"\n]\n"

    def __init__(self, columns: Sequence[str] | None) -> None:
        """None for all that a record has, in its own order."""
        self._columns = columns

    def each_piece(self, records: Iterable[Mapping[str, Any]]) -> Iterator[bytes]:
        objects = _each_object(records, self._columns)
        joint = b""
        while piece := b",".join(b"\n" + one for one in islice(objects, BLOCK_ROWS)):
            yield joint + piece
            joint = self.joint


def _each_object(records: Iterable[Mapping[str, Any]], columns: Sequence[str] | None) -> Iterator[bytes]:
    if columns is None:
        return map(to_json, map(dict, records))
    names = tuple(columns)
    return (to_json(_fitted(record, names)) for record in records)


def _fitted(record: Mapping[str, Any], names: tuple[str, ...]) -> Mapping[str, Any]:
    """Nearly every record has its values in the order of the columns already."""
    is_fit = isinstance(record, dict) and tuple(record) == names
    return record if is_fit else {name: record.get(name) for name in names}
