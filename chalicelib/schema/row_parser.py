"""Parses whole rows: values by field name go in, as the mapping of the headers chose them; typed fields and problems
come out.

A validator is compiled once per source, from the resource's declaration, and has the last word on what a row may hold.
A faster way in front of it, such as `column_parser`, must give equal results.
"""

from collections.abc import Mapping

from pydantic_core import SchemaValidator, ValidationError
from pydantic_core.core_schema import (
    CoreSchema,
    no_info_plain_validator_function,
    typed_dict_field,
    typed_dict_schema,
)

from chalicelib.model.invisible_characters import is_blank
from chalicelib.model.limits import DEFAULT_LIMITS, Limits
from chalicelib.model.notations import NOTHING_KNOWN, SourceNotations
from chalicelib.model.problem_codes import ProblemCode
from chalicelib.model.problems import Problem, quoted
from chalicelib.model.resources import Resource
from chalicelib.model.rows import Fields
from chalicelib.schema.defaults import required_facts
from chalicelib.schema.types import reader_of
from chalicelib.schema.types.value_reader import InvalidValue


class RowParser:
    """Parses rows of one resource.

    `null_marker` is the text that stands for an explicit null in cells; without one, only JSON's null does. `notations`
    say how values with more than one reading are meant.
    """

    def __init__(
        self,
        resource: Resource,
        limits: Limits = DEFAULT_LIMITS,
        null_marker: str | None = None,
        notations: SourceNotations = NOTHING_KNOWN,
    ) -> None:
        self._required = frozenset(one.name for one in resource.fields if one.required)
        self._any_of = resource.any_of
        self._parts = resource.parts
        self._null_marker = null_marker
        self._validator = SchemaValidator(_compiled(resource, limits, notations))

    def parse(
        self, given: Mapping[str, object], row_number: int = 0, line: int | None = None
    ) -> tuple[Fields, list[Problem]]:
        """Returns the fields that are valid, and the problems of the others.

        Blank texts count as not given, and so does a null `id`; a null clears any other field, unless the field is
        required. The valid fields of a row with problems are returned too: they say which record it means, and cleanup
        must know of it. Whether required fields are missing is a question for `missing_fields`, since it depends on
        what becomes of the row. A field that the row does not give is made of its parts, if it gives them all.
        """
        fields, problems = self._parse(given, row_number, line)
        return (self._without_parts(given, fields) if self._parts else fields), problems

    def _parse(self, given: Mapping[str, object], row_number: int, line: int | None) -> tuple[Fields, list[Problem]]:
        if self._null_marker is not None:
            given = {name: None if value == self._null_marker else value for name, value in given.items()}
        present = given if all(given.values()) else {n: v for n, v in given.items() if v or (v is not None and v != "")}
        try:
            fields: Fields = self._validator.validate_python(present)
        except ValidationError as error:
            return self._valid_part(given, _invalid_values(error), (row_number, line))
        if len(present) < len(given) and None in given.values():
            return self._valid_part(given, {}, (row_number, line))
        return fields, []

    def _without_parts(self, given: Mapping[str, object], fields: Fields) -> Fields:
        """Parts count as given where one of them is blank, as people with one name have it; a part alone would undo the
        other one of a stored record."""
        made = {}
        for whole, parts in self._parts.items():
            text = " ".join(str(fields[part]) for part in parts if fields.get(part))
            if text and whole not in fields and all(part in given for part in parts):
                made[whole] = text
        unstored = {part for parts in self._parts.values() for part in parts}
        return {name: value for name, value in fields.items() if name not in unstored} | made

    def _valid_part(
        self, given: Mapping[str, object], invalid: dict[str, InvalidValue], place: tuple[int, int | None]
    ) -> tuple[Fields, list[Problem]]:
        """The slow way, for rows with nulls, with blank values, or with problems. A value in which its reader finds
        nothing, such as a list of separators only, is not given."""
        present = {name: value for name, value in given.items() if name not in invalid and not _is_absent(value)}
        fields: Fields = self._validator.validate_python(present)
        reported = {name: one for name, one in invalid.items() if one.code is not ProblemCode.REQUIRED}
        found = {name: one for name, one in reported.items() if not _is_absent(given[name])}
        found |= self._clear(fields, [name for name, value in given.items() if value is None])
        return fields, [problem_of(one, name, given[name], place) for name, one in found.items()]

    def _clear(self, fields: Fields, nulls: list[str]) -> dict[str, InvalidValue]:
        """Sets the fields that the row clears to None; returns those that no record may lose, each with why."""
        refused = {name: InvalidValue(ProblemCode.REQUIRED) for name in nulls if name in self._required}
        for group in self._any_of:
            if set(group).issubset(nulls):
                refused |= {name: InvalidValue(ProblemCode.REQUIRED, **required_facts(group)) for name in group}
        fields.update(dict.fromkeys(name for name in nulls if name not in refused and name != "id"))
        return {name: refused[name] for name in nulls if name in refused}


def _compiled(resource: Resource, limits: Limits, notations: SourceNotations) -> CoreSchema:
    readers = {
        one.name: reader_of(one, limits, notations.of(one.name)) for one in resource.fields if not one.is_computed
    }
    return typed_dict_schema(
        {
            name: typed_dict_field(no_info_plain_validator_function(reader), required=False)
            for name, reader in readers.items()
        }
    )


def _invalid_values(error: ValidationError) -> dict[str, InvalidValue]:
    return {str(one["loc"][0]): one["ctx"]["error"] for one in error.errors(include_url=False, include_input=False)}


def problem_of(invalid: InvalidValue, field: str, value: object, place: tuple[int, int | None]) -> Problem:
    """Returns the problem of a field whose value is invalid; `place` is row number and line."""
    return Problem(invalid.code, *place, field, quoted(value), invalid.facts)


def _is_absent(value: object) -> bool:
    """Whether it is null, or a text in which nothing is visible."""
    return value is None or (isinstance(value, str) and is_blank(value))
