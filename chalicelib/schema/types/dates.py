"""Dates, as ISO 8601 text.

    2025-03-01  2025/3/1  1.3.2025  1 Mar 2025  March 1, 2025  25/3/2025  3-25-2025      are read
    1/3/2025                                                                             is ambiguous, and said to be

Of two numbers before a year, which is the day is stated, or was decided by what the column proves; then a date that
only the other order explains is refused. Points stand in dates whose day is first, unless the column proves otherwise.

A time of midnight behind a date is what spreadsheets write, and is left out; any other time is not silently lost.
"""

import re
from collections.abc import Mapping
from datetime import date

from chalicelib.model.limits import Limits
from chalicelib.model.notations import AS_WRITTEN, DateOrder, Notation
from chalicelib.model.problem_codes import ProblemCode
from chalicelib.model.resources import Field
from chalicelib.schema.types.value_reader import InvalidValue, ValueReader, as_visible

LONGEST_DATE = 64
"""Characters of the longest date or time; longer texts are neither."""

_MONTH_NAMES = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_MONTHS = {name: number for number, name in enumerate(_MONTH_NAMES, 1)}
_MONTHS |= {name[:3]: number for name, number in _MONTHS.items()} | {"sept": 9}

_EITHER_FIRST = re.compile(r"(\d{1,2})([./-])(\d{1,2})\2(\d{4})(?!\d)", re.ASCII)
_SHAPES = (
    re.compile(r"(?P<y>\d{4})-(?P<m>\d{2})-(?P<d>\d{2})", re.ASCII),
    re.compile(r"(?P<y>\d{4})/(?P<m>\d{1,2})/(?P<d>\d{1,2})", re.ASCII),
    re.compile(r"(?P<d>\d{1,2})(?:st|nd|rd|th)?[ -](?P<m>[a-z]{3,9})\.?,?[ -](?P<y>\d{4})", re.ASCII),
    re.compile(r"(?P<m>[a-z]{3,9})\.? (?P<d>\d{1,2})(?:st|nd|rd|th)?,? (?P<y>\d{4})", re.ASCII),
)
_MIDNIGHT = re.compile(r"[T ]00:00(?::00(?:\.0{1,9})?)?(?:Z|[+-]00:?00)?\Z", re.ASCII)


ORDER_NAMES: Mapping[DateOrder, str] = {
    DateOrder.DAY_FIRST: "the day before the month",
    DateOrder.MONTH_FIRST: "the month before the day",
}
"""How messages name the two orders."""


def date_reader(field: Field, limits: Limits, notation: Notation = AS_WRITTEN) -> ValueReader:
    """Returns the reader of a field of dates."""

    def read(value: object) -> str:
        text = as_visible(value, "a date")
        found = find_date(_MIDNIGHT.sub("", text), notation) if len(text) <= LONGEST_DATE else None
        if found is None:
            raise InvalidValue(ProblemCode.INVALID_DATE)
        return found.isoformat()

    return read


def find_date(text: str, notation: Notation) -> date | None:
    """Returns the date that a text means, None where it is no date.

    Raises InvalidValue where it could be two dates, or is written in another order than the notation says.
    """
    if either := _EITHER_FIRST.fullmatch(text):
        return _in_order(readings_of(text), notation.pointed_order if either[2] == "." else notation.date_order)
    lowered = text.lower()
    for shape in _SHAPES:
        if found := shape.fullmatch(lowered):
            month = found["m"]
            return _checked(int(found["y"]), int(month) if month.isdigit() else _MONTHS.get(month, 0), int(found["d"]))
    return None


def readings_of(text: str) -> dict[DateOrder, date]:
    """Returns the dates that a text may mean which begins with two numbers and a year, by their order; empty for all
    other texts."""
    either = _EITHER_FIRST.match(text)
    if not either:
        return {}
    first, second, year = int(either[1]), int(either[3]), int(either[4])
    found = {
        DateOrder.DAY_FIRST: _checked(year, second, first),
        DateOrder.MONTH_FIRST: _checked(year, first, second),
    }
    return {order: day for order, day in found.items() if day}


def is_pointed(text: str) -> bool:
    """Returns whether a date has points between its numbers, as dates with the day first have."""
    either = _EITHER_FIRST.match(text)
    return either is not None and either[2] == "."


def _in_order(readings: Mapping[DateOrder, date], order: DateOrder | None) -> date | None:
    if order and readings:
        if order not in readings:
            raise InvalidValue(ProblemCode.NOTATION_DIFFERS, notation=ORDER_NAMES[order])
        return readings[order]
    days = [*dict.fromkeys(readings.values())]
    if len(days) > 1:
        raise InvalidValue(ProblemCode.AMBIGUOUS_DATE, readings=" or ".join(map(str, days)))
    return days[0] if days else None


def _checked(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
