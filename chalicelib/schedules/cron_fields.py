"""The fields of a cron expression, as EventBridge or as crontab writes them → five fields that cronsim reads.

Everything that can be written wrongly is refused here, in words that name the field, the text and what may stand
there. Numbers come out as lists, so that `2/2` means the same to everybody; the days around an EventBridge weekday
such as `15W` come out as days, together with the day that they are near to.

    EventBridge   minute hour day month weekday year   1 is Sunday; one of the two day fields is ?; L, W and # in them
    crontab       minute hour day month weekday        0 and 7 are Sunday; where both day fields are given, either
                                                       is enough; L and # in them

Sources: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html; man 5 crontab.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

_TERM = re.compile(r"(?P<first>\*|[A-Z0-9]+)(?:-(?P<last>[A-Z0-9]+))?(?:/(?P<step>[0-9]+))?", re.ASCII)
_NEAR = re.compile(r"(?P<day>[0-9]{1,2})W", re.ASCII)
_LAST_WEEKDAY = re.compile(r"(?P<day>[A-Z0-9]+)L", re.ASCII)
_NTH_WEEKDAY = re.compile(r"(?P<day>[A-Z0-9]+)#(?P<number>[1-5])", re.ASCII)
_ANY = "*"
_EITHER = "?"


class Unclear(Exception):
    """A field that cannot be understood; the text says why."""


@dataclass(frozen=True, slots=True)
class Crontab:
    """An expression that cronsim reads, with what cronsim cannot express."""

    text: str
    near_day: int | None = None
    """Of the days that the text names, only the weekday nearest to this day of the month is meant (EventBridge, W)."""


@dataclass(frozen=True, slots=True)
class _Kind:
    """What may stand in a field."""

    name: str
    first: int
    last: int
    words: Sequence[str] = ()
    """Names of the numbers, from the first on."""
    shift: int = 0
    """What is added to a number for cronsim."""
    also: int | None = None
    """A number beyond the last that means the same as the first."""

    def __str__(self) -> str:
        words = f", or {self.words[0]} to {self.words[-1]}" if self.words else ""
        return f"{self.first} to {self.last}{words}"


_DAYS = "SUN MON TUE WED THU FRI SAT".split()  # noqa: SIM905 - a list of words
_MONTHS = "JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC".split()  # noqa: SIM905 - a list of words
_MINUTE, _HOUR = _Kind("minute", 0, 59), _Kind("hour", 0, 23)
_DAY, _MONTH = _Kind("day of the month", 1, 31), _Kind("month", 1, 12, _MONTHS)
_WEEKDAY = _Kind("day of the week", 0, 6, _DAYS, also=7)
_AWS_WEEKDAY = _Kind("day of the week", 1, 7, _DAYS, shift=-1)


def from_aws(fields: Sequence[str]) -> Crontab:
    """Raises Unclear."""
    if len(fields) != 6:
        raise Unclear(f"cron(…) takes six fields, not {len(fields)}")
    minute, hour, day, month, weekday, year = fields
    if year != _ANY:
        raise Unclear("the sixth field, the year, can only be *")
    if (day == _EITHER) == (weekday == _EITHER):
        raise Unclear("one of the day of the month and the day of the week must be ?, and only one")
    near = _NEAR.fullmatch(day)
    days = _days_around(near["day"]) if near else _spelled_day(day)
    times = f"{_spelled(_MINUTE, minute)} {_spelled(_HOUR, hour)} {days} {_spelled(_MONTH, month)}"
    return Crontab(f"{times} {_spelled_aws_weekday(weekday)}", int(near["day"]) if near else None)


def from_crontab(fields: Sequence[str]) -> Crontab:
    """A day field that begins with a star keeps it: cronsim, like Debian's cron, then asks for both day fields.

    Raises Unclear.
    """
    if _EITHER in fields:
        raise Unclear("? belongs to cron(…); here write *")
    minute, hour, day, month, weekday = fields
    days = _with_star(day, _spelled_day(day))
    weekdays = _with_star(weekday, _spelled_weekday(_WEEKDAY, weekday))
    return Crontab(
        f"{_spelled(_MINUTE, minute)} {_spelled(_HOUR, hour)} {days} {_spelled(_MONTH, month)} {weekdays}",
    )


def _with_star(given: str, spelled: str) -> str:
    return given if given.startswith(_ANY) else spelled


def _spelled_day(text: str) -> str:
    if text == _EITHER:
        return _ANY
    if _NEAR.search(text):
        raise Unclear(f"{text!r}: the nearest weekday is written as one day such as 15W, alone, in cron(…) only")
    return ",".join(_spelled_day_term(one) for one in text.split(","))


def _spelled_day_term(term: str) -> str:
    if term in ("L", "LW"):
        return term
    if term.startswith("L"):
        raise Unclear(
            f"{term!r} is no {_DAY.name}: L is the last one, LW the last weekday, and nothing is counted back"
        )
    return _spelled(_DAY, term)


def _days_around(day: str) -> str:
    """Where the nearest weekday may be: at the ends of a month two days away."""
    middle = _number(_DAY, day)
    return ",".join(str(one) for one in range(max(1, middle - 2), min(31, middle + 2) + 1))


def _spelled_aws_weekday(text: str) -> str:
    if text == _EITHER:
        return _ANY
    if "#" in text and "," in text:
        raise Unclear(f"{text!r}: a day of the week with # stands alone")
    return _spelled_weekday(_AWS_WEEKDAY, "SAT" if text == "L" else text)


def _spelled_weekday(kind: _Kind, text: str) -> str:
    return ",".join(_spelled_weekday_term(kind, one) for one in text.split(","))


def _spelled_weekday_term(kind: _Kind, term: str) -> str:
    if last := _LAST_WEEKDAY.fullmatch(term):
        return f"{_number(kind, last['day']) + kind.shift}L"
    if nth := _NTH_WEEKDAY.fullmatch(term):
        return f"{_number(kind, nth['day']) + kind.shift}#{nth['number']}"
    if term == "L" or "#" in term:
        raise Unclear(f"{term!r} is no {kind.name}: write 6L for the last one of a month, 6#2 for the second")
    return _spelled(kind, term)


def _spelled(kind: _Kind, text: str) -> str:
    """Every number that the field names; a star stays one."""
    if text == _ANY:
        return text
    return ",".join(str(number + kind.shift) for term in text.split(",") for number in _numbers(kind, term))


def _numbers(kind: _Kind, term: str) -> range:
    found = _TERM.fullmatch(term)
    if found is None or (found["first"] == _ANY and found["last"]):
        raise Unclear(
            f"{term!r} is no {kind.name}: {kind}, a range such as {kind.first}-{kind.last}, or with a step /2"
        )
    first = kind.first if found["first"] == _ANY else _number(kind, found["first"])
    is_open = found["first"] == _ANY or (found["step"] and not found["last"])
    last = max(first, kind.last) if is_open else _number(kind, found["last"] or found["first"])
    if last < first:
        raise Unclear(f"the {kind.name} {term!r} runs backwards: write two ranges with a comma between them")
    return range(first, last + 1, _step(kind, found["step"] or "1"))


def _number(kind: _Kind, text: str) -> int:
    if text in kind.words:
        return kind.words.index(text) + kind.first
    number = int(text) if text.isdigit() and len(text) <= 3 else None
    if number is None or not (kind.first <= number <= kind.last or number == kind.also):
        raise Unclear(f"{text!r} is no {kind.name}: {kind}")
    return number


def _step(kind: _Kind, text: str) -> int:
    """A longer step than the field would be due once in each round of the field, which is hardly what was meant."""
    longest = kind.last - kind.first + 1
    step = int(text) if len(text) <= 3 else 0
    if not 1 <= step <= longest:
        raise Unclear(f"the step {text} of the {kind.name} is not among 1 to {longest}; rate(…) has longer ones")
    return step
