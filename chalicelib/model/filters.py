"""A filter on records, as a tree: conditions on fields, joined in groups, which may lie in groups.

Only what was asked for stands here; whether the fields exist, and what the operators mean
for their types, `schema/query/filters.py` says.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Union


class Operator(StrEnum):
    """What a condition asks of a field's value."""

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
    """How the parts of a group are joined. A group without parts holds for every record."""

    AND = "and"
    OR = "or"
    NOT = "not"
    """None of the parts holds."""


@dataclass(frozen=True, slots=True)
class Condition:
    field: str
    operator: Operator
    value: object = None
    """As given: a JSON value, or text. For `in` a list, or text separated by commas."""


@dataclass(frozen=True, slots=True)
class Group:
    joint: LogicalOperator
    parts: tuple["Filter", ...]


Filter = Union[Condition, Group]  # noqa: UP007 - Group names it before it exists

EVERYTHING = Group(LogicalOperator.AND, ())
