"""Times, as ISO 8601 text in UTC: `YYYY-MM-DDThh:mm:ssZ`, with a fraction where one was given.

    2025-03-01T12:00:00+01:00  2025-03-01 12:00  1 Mar 2025 3:04 pm  2025-03-01      are read
    1740830400                                                                       is a time in JSON only

A time without an offset is one of the stated time zone, or else UTC. Where clocks are turned, a time that no clock
shows is none, and one that clocks show twice is ambiguous. A leap second, which no calendar here can hold, becomes the
second after it, as it does on every POSIX clock.
"""

import re
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from decimal import Decimal
from zoneinfo import ZoneInfo

from chalicelib.model.limits import Limits
from chalicelib.model.notations import AS_WRITTEN, Notation
from chalicelib.model.problem_codes import ProblemCode
from chalicelib.model.resources import Field
from chalicelib.schema.types.dates import LONGEST_DATE, find_date
from chalicelib.schema.types.value_reader import InvalidValue, ValueReader, as_visible

_CANONICAL = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:[0-5]\dZ", re.ASCII)
_WRITTEN = re.compile(
    r"(?P<date>.{6,32}?)(?:t|,? )(?P<h>\d{1,2}):(?P<min>\d{2})(?::(?P<s>\d{2})(?:[.,](?P<fraction>\d{1,9}))?)?"
    r" ?(?P<half>am|pm)? ?(?:(?P<utc>z|utc|gmt)|(?P<sign>[+-])(?P<oh>\d{2}):?(?P<om>\d{2})?)?",
    re.ASCII,
)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def datetime_reader(field: Field, limits: Limits, notation: Notation = AS_WRITTEN) -> ValueReader:
    """Returns the reader of a field of times."""
    written = _DateTimeParser(notation)

    def read(value: object) -> str:
        try:
            found = _find_epoch(value) or written.find(as_visible(value, "a time"))
        except InvalidValue:
            raise
        except (ValueError, OverflowError) as error:
            raise InvalidValue(ProblemCode.INVALID_DATETIME) from error
        if found is None:
            raise InvalidValue(ProblemCode.INVALID_DATETIME)
        return found

    return read


def _find_epoch(value: object) -> str | None:
    """Reads seconds since 1970. A number of milliseconds is a time beyond the year 9999 and is refused."""
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal)):
        return None
    moment = _EPOCH + timedelta(seconds=float(value))
    return _spelled(moment, f"{moment.microsecond:06d}")


class _DateTimeParser:
    """Reads times as a column writes them."""

    def __init__(self, notation: Notation) -> None:
        self._notation = notation
        self._zone: tzinfo = ZoneInfo(notation.time_zone) if notation.time_zone else UTC

    def find(self, text: str) -> str | None:
        """Returns the time that a text means, None where it is none."""
        if len(text) > LONGEST_DATE:
            return None
        if _CANONICAL.fullmatch(text):
            datetime.fromisoformat(text)
            return text
        if found := _WRITTEN.fullmatch(text.lower()):
            return self._of_parts(found)
        day = find_date(text, self._notation)
        return _spelled(self._beginning_of(day), "") if day else None

    def _of_parts(self, found: re.Match[str]) -> str | None:
        day = find_date(found["date"], self._notation)
        if day is None:
            return None
        second = int(found["s"] or 0)
        moment = datetime(day.year, day.month, day.day, _hour(found), int(found["min"]), min(second, 59))
        offset = _offset(found)
        moment = moment.replace(tzinfo=offset).astimezone(UTC) if offset else self._local(moment)
        if second >= 60:
            moment = _after_leap_second(moment, second)
        return _spelled(moment, found["fraction"] or "")

    def _beginning_of(self, day: date) -> datetime:
        """Where a day has no midnight, or two, the first moment of the day."""
        return datetime(day.year, day.month, day.day, tzinfo=self._zone).astimezone(UTC)

    def _local(self, moment: datetime) -> datetime:
        """What the clocks of the zone show, in UTC. Raises ValueError where they never do."""
        first, second = (moment.replace(tzinfo=self._zone, fold=fold).astimezone(UTC) for fold in (0, 1))
        shown = [one for one in (first, second) if one.astimezone(self._zone).replace(tzinfo=None) == moment]
        if not shown:
            raise ValueError(moment)
        if first != second:
            readings = f"{_spelled(first, '')} and {_spelled(second, '')}"
            raise InvalidValue(ProblemCode.AMBIGUOUS_TIME, readings=readings, time_zone=str(self._zone))
        return first


def _hour(found: re.Match[str]) -> int:
    hour, half = int(found["h"]), found["half"]
    if half is None:
        return hour
    if not 1 <= hour <= 12:
        raise ValueError(hour)
    return hour % 12 + (12 if half == "pm" else 0)


def _offset(found: re.Match[str]) -> timezone | None:
    """Returns the offset of a time; None if none is given."""
    if found["sign"] is None:
        return UTC if found["utc"] else None
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
