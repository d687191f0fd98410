"""Dates, as ISO 8601 text.

    2025-03-01  2025/3/1  1.3.2025  1 Mar 2025  March 1, 2025  25/3/2025  3-25-2025      are read
    1. März 2025  1 de marzo de 2025  1 Mart 2025  2025年3月1日  2025년 3월 1일          too, in twelve languages
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
from chalicelib.schema.types.words import folded

LONGEST_DATE = 64
"""Characters of the longest date or time; longer texts are neither."""

_MONTH_NAMES = (
    "january jan januar jänner jän janvier janv enero ene gennaio gen januari janeiro styczeń stycznia sty ocak oca",
    "february feb februar février févr fév febrero febbraio februari fevereiro fev luty lutego lut şubat şub",
    "march mar märz mär mrz mars marzo maart mrt março marzec marca mart",
    "april apr avril avr abril abr aprile kwiecień kwietnia kwi nisan nis",
    "may mai mayo maggio mag mei maio maj maja mayıs mayis",
    "june jun juni juin junio giugno giu junho czerwiec czerwca cze haziran haz",
    "july jul juli juillet juil julio luglio lug julho lipiec lipca lip temmuz tem",
    "august aug août aoû agosto ago augustus sierpień sierpnia sie ağustos ağu",
    "september sep sept septembre septiembre settembre set sett setembro wrzesień września wrz eylül eyl",
    "october oct oktober okt octobre octubre ottobre ott outubro out październik października paź ekim eki",
    "november nov novembre noviembre novembro listopad listopada lis kasım kasim kas",
    "december dec dezember dez décembre déc diciembre dic dicembre dezembro grudzień grudnia gru aralık aralik ara",
)
"""In the languages with an alphabet that headers are understood in, too: no name means two months."""
_MONTHS = {folded(name): number for number, names in enumerate(_MONTH_NAMES, 1) for name in names.split()}

_EITHER_FIRST = re.compile(r"(\d{1,2})([./-])(\d{1,2})\2(\d{4})(?!\d)", re.ASCII)
_DAY, _MONTH, _YEAR = "[0-9]{1,2}", r"[^\W\d_]{3,12}", "[0-9]{4}"
_SHAPES = (
    re.compile(r"(?P<y>\d{4})-(?P<m>\d{2})-(?P<d>\d{2})", re.ASCII),
    re.compile(r"(?P<y>\d{4})/(?P<m>\d{1,2})/(?P<d>\d{1,2})", re.ASCII),
    re.compile(rf"(?P<d>{_DAY})(?:st|nd|rd|th|er|º|\.)?(?: de)?[ -](?P<m>{_MONTH})\.?,?(?: de)?[ -](?P<y>{_YEAR})"),
    re.compile(rf"(?P<m>{_MONTH})\.? (?P<d>{_DAY})(?:st|nd|rd|th)?,? (?P<y>{_YEAR})"),
    re.compile(rf"(?P<y>{_YEAR})[年년] ?(?P<m>{_DAY})[月월] ?(?P<d>{_DAY})[日일]"),
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
    lowered = folded(text)
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
