"""When something that recurs is due: cron and rate expressions, as EventBridge writes them, in a time zone.

    rate(5 minutes)  rate(1 day)            every so often, counted from an anchor; a day has 24 hours
    cron(30 9 ? * MON-FRI *)                as EventBridge writes it: six fields, Sunday is day 1, and every year
    30 9 * * 1-5                            as crontab writes it: five fields, Sunday is day 0

Where clocks are put forward, a time of day that does not exist is due right after the gap; where they are put back, a
time that comes twice is due the first time. That holds for every cron expression, however often it is due: cronsim is
asked for times of day alone, and what they are in the zone is found out here. Comes in with text, goes out as epoch
seconds.
https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html
"""

import re
from calendar import monthrange
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from importlib import resources
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cronsim import CronSim, CronSimError

from chalicelib.errors import Refused
from chalicelib.schedules.cron_fields import Crontab, Unclear, from_aws, from_crontab

_RATE = re.compile(r"rate\( *(?P<number>[1-9]\d{0,5}) +(?P<unit>minute|hour|day)s? *\)", re.ASCII)
_AWS_CRON = re.compile(r"CRON\((?P<fields>[^()]*)\)", re.ASCII)
_UNIT_S = {"minute": 60, "hour": 3600, "day": 86_400}
_LONGEST = 200
_YEARS = 50
"""How many years are searched: an expression that is not due once in them is never due."""
_NO_PLACE = "Factory"
"""A name of the database that stands for a zone that has not been set."""

Following = Callable[[int], int]
"""The first due time after a moment; epoch seconds."""


@dataclass(frozen=True, slots=True)
class Recurrence:
    """A schedule's expression and time zone, known to be right."""

    expression: str
    time_zone: str
    next_after: Following


def recurrence(expression: str, time_zone: str, *, anchor: int) -> Recurrence:
    """`anchor`, in epoch seconds, is from when a rate counts.

    Raises Refused `invalid_schedule` or `invalid_time_zone`.
    """
    zone = _zone(time_zone)
    rate = _RATE.fullmatch(expression.strip().lower())
    following = _rate(rate, anchor) if rate else _cron(_crontab(expression), zone)
    return Recurrence(expression, time_zone, following)


def _zone(name: str) -> ZoneInfo:
    """By the names of the tzdata package alone: a system's own files have more, such as `localtime`, `posixrules` or
    zones that count leap seconds, which mean something else on every machine."""
    try:
        if name in _zone_names():
            return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        pass
    message = f"There is no time zone {name[:60]!r}. Use a name of the IANA database, such as Europe/Berlin."
    raise Refused("invalid_time_zone", message, param="time_zone")


@cache
def _zone_names() -> frozenset[str]:
    return frozenset(resources.files("tzdata").joinpath("zones").read_text().split()) - {_NO_PLACE}


def _rate(rate: re.Match[str], anchor: int) -> Following:
    period_s = int(rate["number"]) * _UNIT_S[rate["unit"]]
    return lambda moment: anchor + max(1, (moment - anchor) // period_s + 1) * period_s


def _cron(crontab: Crontab, zone: ZoneInfo) -> Following:
    def following(moment: int) -> int:
        here = datetime.fromtimestamp(moment, UTC).astimezone(zone)
        for time in _each_time(crontab, here.replace(tzinfo=UTC)):
            if (at := _moment(time, zone)) > moment:
                return at
        raise _no_schedule("it is never due: there is no such day")

    try:
        following(0)
    except CronSimError as error:
        raise _no_schedule("it is never due: there is no such day") from error
    return following


def _each_time(crontab: Crontab, start: datetime) -> Iterator[datetime]:
    """The times of day and dates that are meant, from after `start` on, without regard to any zone; lazy."""
    end = start.year + _YEARS
    while start.year <= end:
        for time in CronSim(crontab.text, start):
            start = time
            if not _is_nearest_weekday(crontab, time) or time.year > end:
                break
            yield time
        else:
            return
        start = start.replace(hour=23, minute=59)


def _is_nearest_weekday(crontab: Crontab, time: datetime) -> bool:
    """Whether the day is the weekday nearest to the one that is named, within its month."""
    if crontab.near_day is None:
        return True
    last = monthrange(time.year, time.month)[1]
    if crontab.near_day > last:
        return False
    shift = {6: 2 if crontab.near_day == 1 else -1, 7: -2 if crontab.near_day == last else 1}
    return time.day == crontab.near_day + shift.get(time.replace(day=crontab.near_day).isoweekday(), 0)


def _moment(time: datetime, zone: ZoneInfo) -> int:
    """When it is this time of day in the zone, for the first time; for a time that does not exist, the end of the gap.

    Before a gap clocks are behind those after it, so that one reading of the time lies before it, the other behind.
    """
    local = time.replace(tzinfo=zone, fold=0)
    behind, before = int(local.timestamp()), int(local.replace(fold=1).timestamp())
    if before >= behind:
        return behind
    while behind - before > 1:
        middle = (before + behind) // 2
        is_over = datetime.fromtimestamp(middle, zone).utcoffset() == datetime.fromtimestamp(behind, zone).utcoffset()
        before, behind = (before, middle) if is_over else (middle, behind)
    return behind


def _crontab(expression: str) -> Crontab:
    """Raises Refused."""
    text = expression.strip().upper()
    if len(text) > _LONGEST:
        raise _no_schedule(f"it is longer than {_LONGEST} characters")
    aws = _AWS_CRON.fullmatch(text)
    fields = text.split()
    if not aws and len(fields) != 5:
        raise _no_schedule("it is neither a rate nor a cron expression")
    try:
        return from_aws(aws["fields"].split()) if aws else from_crontab(fields)
    except Unclear as why:
        raise _no_schedule(str(why)) from why


def _no_schedule(why: str) -> Refused:
    message = f"This is no schedule: {why}. Write rate(6 hours), cron(30 9 ? * MON-FRI *), or 30 9 * * 1-5."
    return Refused("invalid_schedule", message, param="schedule")
