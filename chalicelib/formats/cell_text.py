"""The value of a spreadsheet's cell as the text a person sees: 1 instead of 1.0, dates in ISO 8601, true and false
in small letters.

Not seen here is a cell's number format: a number shown as 00123 or 50 % is 123 or 0.5.
"""

import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from chalicelib.model.rows import NumberText

_NONCHARACTER = re.compile("_x(FFFE|FFFF)_", re.IGNORECASE)
"""As XML has to write U+FFFE and U+FFFF; of such escapes calamine resolves all that are common, but not these."""

_EXACT_BELOW = 2**53
"""Up to here every whole number has a float of its own."""


def text_of(value: object) -> str:
    if isinstance(value, str):
        return _NONCHARACTER.sub(lambda found: chr(int(found[1], 16)), value) if "_x" in value else value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return _number(value)
    if isinstance(value, (date, time)):
        return _moment(value)
    return _duration(value) if isinstance(value, timedelta) else str(value)


def _number(value: int | float) -> str:
    """Fifteen digits, as Excel shows them: 0.1 + 0.2 is 0.3."""
    if float(value).is_integer() and abs(value) < _EXACT_BELOW:
        return str(int(value))
    return NumberText(format(Decimal(format(value, ".15g")), "f"))


def _moment(value: date | time) -> str:
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    if not isinstance(value, (datetime, time)):
        return value.isoformat()
    return value.isoformat(timespec="milliseconds" if value.microsecond else "seconds")


def _duration(value: timedelta) -> str:
    """Hours may exceed a day: 30:05:00."""
    sign = "-" if value < timedelta() else ""
    minutes, seconds = divmod(round(abs(value).total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{sign}{hours}:{minutes:02d}:{seconds:02d}"
