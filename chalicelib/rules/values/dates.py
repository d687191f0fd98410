"""Dates, as ISO 8601 text.

    2025-03-01  2025/3/1  1.3.2025  1 Mar 2025  March 1, 2025  25/3/2025  3-25-2025      are read
    1/3/2025                                                                             is ambiguous, and said to be

A time of midnight behind a date is what spreadsheets write, and is left out; any other time is not silently lost.
"""

import re
from datetime import date

from chalicelib.model.limits import Limits
from chalicelib.model.problem_codes import ProblemCode
from chalicelib.model.resources import Field
from chalicelib.rules.values.unreadable import Reader, Unreadable, as_text

LONGEST_DATE = 64
"""Characters; longer texts are no date and no time."""

_MONTH_NAMES = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_MONTHS = {name: number for number, name in enumerate(_MONTH_NAMES, 1)}
_MONTHS |= {name[:3]: number for name, number in _MONTHS.items()} | {"sept": 9}

_EITHER_FIRST = re.compile(r"(\d{1,2})([/-])(\d{1,2})\2(\d{4})", re.ASCII)
_SHAPES = (
    re.compile(r"(?P<y>\d{4})-(?P<m>\d{2})-(?P<d>\d{2})", re.ASCII),
    re.compile(r"(?P<y>\d{4})/(?P<m>\d{1,2})/(?P<d>\d{1,2})", re.ASCII),
    re.compile(r"(?P<d>\d{1,2})\.(?P<m>\d{1,2})\.(?P<y>\d{4})", re.ASCII),
    re.compile(r"(?P<d>\d{1,2})(?:st|nd|rd|th)?[ -](?P<m>[a-z]{3,9})\.?,?[ -](?P<y>\d{4})", re.ASCII),
    re.compile(r"(?P<m>[a-z]{3,9})\.? (?P<d>\d{1,2})(?:st|nd|rd|th)?,? (?P<y>\d{4})", re.ASCII),
)
_MIDNIGHT = re.compile(r"[T ]00:00(?::00(?:\.0{1,9})?)?(?:Z|[+-]00:?00)?\Z", re.ASCII)


def date_reader(field: Field, limits: Limits) -> Reader:
    def read(value: object) -> str:
        text = as_text(value, "a date").strip()
        found = find_date(_MIDNIGHT.sub("", text)) if len(text) <= LONGEST_DATE else None
        if found is None:
            raise Unreadable(ProblemCode.INVALID_DATE)
        return found.isoformat()

    return read


def find_date(text: str) -> date | None:
    """None where the text is no date; Unreadable where it could be two."""
    if either := _EITHER_FIRST.fullmatch(text):
        first, _, second, year = either.groups()
        return _of_either(int(first), int(second), int(year))
    lowered = text.lower()
    for shape in _SHAPES:
        if found := shape.fullmatch(lowered):
            month = found["m"]
            return _checked(int(found["y"]), int(month) if month.isdigit() else _MONTHS.get(month, 0), int(found["d"]))
    return None


def _of_either(first: int, second: int, year: int) -> date | None:
    day_first, month_first = _checked(year, second, first), _checked(year, first, second)
    if day_first and month_first and day_first != month_first:
        raise Unreadable(ProblemCode.AMBIGUOUS_DATE)
    return day_first or month_first


def _checked(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
