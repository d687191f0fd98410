"""Suggests how the columns of a source to come should be mapped: header line and sample rows go in.

Where a title stands in the place of the header line, the header is found among the samples, by the rules by which
imports find it. Nothing is stored, and no import is needed.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from chalicelib.formats.header_row import find_header_row
from chalicelib.model.limits import Limits
from chalicelib.model.resources import Resource
from chalicelib.schema.defaults import missing_fields
from chalicelib.schema.suggestions.suggest import ColumnSuggestion, suggest_mapping


@dataclass(frozen=True, slots=True)
class MappingSuggestion:
    """A suggestion for all columns of a source."""

    resource: Resource
    columns: tuple[ColumnSuggestion, ...]
    header_sample: int | None
    """Which of the sample rows is the header line, counted from 1; None where that stands above them."""

    @property
    def column_mapping(self) -> dict[str, str]:
        """Returns header by field, as an import takes it: columns without a header cannot be named, and of those with
        the same one the first only, which is the one that imports read."""
        named: dict[str, str] = {}
        seen = {""}
        for column in self.columns:
            header = column.header.strip()
            if column.field and header not in seen:
                named[column.field] = header
            seen.add(header)
        return named

    @property
    def missing(self) -> list[str]:
        """Returns the fields that a new record needs and no column feeds; of several of which one would do, the
        first."""
        given = {column.field: column.field for column in self.columns if column.field}
        return [group[0] for group in missing_fields(self.resource, {**given})]


def suggest_columns(
    resource: Resource, headers: Sequence[str], samples: Sequence[Sequence[str]], limits: Limits
) -> MappingSuggestion:
    """Returns a suggestion for each of the headers; cells beyond them are not looked at."""
    rows = [tuple(row[: len(headers)]) for row in samples]
    places = [place for place, row in enumerate(rows) if any(cell.strip() for cell in row)]
    found = find_header_row([headers, *(rows[place] for place in places)], limits)
    if not found:
        return MappingSuggestion(resource, tuple(suggest_mapping(resource, headers, rows)), None)
    place = places[found - 1]
    header_line = [*rows[place], *[""] * (len(headers) - len(rows[place]))]
    return MappingSuggestion(resource, tuple(suggest_mapping(resource, header_line, rows[place + 1 :])), place + 1)
