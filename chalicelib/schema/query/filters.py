"""Filters on records: a tree of conditions and a resource go in, one test of a record comes out.

Compiled once, asked for every record. Unknown fields, operators that do not fit a field's type and values its type
cannot have are refused before the first record is read.
"""

from collections.abc import Callable

from chalicelib.errors import Refused
from chalicelib.model.filters import Condition, Filter, Group, LogicalOperator, Operator, size_of
from chalicelib.model.invisible_characters import is_blank
from chalicelib.model.limits import Limits
from chalicelib.model.problems import Problem, quoted
from chalicelib.model.records import Record
from chalicelib.model.resources import Field, Resource
from chalicelib.schema.query.comparison import ALLOWED, NULLS, ValueTest, value_test
from chalicelib.schema.query.record_values import get_output_field, getter_of, is_empty
from chalicelib.schema.types.value_reader import InvalidValue

RecordTest = Callable[[Record], bool]
"""Says whether a record is selected."""


def compile_filter(filter_: Filter, resource: Resource, limits: Limits) -> RecordTest:
    """Returns the test of records that a filter means. Raises Refused `unknown_field` or `invalid_filter`, with the
    field as `param`; with `filters` for a filter that has more than `Limits.filter_conditions` in all its groups.
    """
    if size_of(filter_) > limits.filter_conditions:
        message = f"A filter has at most {limits.filter_conditions} conditions, those of all groups counted together."
        raise Refused("invalid_filter", message, param="filters")
    return _compiled(filter_, resource, limits)


def _compiled(filter_: Filter, resource: Resource, limits: Limits) -> RecordTest:
    if isinstance(filter_, Condition):
        return _condition(filter_, resource, limits)
    return _joined(filter_, [_compiled(part, resource, limits) for part in filter_.parts])


def _joined(group: Group, parts: list[RecordTest]) -> RecordTest:
    if not parts:
        return lambda record: True
    if group.joined_by is LogicalOperator.OR:
        return lambda record: any(part(record) for part in parts)
    if group.joined_by is LogicalOperator.NOT:
        return lambda record: not any(part(record) for part in parts)
    return lambda record: all(part(record) for part in parts)


def _condition(condition: Condition, resource: Resource, limits: Limits) -> RecordTest:
    field, asked, get = get_output_field(resource, condition.field), condition.operator, getter_of(condition.field)
    if asked in NULLS or (condition.value is None and asked in (Operator.EQ, Operator.NE)):
        wants_null = asked in (Operator.IS_NULL, Operator.EQ)
        return lambda record: is_empty(get(record)) is wants_null
    holds = _value_test(field, condition, limits)
    if asked is Operator.NE:
        return lambda record: is_empty(value := get(record)) or not holds(value)
    return lambda record: not is_empty(value := get(record)) and holds(value)


def _value_test(field: Field, condition: Condition, limits: Limits) -> ValueTest:
    if condition.operator not in ALLOWED[field.type]:
        kind, fitting = field.type.value, ", ".join(one for one in Operator if one in ALLOWED[field.type] | NULLS)
        message = f"'{condition.operator.value}' does not fit '{field.name}', which is of type {kind}; {fitting} do."
        raise _refused(field, message)
    if condition.operator is Operator.IN:
        tests = [_single_test(field, Operator.EQ, one, limits) for one in _several(field, condition.value, limits)]
        return lambda value: any(holds(value) for holds in tests)
    asked = Operator.EQ if condition.operator is Operator.NE else condition.operator
    return _single_test(field, asked, condition.value, limits)


def _single_test(field: Field, asked: Operator, wanted: object, limits: Limits) -> ValueTest:
    if wanted is None or (isinstance(wanted, str) and is_blank(wanted)):
        raise _refused(field, f"'{field.name}' needs a value; whether it has none is asked with is_null.")
    try:
        return value_test(field, asked, wanted, limits)
    except InvalidValue as error:
        problem = Problem(error.code, field=field.name, value=quoted(wanted), facts=error.facts)
        raise _refused(field, problem.message) from error


def _several(field: Field, value: object, limits: Limits) -> list[object]:
    """A list, or text separated by commas; any other value is the only one."""
    given = value.split(",") if isinstance(value, str) else value
    several = given if isinstance(given, list) else [given]
    if not 1 <= len(several) <= limits.values:
        raise _refused(field, f"'in' takes 1 to {limits.values} values.")
    return several


def _refused(field: Field, message: str) -> Refused:
    return Refused("invalid_filter", message, param=field.name)
