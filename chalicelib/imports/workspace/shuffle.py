"""A shuffle: tasks of one phase write parts that tasks of a later phase read, and none of them knows the others.

    object of a writer   places │ part 0 │ part 1 │ …      where each part begins, and the last one ends
    index                part 0: where it begins in every object │ part 1: … │ …

Every writer leaves one object, whatever the number of parts. The gate between the two phases, when no writer can change
any more, makes the index, so that a reader learns from two of its rows where its parts lie. Without an index, as where
an import has ended before that gate, a reader asks every object.
"""

import struct
from array import array
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate

from chalicelib.errors import NotFound
from chalicelib.imports.workspace.work_objects import WorkObjects
from chalicelib.model.phases import PhaseName
from chalicelib.stores.interfaces import FileRange

PLACE_BYTES = 8
"""A place in an object as text: work objects of requests are kept as text."""

_ABSENT = (0, 0)


class Shuffle:
    """The parts of one name that tasks of a phase hand to those of a later one."""

    def __init__(self, objects: WorkObjects, phase: PhaseName, name: str, parts: int) -> None:
        self._objects = objects
        self._phase = phase
        self._name = name
        self._parts = parts
        self._head_bytes = PLACE_BYTES * (parts + 1)

    def write(self, writer: int, parts: Mapping[int, bytes]) -> None:
        """Writes the parts of one writer, by number. Without any no object is written: an absent one reads as empty."""
        if parts:
            each = [parts.get(number, b"") for number in range(self._parts)]
            places = _to_text([*accumulate(map(len, each), initial=self._head_bytes)])
            self._objects.write_content(self._phase, f"{self._name}/{writer}", b"".join([places, *each]))

    def write_index(self, writers: Mapping[int, int]) -> None:
        """Writes where the parts of all writers lie; `writers` are their numbers in order, each with its task. Where
        there is a single part or writer nothing is written, as readers need no index.
        """
        if not self._has_index(writers):
            return
        wide = len(writers)
        places = array("I", bytes(4 * wide * (self._parts + 1)))
        heads = self._objects.read_ranges([FileRange(key, 0, self._head_bytes) for key in self._keys(writers)])
        for column, head in enumerate(heads):
            if head is not None:
                places[column::wide] = array("I", _from_text(head))
        rows = (places[at : at + wide] for at in range(0, len(places), wide))
        self._objects.write_shared(f"{self._phase}/{self._name}/index", b"".join(map(_to_text, rows)))

    def each(self, part: int, writers: Mapping[int, int]) -> Iterator[tuple[int, bytes]]:
        """Yields one part of every writer that has it, with the writer's number, in the order of `writers`. Lazy, and
        read a little ahead. Raises NotFound where an object is gone that the index knows.
        """
        ranges = {
            writer: FileRange(key, *place)
            for writer, key, place in zip(writers, self._keys(writers), self._each_place(part, writers), strict=True)
            if place != _ABSENT
        }
        for writer, content in zip(ranges, self._objects.read_ranges([*ranges.values()]), strict=True):
            if content is not None:
                yield writer, content
            elif self._parts > 1:
                raise NotFound("not_found", f"There is no file {ranges[writer].key!r}.")

    def _each_place(self, part: int, writers: Mapping[int, int]) -> Sequence[tuple[int, int | None]]:
        """From where to where the part lies in the object of each writer. A single part is all that an object has, if
        there is one."""
        if self._parts == 1 or not writers:
            return [(self._head_bytes, None)] * len(writers)
        indexed = self._find_indexed(part, len(writers)) if self._has_index(writers) else None
        return indexed or self._find_each(part, writers)

    def _has_index(self, writers: Mapping[int, int]) -> bool:
        return self._parts > 1 and len(writers) > 1

    def _find_indexed(self, part: int, writers: int) -> list[tuple[int, int]] | None:
        row_bytes = PLACE_BYTES * writers
        key = self._objects.key_of_shared(f"{self._phase}/{self._name}/index")
        (rows,) = self._objects.read_ranges([FileRange(key, row_bytes * part, row_bytes * (part + 2))])
        if rows is None or len(rows) != 2 * row_bytes:
            return None
        starts, ends = _from_text(rows[:row_bytes]), _from_text(rows[row_bytes:])
        return [_place(start, end) for start, end in zip(starts, ends, strict=True)]

    def _find_each(self, part: int, writers: Mapping[int, int]) -> list[tuple[int, int]]:
        start, end = PLACE_BYTES * part, PLACE_BYTES * (part + 2)
        found = self._objects.read_ranges([FileRange(key, start, end) for key in self._keys(writers)])
        return [_ABSENT if one is None else _place(*_from_text(one)) for one in found]

    def _keys(self, writers: Mapping[int, int]) -> list[str]:
        attempts = self._objects.get_committed_attempts(self._phase)
        return [
            self._objects.key_of(self._phase, f"{self._name}/{writer}", attempts[task])
            for writer, task in writers.items()
        ]


def _place(start: int, end: int) -> tuple[int, int]:
    return (start, end) if start < end else _ABSENT


def _to_text(places: Sequence[int]) -> bytes:
    return struct.pack(f">{len(places)}I", *places).hex().encode()


def _from_text(text: bytes) -> tuple[int, ...]:
    return struct.unpack(f">{len(text) // PLACE_BYTES}I", bytes.fromhex(text.decode()))
