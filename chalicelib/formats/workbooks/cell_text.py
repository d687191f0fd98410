"""Turns the value of a spreadsheet's cell into text: 1 instead of 1.0, dates in ISO 8601, true and false in small
letters.

Workbooks hold whole numbers as binary floats, which tell all of them apart up to 2^53 only, and Excel keeps fifteen
digits of what is typed. A longer number keeps the digits that the file has; where digits were lost on the way there the
cell is inexact, because two ids must never become one.
"""

import re
from datetime import date, datetime, timedelta
from decimal import Decimal

from chalicelib.model.rows import NumberText

EXACT_BELOW = 2**53
"""Up to here every whole number has a float of its own."""
_SURE_DIGITS = 9
"""A longer number that ends in zeros behind more digits than these has most likely lost what stood there."""
_SHORT_DIGITS = 15
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
"""As texts in XML hold the characters that XML cannot (ECMA-376, ST_Xstring)."""
_SURROGATE = re.compile("[\ud800-\udbff][\udc00-\udfff]")
_DECIMAL = re.compile(r"-?(?:0|[1-9]\d*)\.\d*[1-9]", re.ASCII)
"""Already canonical."""
_WHOLE = re.compile(r"-?\d+", re.ASCII)
_ROUNDED = re.compile(r"-?[1-9]\.\d{14}[eE]\+?15", re.ASCII)
"""A number of sixteen digits of which fifteen are given."""
_MIDNIGHT = re.compile(r"(\d{4}-\d\d-\d\d)T00:00(?::00(?:\.0+)?)?Z?", re.ASCII)
_DAY_MS = 86_400_000
_FIRST_DAY = date(1899, 12, 30)
"""Day 0 as it would be if Excel did not take 1900 for a leap year; right from March 1900 on."""
_LEAP_DAY = 60
_LAST_DAY = 2_958_465
DAYS_OF_1904 = 1462
"""What a day counted from 1904 lacks."""


class Inexact(ValueError):
    """Raised for a number that has lost digits."""


def unescaped(text: str) -> str:
    """Returns the text with its escapes resolved: `_x000D_` is a carriage return, `_x005F_` the underscore."""
    if "_x" not in text:
        return text
    resolved = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
    return _SURROGATE.sub(lambda pair: pair[0].encode("utf-16", "surrogatepass").decode("utf-16"), resolved)


def number_text(raw: str) -> str:
    """Returns the canonical form of a number as XML spells it, of fifteen digits as Excel shows them: 0.1 + 0.2 is 0.3.
    What is no number stays as it is. Raises Inexact."""
    if len(raw) <= _SHORT_DIGITS and raw.isdigit() and raw.isascii() and (raw[0] != "0" or raw == "0"):
        return raw
    raw = raw.strip()
    if len(raw) <= _SHORT_DIGITS and _DECIMAL.fullmatch(raw):
        return NumberText(raw)
    try:
        value = float(raw)
    except ValueError:
        return raw
    if value - value != 0:  # infinite, or not a number
        return raw
    if _ROUNDED.fullmatch(raw):
        raise Inexact
    if abs(value) < EXACT_BELOW:
        return _float_text(value)
    return _long_number_text(raw)


def _float_text(value: float) -> str:
    if value.is_integer():
        return str(int(value))
    text = format(value, ".15g")
    return NumberText(format(Decimal(text), "f") if "e" in text else text)


def _long_number_text(raw: str) -> str:
    """Returns a number beyond 2^53. Raises Inexact where it was a float once, as an exponent or a point tells, because
    its last digits are lost then."""
    digits = raw.strip("-0")
    if not _WHOLE.fullmatch(raw) or _SURE_DIGITS < len(digits) <= _SHORT_DIGITS:
        raise Inexact
    return format(Decimal(raw), "f")


def whole_date(text: str) -> str:
    """Returns a date in ISO 8601 without the midnight behind it; any other text as it is."""
    text = text.strip()
    found = _MIDNIGHT.fullmatch(text)
    return found[1] if found else text


def serial_text(serial: float, *, has_date: bool, has_time: bool) -> str | None:
    """Returns what a person sees of a number of days since 1900: the date, the time of day, or both, of which midnight
    is left out. Returns None where a spreadsheet shows no date either."""
    if not 0 <= serial < _LAST_DAY + 1:
        return None
    days, milliseconds = divmod(round(serial * _DAY_MS), _DAY_MS)
    time = (datetime.min + timedelta(milliseconds=milliseconds)).time()
    clock = time.isoformat(timespec="milliseconds" if milliseconds % 1000 else "seconds")
    if not has_date or (has_time and days == 0):
        return clock
    if days == 0 or days > _LAST_DAY:
        return None
    return f"{_day_text(days)}T{clock}" if has_time and milliseconds else _day_text(days)


def _day_text(days: int) -> str:
    """Returns the date of a day. Excel's 29 February 1900, which never was, is shown as such, so that no other day is
    taken for it."""
    if days == _LEAP_DAY:
        return "1900-02-29"
    return (_FIRST_DAY + timedelta(days=days + (days < _LEAP_DAY))).isoformat()


def duration_text(seconds: float) -> str:
    """Returns a duration in hours, which may exceed a day: 30:05:00."""
    sign = "-" if seconds < 0 else ""
    minutes, whole = divmod(round(abs(seconds)), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{sign}{hours}:{minutes:02d}:{whole:02d}"
