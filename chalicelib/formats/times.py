"""Times as tables show them: in a time zone, in a format. In and out go texts; what is no time comes out as it was."""

import re
from datetime import UTC, datetime, timedelta, tzinfo

from chalicelib.model.write_options import UTC_NAME, Rendering

_TIME = re.compile(r"(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(?:\.(\d{1,9}))?Z", re.ASCII)
_DIRECTIVES = {"YYYY": "%Y", "MM": "%m", "DD": "%d", "HH": "%H", "mm": "%M", "ss": "%S", "Z": "%z"}


class TimeFormatter:
    def __init__(self, rendering: Rendering) -> None:
        self._zone = rendering.zone
        self._signs = rendering.time_signs
        self.is_canonical = rendering.time_zone == UTC_NAME and not self._signs

    def shown(self, value: object) -> object:
        found = _TIME.fullmatch(value) if isinstance(value, str) else None
        if found is None or self.is_canonical:
            return value
        moment = _find_local(found[1], self._zone)
        return value if moment is None else self._written(moment, found[2] or "")

    def _written(self, moment: datetime, fraction: str) -> str:
        if self._signs:
            return "".join(_part(sign, moment, fraction) for sign in self._signs)
        point = f".{fraction}" if fraction else ""
        return moment.replace(tzinfo=None).isoformat() + point + moment.isoformat()[19:]


def _find_local(text: str, zone: tzinfo) -> datetime | None:
    """None beyond the calendar, and where the offset has seconds, as before standard time: nobody reads those."""
    try:
        moment = datetime.fromisoformat(text).replace(tzinfo=UTC).astimezone(zone)
    except (ValueError, OverflowError):
        return None
    offset = moment.utcoffset() or timedelta()
    return None if offset.total_seconds() % 60 else moment


def _part(sign: str, moment: datetime, fraction: str) -> str:
    if sign == "YYYY":
        return f"{moment.year:04d}"
    if sign == "SSS":
        return fraction[:3].ljust(3, "0")
    return moment.strftime(_DIRECTIVES[sign]) if sign in _DIRECTIVES else sign
