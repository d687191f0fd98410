"""Reads well-formed rows of cells by columns: rows go in, drafts with their keys and fields by columns come out.

A cell that its field cannot take fails its row, by what the reader of the field says. Whatever else is odd about a
row, it is handed back, to be read by itself: a problem the reader of the source found, an explicit null. That this way
and `schema` read alike is a property that tests compare (ADR 8).
"""

from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any

from chalicelib.model.imports import Import
from chalicelib.model.limits import Limits
from chalicelib.model.notations import SourceNotations
from chalicelib.model.problems import Problem
from chalicelib.model.resources import FieldType, Resource
from chalicelib.model.rows import Draft, FieldBlock, Row, RowBlock, Value
from chalicelib.schema.column_mapping import ColumnMapping
from chalicelib.schema.identity import column_key_finder
from chalicelib.schema.row_parser import problem_of
from chalicelib.schema.types.columnar import ColumnReader, column_reader_of
from chalicelib.schema.types.value_reader import InvalidValue


@dataclass(slots=True)
class RejectedRow:
    """A row with cells that their fields cannot take."""

    row_number: int
    line: int
    keys: list[str]
    """Of the identities that could be read."""
    problems: list[Problem]
    """In the order of the resource's fields."""


@dataclass(slots=True)
class ParsedBlock:
    """The rows of a block, each in one of these, all in file order."""

    drafts: list[Draft] = field(default_factory=list)
    fields: FieldBlock = field(default_factory=FieldBlock)
    """What the drafts give; other rows may stand there too."""
    flawed: list[RejectedRow] = field(default_factory=list)
    others: list[Row] = field(default_factory=list)
    """To be read by themselves."""


@dataclass(frozen=True, slots=True)
class ColumnParser:
    """How the columns of one source are read."""

    plan: ColumnMapping
    names: list[str]
    readers: list[ColumnReader]
    order: list[int]
    """The columns in the order of the resource's fields, in which `schema` tells problems."""
    keys: list[tuple[str, Callable[[Sequence[Any]], list[str | None]]]]
    """Of each identity: its field, and what makes keys of that field's column."""
    null_marker: str | None
    location: tuple[str, Value] | None
    """The field that the import's location fills, and what with."""

    @classmethod
    def of(
        cls, resource: Resource, plan: ColumnMapping, limits: Limits, import_: Import, notations: SourceNotations
    ) -> "ColumnParser | None":
        """None where a row's cells must be looked at together: identities of several fields, or found by stand-ins."""
        is_simple = all(len(one.fields) == 1 for one in resource.identities) and not resource.stand_ins
        if plan.has_strangers or not plan.fields or not is_simple:
            return None
        readers = [column_reader_of(resource.by_name[name], limits, notations.of(name)) for name in plan.fields]
        location = _location(resource, import_.location_id)
        names = [*plan.fields]
        keys = [(one.fields[0], column_key_finder(one)) for one in resource.identities]
        places = {one.name: place for place, one in enumerate(resource.fields)}
        order = sorted(range(len(names)), key=lambda index: places[names[index]])
        return cls(plan, names, readers, order, keys, import_.reading.null_marker, location)

    def sort_out(self, block: RowBlock) -> ParsedBlock:
        others = [*block.each_row(sorted(block.problems))]
        block = block.without_problems()
        if not block:
            return ParsedBlock(others=others)
        cells = self.plan.chosen([*zip(*block.given, strict=True)])
        columns, problems = self._typed(block, cells)
        names, columns = self._located(columns, len(block))
        keys = self._keys(names, columns)
        nulls = self._find_nulls(cells)
        return ParsedBlock(
            drafts=_drafts(block, keys, nulls.union(problems)),
            fields=FieldBlock([*block.numbers], names, columns),
            flawed=[
                RejectedRow(block.numbers[place], block.lines[place], keys[place], problems[place])
                for place in sorted(problems.keys() - nulls)
            ],
            others=sorted([*others, *block.each_row(nulls)], key=attrgetter("number")),
        )

    def _typed(
        self, block: RowBlock, cells: Sequence[Sequence[str]]
    ) -> tuple[list[list[Any]], dict[int, list[Problem]]]:
        """Columns of values, with None where a cell is blank or cannot be read, and the problems by place."""
        read = [one.read(column) for one, column in zip(self.readers, cells, strict=True)]
        problems: dict[int, list[Problem]] = {}
        for index in self.order if any(is_flawed for _, is_flawed in read) else ():
            values, is_flawed = read[index]
            for place in _unreadable(values) if is_flawed else ():
                where = block.numbers[place], block.lines[place]
                found = problem_of(values[place], self.names[index], cells[index][place], where)
                problems.setdefault(place, []).append(found)
                values[place] = None
        return [values for values, _ in read], problems

    def _keys(self, names: list[str], columns: list[list[Any]]) -> list[list[str]]:
        by_name = dict(zip(names, columns, strict=True))
        found = [find_keys(by_name[name]) for name, find_keys in self.keys if name in by_name]
        if not found:
            return [[] for _ in columns[0]]
        if any(None in keys for keys in found):
            return [[key for key in ones if key] for ones in zip(*found, strict=True)]
        return [*map(list, zip(*found, strict=True))]

    def _find_nulls(self, cells: Sequence[Sequence[str]]) -> set[int]:
        """Places of rows that have a cell which stands for null."""
        if (marker := self.null_marker) is None:
            return set()
        return {place for column in cells if marker in column for place, cell in enumerate(column) if cell == marker}

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


def _drafts(block: RowBlock, keys: Sequence[list[str]], left_out: Set[int]) -> list[Draft]:
    each = zip(block.numbers, block.lines, keys, strict=True)
    drafts = [Draft(number, line, {}, of, None, False, []) for number, line, of in each]
    return [draft for place, draft in enumerate(drafts) if place not in left_out] if left_out else drafts


def _unreadable(values: Sequence[Any]) -> list[int]:
    return [place for place, value in enumerate(values) if type(value) is InvalidValue]


def _location(resource: Resource, location_id: str | None) -> tuple[str, Value] | None:
    name = resource.location_field
    if not (location_id and name):
        return None
    return name, [location_id] if resource.by_name[name].type is FieldType.LIST else location_id
