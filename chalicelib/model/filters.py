"""A filter on records, as a tree: conditions on fields, joined in groups, which may contain groups.

It holds what was asked for; whether the fields exist, and what the operators mean for their types,
`schema/query/filters.py` says.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Union


class Operator(StrEnum):
    """What a condition asks about the value of a field."""

    EQ = "eq"
    NE = "ne"
    """Not `eq`: true of an empty field, too."""
    IN = "in"
    """Equal to one of several values."""
    CONTAINS = "contains"
    STARTS_WITH = "starts_with"
    GT = "gt"
    GTE = "gte"
    LT = "lt"
    LTE = "lte"
    IS_NULL = "is_null"
    IS_NOT_NULL = "is_not_null"
    DATE_BEFORE = "date_before"
    DATE_AFTER = "date_after"


class LogicalOperator(StrEnum):
    """How the parts of a group are joined. A group without parts is true of every record."""

    AND = "and"
    OR = "or"
    NOT = "not"
    """None of the parts holds."""


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition on one field."""

    field: str
    operator: Operator
    value: object = None
    """A JSON value or text, as given. For `in` it is a list, or text separated by commas."""


@dataclass(frozen=True, slots=True)
class Group:
    """A group of conditions and of other groups, joined by a logical operator."""

    joined_by: LogicalOperator
    parts: tuple["Filter", ...]


Filter = Union[Condition, Group]  # noqa: UP007 - Group names it before it exists

EVERYTHING = Group(LogicalOperator.AND, ())
"""The filter that is true of every record."""


def size_of(filter_: Filter) -> int:
    """Returns how many conditions a filter has in all its groups; an empty group counts as one."""
    if isinstance(filter_, Condition):
        return 1
    return max(1, sum(map(size_of, filter_.parts)))
