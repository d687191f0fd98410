"""Reads well-formed rows of cells by columns: rows go in, drafts with their keys and fields by columns come out.

Whatever is odd about a row, it is handed back, to be read by itself: a problem the reader found, an explicit null, a
cell its field cannot take. So this way only ever accepts, and errors are told by `schema` alone; that both ways read
alike is a property that tests compare (ADR 8).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import compress
from typing import Any

from chalicelib.model.limits import Limits
from chalicelib.model.resources import FieldType, Resource
from chalicelib.model.rows import Draft, FieldBlock, Row, Value
from chalicelib.rules.columns import ColumnPlan
from chalicelib.rules.identity import column_finder
from chalicelib.rules.values.in_columns import UNREADABLE, ColumnReader, column_reader_of


@dataclass(slots=True)
class Even:
    """The rows that could be read by columns."""

    drafts: list[Draft] = field(default_factory=list)
    fields: FieldBlock = field(default_factory=FieldBlock)


@dataclass(frozen=True, slots=True)
class Sheet:
    """How the columns of one source are read."""

    plan: ColumnPlan
    names: list[str]
    readers: list[ColumnReader]
    keys: list[tuple[str, Callable[[Sequence[Any]], list[str | None]]]]
    """Of each identity: its field, and what makes keys of that field's column."""
    null_marker: str | None
    location: tuple[str, Value] | None
    """The field that the import's location fills, and what with."""

    @classmethod
    def of(
        cls, resource: Resource, plan: ColumnPlan, limits: Limits, null_marker: str | None, location_id: str | None
    ) -> "Sheet | None":
        """None where a row's cells must be looked at together: identities of several fields, or found by stand-ins."""
        is_simple = all(len(one.fields) == 1 for one in resource.identities) and not resource.stand_ins
        if plan.has_strangers or not plan.fields or not is_simple:
            return None
        readers = [column_reader_of(resource.by_name[name], limits) for name in plan.fields]
        location = _location(resource, location_id)
        names = [*plan.fields]
        keys = [(one.fields[0], column_finder(one)) for one in resource.identities]
        return cls(plan, names, readers, keys, null_marker, location)

    def sort_out(self, rows: Sequence[Row]) -> tuple[Even, list[Row]]:
        """The rows that are in order, and the others, both in file order."""
        even = [row for row in rows if not row.problems]
        cells = self.plan.chosen([*zip(*(row.given for row in even), strict=True)])
        read = [one.read(column) for one, column in zip(self.readers, cells, strict=True)] if even else []
        columns = [column for column, _ in read]
        flawed = self._flawed(cells, [column for column, is_flawed in read if is_flawed])
        if flawed:
            is_even = [place not in flawed for place in range(len(even))]
            even = [*compress(even, is_even)]
            columns = [[*compress(column, is_even)] for column in columns]
        if len(even) == len(rows):
            return self._read(even, columns), []
        taken = {row.number for row in even}
        return self._read(even, columns), [row for row in rows if row.number not in taken]

    def _flawed(self, cells: Sequence[Sequence[str]], unreadable: Sequence[Sequence[Any]]) -> set[int]:
        """Places of rows that have a cell nobody can read, or one that stands for null."""
        flawed = {place for column in unreadable for place, value in enumerate(column) if value is UNREADABLE}
        if self.null_marker is not None:
            marker = self.null_marker
            flawed.update(place for column in cells for place, cell in enumerate(column) if cell == marker)
        return flawed

    def _read(self, rows: list[Row], columns: list[list[Any]]) -> Even:
        if not rows:
            return Even()
        names, columns = self._located(columns, len(rows))
        by_name = dict(zip(names, columns, strict=True))
        found = [find_keys(by_name[name]) for name, find_keys in self.keys if name in by_name]
        keys = [[key for key in ones if key] for ones in zip(*found, strict=True)] if found else [[] for _ in rows]
        drafts = [Draft(row.number, row.line, {}, of, None, False, []) for row, of in zip(rows, keys, strict=True)]
        return Even(drafts, FieldBlock([row.number for row in rows], names, columns))

    def _located(self, columns: list[list[Any]], rows: int) -> tuple[list[str], list[list[Any]]]:
        """With the import's location for the rows that give none."""
        if self.location is None:
            return self.names, columns
        name, location = self.location
        if name not in self.names:
            return [*self.names, name], [*columns, [location] * rows]
        place = self.names.index(name)
        filled = [location if value is None else value for value in columns[place]]
        return self.names, [*columns[:place], filled, *columns[place + 1 :]]


def _location(resource: Resource, location_id: str | None) -> tuple[str, Value] | None:
    name = resource.location_field
    if not (location_id and name):
        return None
    return name, [location_id] if resource.by_name[name].type is FieldType.LIST else location_id
