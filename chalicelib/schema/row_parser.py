"""Types whole rows: values by field name go in, as the headers' plan chose them; typed fields and problems come out.

A validator is compiled once per resource, from its declaration alone, and is the one judge of what a row may hold.
Anything faster put in front of it must accept a strict subset of what it accepts, with equal results.
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
from chalicelib.schema.defaults import wanted_facts
from chalicelib.schema.types import reader_of
from chalicelib.schema.types.value_reader import InvalidValue


class RowParser:
    """What rows of one resource may hold.

    `null_marker` is the text that stands for an explicit null in cells; without one, only JSON's null does. `notations`
    tells how values with more than one reading are meant.
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
        self._null_marker = null_marker
        self._validator = SchemaValidator(_compiled(resource, limits, notations))

    def read(
        self, given: Mapping[str, object], row_number: int = 0, line: int | None = None
    ) -> tuple[Fields, list[Problem]]:
        """The fields that could be read, and what is wrong with the others.

        Blank texts count as not given, and so does a null `id`; a null clears any other field, unless the field is
        required. A row with problems still returns its readable fields: they say which record it means, and cleanup
        must know of it. Whether required fields are there is asked by `missing_fields`, as it depends on what becomes
        of the row.
        """
        if self._null_marker is not None:
            given = {name: None if value == self._null_marker else value for name, value in given.items()}
        present = given if all(given.values()) else {n: v for n, v in given.items() if v or (v is not None and v != "")}
        try:
            fields: Fields = self._validator.validate_python(present)
        except ValidationError as error:
            return self._partly(given, _findings(error), (row_number, line))
        if len(present) < len(given) and None in given.values():
            return self._partly(given, {}, (row_number, line))
        return fields, []

    def _partly(
        self, given: Mapping[str, object], findings: dict[str, InvalidValue], place: tuple[int, int | None]
    ) -> tuple[Fields, list[Problem]]:
        """The slow way, for rows with nulls, with values of which nothing can be seen, or with problems. A value that
        its reader finds to be none, such as a list of separators only, is not given."""
        present = {name: value for name, value in given.items() if name not in findings and not _is_absent(value)}
        fields: Fields = self._validator.validate_python(present)
        told = {name: one for name, one in findings.items() if one.code is not ProblemCode.REQUIRED}
        found = {name: one for name, one in told.items() if not _is_absent(given[name])}
        found |= self._clear(fields, [name for name, value in given.items() if value is None])
        return fields, [problem_of(one, name, given[name], place) for name, one in found.items()]

    def _clear(self, fields: Fields, nulls: list[str]) -> dict[str, InvalidValue]:
        """Sets the fields the row clears to None; returns those that no record may lose."""
        refused = {name: InvalidValue(ProblemCode.REQUIRED) for name in nulls if name in self._required}
        for group in self._any_of:
            if set(group).issubset(nulls):
                refused |= {name: InvalidValue(ProblemCode.REQUIRED, **wanted_facts(group)) for name in group}
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


def _findings(error: ValidationError) -> dict[str, InvalidValue]:
    return {str(one["loc"][0]): one["ctx"]["error"] for one in error.errors(include_url=False, include_input=False)}


def problem_of(finding: InvalidValue, field: str, value: object, place: tuple[int, int | None]) -> Problem:
    """`place`: row number and line."""
    return Problem(finding.code, *place, field, quoted(value), finding.facts)


def _is_absent(value: object) -> bool:
    """Null, or a text of which nothing can be seen."""
    return value is None or (isinstance(value, str) and is_blank(value))
