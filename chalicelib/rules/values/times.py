"""Times, as ISO 8601 text in UTC: `YYYY-MM-DDThh:mm:ssZ`, with a fraction where one was given.

    2025-03-01T12:00:00+01:00  2025-03-01 12:00  1 Mar 2025 3:04 pm  2025-03-01      are read; without an offset: UTC
    1740830400                                                                       is a time in JSON only

A leap second, which no calendar here can hold, becomes the second after it, as it does on every POSIX clock.
"""

import re
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

from chalicelib.model.limits import Limits
from chalicelib.model.problem_codes import ProblemCode
from chalicelib.model.resources import Field
from chalicelib.rules.values.dates import LONGEST_DATE, find_date
from chalicelib.rules.values.unreadable import Reader, Unreadable, as_text

_CANONICAL = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:[0-5]\dZ", re.ASCII)
_WRITTEN = re.compile(
    r"(?P<date>.{6,32}?)(?:t|,? )(?P<h>\d{1,2}):(?P<min>\d{2})(?::(?P<s>\d{2})(?:[.,](?P<fraction>\d{1,9}))?)?"
    r" ?(?P<half>am|pm)? ?(?:z|utc|gmt|(?P<sign>[+-])(?P<oh>\d{2}):?(?P<om>\d{2})?)?",
    re.ASCII,
)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def datetime_reader(field: Field, limits: Limits) -> Reader:
    def read(value: object) -> str:
        try:
            found = _find_epoch(value) or _find_written(as_text(value, "a time").strip())
        except Unreadable:
            raise
        except (ValueError, OverflowError) as error:
            raise Unreadable(ProblemCode.INVALID_DATETIME) from error
        if found is None:
            raise Unreadable(ProblemCode.INVALID_DATETIME)
        return found

    return read


def _find_epoch(value: object) -> str | None:
    """Seconds since 1970; a number of milliseconds lies beyond the year 9999 and is refused."""
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal)):
        return None
    moment = _EPOCH + timedelta(seconds=float(value))
    return _spelled(moment, f"{moment.microsecond:06d}")


def _find_written(text: str) -> str | None:
    if len(text) > LONGEST_DATE:
        return None
    if _CANONICAL.fullmatch(text):
        datetime.fromisoformat(text)
        return text
    if found := _WRITTEN.fullmatch(text.lower()):
        return _from_parts(found)
    day = find_date(text)
    return f"{day.isoformat()}T00:00:00Z" if day else None


def _from_parts(found: re.Match[str]) -> str | None:
    day = find_date(found["date"])
    if day is None:
        return None
    second = int(found["s"] or 0)
    moment = datetime(
        day.year, day.month, day.day, _hour(found), int(found["min"]), min(second, 59), tzinfo=_offset(found)
    ).astimezone(UTC)
    if second >= 60:
        moment = _after_leap_second(moment, second)
    return _spelled(moment, found["fraction"] or "")


def _hour(found: re.Match[str]) -> int:
    hour, half = int(found["h"]), found["half"]
    if half is None:
        return hour
    if not 1 <= hour <= 12:
        raise ValueError(hour)
    return hour % 12 + (12 if half == "pm" else 0)


def _offset(found: re.Match[str]) -> timezone:
    if found["sign"] is None:
        return UTC
    hours, minutes = int(found["oh"]), int(found["om"] or 0)
    if hours > 23 or minutes > 59:
        raise ValueError(hours)
    offset = timedelta(hours=hours, minutes=minutes)
    return timezone(-offset if found["sign"] == "-" else offset)


def _after_leap_second(moment: datetime, second: int) -> datetime:
    """Leap seconds end a day in UTC, whatever the clock on the wall says."""
    if second > 60 or (moment.hour, moment.minute) != (23, 59):
        raise ValueError(second)
    return moment + timedelta(seconds=1)


def _spelled(moment: datetime, fraction: str) -> str:
    kept = fraction.rstrip("0")
    # strftime does not pad years before 1000 everywhere; isoformat does.
    return moment.replace(microsecond=0, tzinfo=None).isoformat() + (f".{kept}Z" if kept else "Z")
