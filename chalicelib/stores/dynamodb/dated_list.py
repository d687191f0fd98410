"""Lists by time in the control table, whose length is known without reading them, whatever they are filtered by.

| item | pk | sk | beside |
|---|---|---|---|
| entry | its own | - | list_pk: the list and the entry's facets, list_sk: time and pk; expires_at, once it may expire |
| counters of a day | DAYCOUNTS#list | day | expires_at, and by facets how many entries there are |
| counters of an hour | HOURCOUNTS#list | day.hour | the same |

An entry is written, and its facets change, in one transaction with both counters. All entries of a day expire at one
moment, and their counters with them. A page is found by adding up the days before it, then, where they are crowded, the
hours of the first and of the last day in which it lies. What lies between is read as keys, in one request for all
facets.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeVar

from chalicelib.model.list_filters import Facets
from chalicelib.model.retention import DAY_S, day_of
from chalicelib.stores.dynamodb.attributes import ItemValues
from chalicelib.stores.dynamodb.control_table import ControlTable
from chalicelib.stores.dynamodb.item_changes import Counters
from chalicelib.stores.paging import time_key

KeyT = TypeVar("KeyT")

CROWDED = 500
"""Entries of the days in which a page lies, from which on their hours are looked at."""
HOUR_S = 3600

Selection = Callable[[Facets], bool]
"""Whether entries with these facets are listed."""

_COUNT = "count#"
"""Begins the names of counters, so that none is called as another attribute of the item."""


class Period(NamedTuple):
    """A part of the time that a list covers, a day or an hour, and how many entries of each kind were created in it."""

    begin: int
    end: int
    """Epoch seconds; entries of `end` itself belong to the next period."""
    counts: Mapping[Facets, int]

    @property
    def length(self) -> int:
        """How many entries there are in it."""
        return sum(self.counts.values())


class Window(NamedTuple):
    """Consecutive periods of a list, newest first, in which a page lies."""

    periods: Sequence[Period]
    skipped: int
    """How many entries at their beginning come before the page."""

    @classmethod
    def around(cls, periods: Sequence[Period], *, skipped: int, length: int) -> "Window | None":
        """Returns the fewest periods that hold the page of this length behind as many entries, None if none does."""
        first = 0
        while first < len(periods) and skipped >= periods[first].length:
            skipped -= periods[first].length
            first += 1
        last, missing = first, skipped + length
        while last < len(periods) and missing > 0:
            missing -= periods[last].length
            last += 1
        return cls(periods[first:last], skipped) if first < last else None

    @property
    def facets(self) -> list[Facets]:
        """The facets of all entries in it."""
        return sorted({facets for one in self.periods for facets in one.counts})


@dataclass(frozen=True, slots=True)
class DatedList:
    """One list, such as the imports of a tenant."""

    table: ControlTable
    name: str

    def keys_of(self, facets: Facets, created_at: int, pk: str, now: float | None = None) -> ItemValues:
        """Returns what makes an item an entry; entries of one second are ordered by `now`, when they are written."""
        return {**self.place_of(facets), "list_sk": f"{time_key(created_at, now)}#{pk}"}

    def place_of(self, facets: Facets) -> ItemValues:
        """Returns what an entry has to get when its facets change."""
        return {"list_pk": "#".join((self.name, *facets))}

    def counters_of(self, created_at: int, changes: Mapping[Facets, int], expires_at: int | None) -> Iterator[Counters]:
        """Yields the counters with which an entry is added, removed, or changes its facets: -1 and 1."""
        day, second = divmod(max(created_at, 0), DAY_S)
        by = {_COUNT + "#".join(facets): number for facets, number in changes.items() if number}
        for pk, sk in ((self._days, _day_key(day)), (self._hours, _hour_key(day, second // HOUR_S))):
            if by:
                yield Counters(pk=pk, sk=sk, by=by, expires_at=expires_at)

    def find_page(
        self, selection: Selection = lambda _: True, *, page: int, per_page: int, since: int = 0
    ) -> tuple[list[str], int]:
        """Returns the pks of a page, newest first, and the number of all entries that the selection takes and that were
        created since the day in which `since` lies.
        """
        days = self._find_days(selection, since)
        total, skipped = sum(one.length for one in days), (page - 1) * per_page
        window = Window.around(days, skipped=skipped, length=per_page)
        if window is not None and sum(one.length for one in window.periods) > CROWDED:
            hours = self._by_hours(window.periods, selection)
            window = Window.around(hours, skipped=window.skipped, length=per_page)
        return (self._find_pks(window, per_page) if window else []), total

    def count(self, by: Callable[[Facets], KeyT], *, since: int) -> Counter[KeyT]:
        """Returns how many entries created since the day in which `since` lies there are, by what `by` makes of their
        facets. One query.
        """
        counts: Counter[KeyT] = Counter()
        for day in self._find_days(lambda _: True, since):
            for facets, number in day.counts.items():
                counts[by(facets)] += number
        return counts

    def _find_days(self, selection: Selection, since: int) -> list[Period]:
        """Returns the days on which there are such entries, newest first."""
        items = self.table.each_of(self._days, after=_day_key(day_of(since) - 1) if since else None)
        found = [_to_period(item, int(item["sk"]) * DAY_S, DAY_S, selection) for item in items]
        return [one for one in reversed(found) if one.counts]

    def _by_hours(self, days: Sequence[Period], selection: Selection) -> list[Period]:
        """Returns days with the hours of the first and of the last in their place."""
        ends = dict.fromkeys((days[0].begin, days[-1].begin))
        numbers = [(begin // DAY_S, hour) for begin in ends for hour in reversed(range(24))]
        keys = ({"pk": self._hours, "sk": _hour_key(*number)} for number in numbers)
        found = [_to_period(item, _begin_of(item["sk"]), HOUR_S, selection) for item in self.table.find_listed(keys)]
        between = [one for one in days if one.begin not in ends]
        return sorted((one for one in (*found, *between) if one.counts), key=lambda one: one.begin, reverse=True)

    def _find_pks(self, window: Window, length: int) -> list[str]:
        lists = [self.place_of(facets)["list_pk"] for facets in window.facets]
        begin, end = time_key(window.periods[-1].begin), time_key(window.periods[0].end)
        found = self.table.list_between(lists, begin, end)
        return [str(item["pk"]) for item in found[window.skipped : window.skipped + length]]

    @property
    def _days(self) -> str:
        return f"DAYCOUNTS#{self.name}"

    @property
    def _hours(self) -> str:
        return f"HOURCOUNTS#{self.name}"


def _to_period(item: ItemValues, begin: int, seconds: int, selection: Selection) -> Period:
    counts = {
        tuple(name.removeprefix(_COUNT).split("#")): number
        for name, number in item.items()
        if name.startswith(_COUNT) and number > 0
    }
    return Period(begin, begin + seconds, {facets: counts[facets] for facets in filter(selection, counts)})


def _day_key(day: int) -> str:
    return f"{max(day, 0):06d}"


def _hour_key(day: int, hour: int) -> str:
    return f"{_day_key(day)}.{hour:02d}"


def _begin_of(hour_key: str) -> int:
    day, _, hour = hour_key.partition(".")
    return int(day) * DAY_S + int(hour) * HOUR_S
