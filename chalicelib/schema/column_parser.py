"""Parses well-formed rows of cells column by column: rows go in, drafts with their keys, and fields by columns, come
out.

A cell that its field cannot take rejects its row, for the reason that the field's reader gives. Rows that are irregular
in another way are handed back, to be parsed one by one: those in which the reader of the source found a problem, those
that were corrected, and those with an explicit null. That this way and `row_parser` give equal results is a property
that tests compare (ADR 8).
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
    """The keys of the identities that could be read."""
    problems: list[Problem]
    """In the order of the resource's fields."""


@dataclass(slots=True)
class ParsedBlock:
    """The rows of a block, each in one of three lists, all in file order."""

    drafts: list[Draft] = field(default_factory=list)
    """Rows without an error; their fields stand in `fields`."""
    fields: FieldBlock = field(default_factory=FieldBlock)
    """What the drafts give; values of other rows may stand there too."""
    rejected: list[RejectedRow] = field(default_factory=list)
    irregular: list[Row] = field(default_factory=list)
    """Rows to be parsed one by one."""


@dataclass(frozen=True, slots=True)
class ColumnParser:
    """Parses blocks of rows of one source, column by column."""

    mapping: ColumnMapping
    names: list[str]
    """The fields that are fed, in the order of their columns."""
    readers: list[ColumnReader]
    """One for each of these fields."""
    order: list[int]
    """The columns in the order of the resource's fields, in which `row_parser` reports problems too."""
    keys: list[tuple[str, Callable[[Sequence[Any]], list[str | None]]]]
    """For each identity its field, and the function that makes keys from a column of that field's values."""
    null_marker: str | None
    location: tuple[str, Value] | None
    """The field that the import's location fills, and the value it gets."""

    @classmethod
    def of(
        cls, resource: Resource, mapping: ColumnMapping, limits: Limits, import_: Import, notations: SourceNotations
    ) -> "ColumnParser | None":
        """Returns the parser of a source.

        Returns None where the cells of a row must be looked at together: where an unknown column may fail its row,
        where an identity has several fields, where other fields stand for an identity's own, or where parts make a
        field.
        """
        is_simple = all(len(one.fields) == 1 for one in resource.identities) and not resource.stand_ins
        has_parts = any(resource.by_name[name].part_of for name in mapping.fields)
        if mapping.has_unknown_columns or not mapping.fields or not is_simple or has_parts:
            return None
        readers = [column_reader_of(resource.by_name[name], limits, notations.of(name)) for name in mapping.fields]
        location = _location(resource, import_.location_id)
        names = [*mapping.fields]
        keys = [(one.fields[0], column_key_finder(one)) for one in resource.identities]
        places = {one.name: place for place, one in enumerate(resource.fields)}
        order = sorted(range(len(names)), key=lambda index: places[names[index]])
        return cls(mapping, names, readers, order, keys, import_.reading.null_marker, location)

    def parse(self, block: RowBlock) -> ParsedBlock:
        """Returns the rows of the block, parsed, rejected or left to be parsed one by one."""
        irregular = [*block.each_row(sorted({*block.problems, *block.corrections}))]
        block = block.regular()
        if not block:
            return ParsedBlock(irregular=irregular)
        cells = self.mapping.select([*zip(*block.given, strict=True)])
        columns, problems = self._typed(block, cells)
        names, columns = self._with_location(columns, len(block))
        keys = self._keys(names, columns)
        nulls = self._find_nulls(cells)
        return ParsedBlock(
            drafts=_drafts(block, keys, nulls.union(problems)),
            fields=FieldBlock([*block.numbers], names, columns),
            rejected=[
                RejectedRow(block.numbers[place], block.lines[place], keys[place], problems[place])
                for place in sorted(problems.keys() - nulls)
            ],
            irregular=sorted([*irregular, *block.each_row(nulls)], key=attrgetter("number")),
        )

    def _typed(
        self, block: RowBlock, cells: Sequence[Sequence[str]]
    ) -> tuple[list[list[Any]], dict[int, list[Problem]]]:
        """Returns columns of values, with None where a cell is blank or invalid, and the problems by place."""
        read = [one.read(column) for one, column in zip(self.readers, cells, strict=True)]
        problems: dict[int, list[Problem]] = {}
        for index in self.order if any(has_invalid for _, has_invalid in read) else ():
            values, has_invalid = read[index]
            for place in _invalid_places(values) if has_invalid else ():
                where = block.numbers[place], block.lines[place]
                found = problem_of(values[place], self.names[index], cells[index][place], where)
                problems.setdefault(place, []).append(found)
                values[place] = None
        return [values for values, _ in read], problems

    def _keys(self, names: list[str], columns: list[list[Any]]) -> list[list[str]]:
        """Returns the identity keys of each row, in the order in which the resource declares its identities."""
        by_name = dict(zip(names, columns, strict=True))
        found = [find_keys(by_name[name]) for name, find_keys in self.keys if name in by_name]
        if not found:
            return [[] for _ in columns[0]]
        if any(None in keys for keys in found):
            return [[key for key in ones if key] for ones in zip(*found, strict=True)]
        return [*map(list, zip(*found, strict=True))]

    def _find_nulls(self, cells: Sequence[Sequence[str]]) -> set[int]:
        """Returns the places of rows that have a cell which stands for null."""
        if (marker := self.null_marker) is None:
            return set()
        return {place for column in cells if marker in column for place, cell in enumerate(column) if cell == marker}

    def _with_location(self, columns: list[list[Any]], rows: int) -> tuple[list[str], list[list[Any]]]:
        """Returns names and columns with the import's location in the rows that give none."""
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


def _invalid_places(values: Sequence[Any]) -> list[int]:
    return [place for place, value in enumerate(values) if type(value) is InvalidValue]


def _location(resource: Resource, location_id: str | None) -> tuple[str, Value] | None:
    name = resource.location_field
    if not (location_id and name):
        return None
    return name, [location_id] if resource.by_name[name].type is FieldType.LIST else location_id
