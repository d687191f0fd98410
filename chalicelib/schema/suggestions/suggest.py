"""Suggests a mapping: headers and sample rows of a source go in, for each column its field and the others it may mean.

What one column means may depend on the others: a `Name` beside a first name is a last name, and columns without any
header are known by their values alone.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from chalicelib.model.columns import Evidence
from chalicelib.model.resources import Resource
from chalicelib.schema.suggestions.assignment import assign
from chalicelib.schema.suggestions.candidates import Candidate, Column, candidates_of
from chalicelib.schema.suggestions.header_parser import LONGEST_HEADER, as_in, language_of, parse
from chalicelib.schema.suggestions.values import Samples, Vote, vote

_COLUMN = r"column|col|f|c|field|unnamed|spalte|feld|colonne|columna|coluna|kolom|kolumna|列|열"
_NAMELESS = re.compile(rf"(?:[\W_]*+|\W*+(?:{_COLUMN})[\W_]*+)(?:\d++\W*+)?", re.I)
"""A number, or a word for a column with or without one. It never tries a character twice."""
_TOLD_BY_VALUES = (
    *("email", "phone", "external_phone", "website", "linkedin", "status", "priority", "active", "external_id", "sku"),
)
"""The fields whose values look like nothing else."""
_BY_VALUES = 0.6
"""How sure a column without a name can be."""
_POWER = 3
"""Of confidences, so that two unsure suggestions never outweigh a sure one."""
_NEEDED, _LIKELY = 0.4, 0.75
"""What a required field is worth more, and how likely it has to be for that."""
_COMPANIES = ("company", "company_name")
_PARTS = ("first_name", "last_name")
_WHOLES = ("name", "full_name")
_PART = 0.85
"""How sure a bare name is a part of the name."""


@dataclass(frozen=True, slots=True)
class ColumnSuggestion:
    """What is suggested for one column."""

    header: str
    field: str | None
    """The field it is given; None where it should be left alone."""
    candidates: tuple[Candidate, ...]
    """All fields that it may mean, the surest first."""

    @property
    def confidence(self) -> float:
        """Returns how sure the suggested field is; 0 where there is none."""
        return next((one.confidence for one in self.candidates if one.field == self.field), 0.0)


def suggest_mapping(
    resource: Resource, headers: Sequence[str], rows: Sequence[Sequence[str]] = ()
) -> list[ColumnSuggestion]:
    """Returns a suggestion for each column, in their order."""
    columns = _columns(resource, headers, rows)
    ranked = [_by_values(one) if _is_nameless(one.header) else candidates_of(one) for one in columns]
    ranked = _with_parts_of_names(columns, ranked)
    fields = assign([{one.field: _weight(resource, one) for one in found} for found in ranked])
    each = zip(headers, fields, ranked, strict=True)
    return [ColumnSuggestion(header, field, tuple(found)) for header, field, found in each]


def _weight(resource: Resource, candidate: Candidate) -> float:
    """What it is worth that a column is given this field: of several, required fields are filled first."""
    is_needed = candidate.field in resource.required and candidate.confidence >= _LIKELY
    return candidate.confidence**_POWER + (_NEEDED if is_needed else 0.0)


def _columns(resource: Resource, headers: Sequence[str], rows: Sequence[Sequence[str]]) -> list[Column]:
    parsed = [parse(header) for header in headers]
    language = language_of(parsed)
    return [
        Column(
            resource, header, as_in(language, parsed[index]), Samples([row[index] for row in rows if index < len(row)])
        )
        for index, header in enumerate(headers)
    ]


def _is_nameless(header: str) -> bool:
    return header.strip() != "#" and _NAMELESS.fullmatch(header[:LONGEST_HEADER]) is not None


def _by_values(column: Column) -> list[Candidate]:
    """Returns the fields that values alone tell, for a column without a name."""
    by_name = column.resource.by_name
    found = [
        Candidate(name, _BY_VALUES, (Evidence.VALUES,))
        for name in _TOLD_BY_VALUES
        if name in by_name and vote(by_name[name], column.samples) is Vote.FOR
    ]
    if not found and (shown := next((name for name in _name_fields(column.samples) if name in by_name), None)):
        return [Candidate(shown, _BY_VALUES, (Evidence.VALUES,))]
    return found


def _name_fields(samples: Samples) -> tuple[str, ...]:
    return _COMPANIES if samples.are_companies else _WHOLES[::-1] if samples.are_people else ()


def _with_parts_of_names(columns: Sequence[Column], ranked: Sequence[list[Candidate]]) -> list[list[Candidate]]:
    """Returns the candidates, with a bare `Name` as the whole name, or as the part of it that no other column is."""
    found = {part for one in columns if (part := _part_of_name(one))}
    missing = [part for part in _PARTS if part not in found]
    part = missing[0] if len(missing) == 1 else None
    return [
        _as_name(column, one, part) if _is_bare_name(column) else one
        for column, one in zip(columns, ranked, strict=True)
    ]


def _part_of_name(column: Column) -> str | None:
    """The part of a name that a header means beyond doubt."""
    concepts = [one.concepts for one in column.segments if not one.concepts & {"name", "required"}]
    return next((part for part in _PARTS if concepts == [{part}]), None)


def _is_bare_name(column: Column) -> bool:
    concepts = [one.concepts for one in column.segments]
    return len(concepts) == 1 and "name" in concepts[0] and "company" not in concepts[0]


def _as_name(column: Column, found: Sequence[Candidate], part: str | None) -> list[Candidate]:
    """Values of several words are a whole name, whatever other columns hold."""
    is_whole = part is None or any(" " in one for one in column.samples.values)
    unfit = _PARTS if is_whole else (*_WHOLES, *_PARTS)
    others = [one for one in found if one.field not in unfit]
    is_known = part in column.resource.by_name and not is_whole
    return [Candidate(str(part), _PART, (Evidence.WORDS, Evidence.NEIGHBOURS)), *others] if is_known else others
