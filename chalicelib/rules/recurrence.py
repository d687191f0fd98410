"""When something that recurs is due: cron and rate expressions, as EventBridge writes them, in a time zone.

    rate(5 minutes)  rate(1 day)            every so often, counted from an anchor; a day has 24 hours
    cron(30 9 ? * MON-FRI *)                as EventBridge writes it: six fields, Sunday is day 1, and every year
    30 9 * * 1-5                            as crontab writes it: five fields, Sunday is day 0

Where clocks are put forward, a time of day that does not exist is due right after the gap; where they are put back, a
time that comes twice is due the first time. Comes in with text, goes out as epoch seconds.
https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cronsim import CronSim, CronSimError

from chalicelib.errors import Refused

_RATE = re.compile(r"rate\( *(?P<number>[1-9]\d{0,5}) +(?P<unit>minute|hour|day)s? *\)", re.ASCII)
_AWS_CRON = re.compile(r"cron\((?P<fields>[^()]*)\)", re.ASCII)
_UNIT_S = {"minute": 60, "hour": 3600, "day": 86_400}
_AWS_DAY = re.compile(r"(?<![#\d/])[1-7](?=[-,L#/]|$)", re.ASCII)
"""A day of the week by number, not the number of a week behind `#` nor a step behind `/`."""
_LONGEST = 200
_EVERY_YEAR = "*"

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
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        message = f"There is no time zone {name[:60]!r}. Use a name of the IANA database, such as Europe/Berlin."
        raise Refused("invalid_time_zone", message, param="time_zone") from error


def _rate(rate: re.Match[str], anchor: int) -> Following:
    period_s = int(rate["number"]) * _UNIT_S[rate["unit"]]
    return lambda moment: anchor + max(1, (moment - anchor) // period_s + 1) * period_s


def _cron(crontab: str, zone: ZoneInfo) -> Following:
    def following(moment: int) -> int:
        return int(next(CronSim(crontab, datetime.fromtimestamp(moment, UTC).astimezone(zone))).timestamp())

    try:
        following(0)
    except (CronSimError, StopIteration) as error:
        raise _no_schedule(f"{crontab!r} is never due: {error or 'no such day'}") from error
    return following


def _crontab(expression: str) -> str:
    """In five fields. Raises Refused."""
    text = expression.strip()
    if len(text) > _LONGEST:
        raise _no_schedule(f"it is longer than {_LONGEST} characters")
    aws = _AWS_CRON.fullmatch(text)
    if aws:
        return _from_aws(aws["fields"].upper().split())
    if len(text.split()) != 5:
        raise _no_schedule("it is neither")
    return text


def _from_aws(fields: list[str]) -> str:
    if len(fields) != 6:
        raise _no_schedule(f"cron(…) takes six fields, not {len(fields)}")
    *rest, days, year = fields
    if year != _EVERY_YEAR:
        raise _no_schedule("the sixth field, the year, can only be *")
    standard = _AWS_DAY.sub(lambda day: str(int(day[0]) - 1), days)
    return " ".join(field.replace("?", "*") for field in (*rest, standard))


def _no_schedule(why: str) -> Refused:
    message = f"This is no schedule: {why}. Write rate(6 hours), cron(30 9 ? * MON-FRI *), or 30 9 * * 1-5."
    return Refused("invalid_schedule", message, param="schedule")
