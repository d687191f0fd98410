"""Rows as they were given, with corrections: in comes a row and what was wrong with it, out goes the row to be read.

A correction counts by its value, as JSON has it. Beside that it is written into the row, under the header that feeds
its field, or in a column behind the others, so that listings and files of the retry show what was read.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from chalicelib.formats.cell_values import to_cell
from chalicelib.model.notations import DecimalSign, SourceNotations
from chalicelib.model.problem_codes import ProblemCode
from chalicelib.model.problems import Problem
from chalicelib.model.resources import Resource
from chalicelib.model.retries import FOUND_BY_READER, RetryTerms, is_corrected_as_whole
from chalicelib.model.rows import Fields, Row, Value
from chalicelib.schema.column_mapping import ColumnMapping
from chalicelib.schema.key_mapping import KeyMapping

_SHORT = frozenset({ProblemCode.ROW_TOO_SHORT, ProblemCode.CELLS_LEFT_OUT})
"""What is wrong with rows that have fewer cells than there are headers, until they are corrected."""


@dataclass(frozen=True, slots=True)
class RowCorrector:
    """Corrects the rows of one source."""

    mapping: ColumnMapping | KeyMapping
    terms: RetryTerms
    read: tuple[str, ...]
    """The headers of the source; empty for JSON."""
    added: tuple[str, ...]
    """Fields with corrections that no column feeds, in the order of the resource."""
    notations: SourceNotations

    @classmethod
    def of(
        cls,
        resource: Resource,
        mapping: ColumnMapping | KeyMapping,
        headers: tuple[str, ...],
        terms: RetryTerms,
        notations: SourceNotations,
    ) -> "RowCorrector":
        """Returns the corrector of a source with these headers."""
        added: tuple[str, ...] = ()
        if isinstance(mapping, ColumnMapping):
            corrected = {name for values in terms.corrections.values() for name in values}
            added = tuple(one.name for one in resource.fields if one.name in corrected - {*mapping.columns})
        return cls(mapping, terms, headers, added, notations)

    @property
    def headers(self) -> tuple[str, ...]:
        """Returns the headers of the rows that come out."""
        return (*self.read, *self.added)

    def correct(self, row: Row, problems: Sequence[Problem]) -> Row:
        """Returns a row with its correction, if it has one, and with what the reader of its source had found."""
        values = self.terms.corrections.get(row.number, {})
        found = [one for one in problems if one.code in FOUND_BY_READER]
        is_whole = bool(values) and is_corrected_as_whole(problems)
        if values:
            found = [] if is_whole else [one for one in found if one.code not in _SHORT]
        given = self._corrected_cells(row.given, values, is_whole=is_whole)
        return replace(row, given=given, problems=found, corrections=values)

    def _corrected_cells(
        self, given: Sequence[str] | Mapping[str, object], values: Fields, *, is_whole: bool
    ) -> Sequence[str] | Mapping[str, object]:
        if isinstance(self.mapping, KeyMapping):
            row = given if isinstance(given, Mapping) and not is_whole else {}
            return self.mapping.corrected(row, values) if values else given
        read, added = len(self.read), len(self.added)
        cells = ["" for _ in range(read)] if is_whole else [*given, *[""] * (read - len(given))]
        cells = [*cells[:read], *[""] * added, *cells[read:]]
        columns = self.mapping.columns | {name: read + place for place, name in enumerate(self.added)}
        for name, value in values.items():
            cells[columns[name]] = self._to_cell(name, value)
        return cells

    def _to_cell(self, name: str, value: Value) -> str:
        """As the column would have it: a number with the decimal sign of the others."""
        text = to_cell(value)
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        return text.replace(".", ",") if is_number and self.notations.of(name).decimal is DecimalSign.COMMA else text
