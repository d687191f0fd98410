"""Lists by time in the control table whose length is known without reading them: counters, one for each day.

| item | pk | sk | beside |
|---|---|---|---|
| entry | its own | - | list_pk: the list and the part, list_sk: time and pk; expires_at, once it may expire |
| counter | DAYS#list | part#day | used, expires_at |

An entry is written in one transaction with the counter of its day. All entries of a day expire at one moment, and their
counter with them. A page is found by adding up the days before it: one query of the counters, then one of the entries
of that day and on, for each part. What lies before the page on the same day is read, as keys.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from heapq import merge
from itertools import islice
from typing import Any

from chalicelib.model.children import listed_as
from chalicelib.model.exports import Export
from chalicelib.model.ids import TenantId
from chalicelib.model.imports import Import
from chalicelib.model.retention import DAY_S, day_of, kept_until
from chalicelib.stores.dynamodb.attributes import ItemValues
from chalicelib.stores.dynamodb.control_table import ControlTable, Counter
from chalicelib.stores.interfaces import Counted
from chalicelib.stores.paging import time_key

KEYS_AT_ONCE = 5_000
"""Keys of entries that one query is asked for, at most; a query ends at 1 MB (AWS), some 7,000 of them."""


@dataclass(frozen=True, slots=True)
class DatedList:
    """One list, such as the imports of a tenant. Its entries belong to parts, such as their resources."""

    table: ControlTable
    name: str

    def keys_of(self, part: str, created_at: int, pk: str, now: float | None = None) -> ItemValues:
        """Returns what makes an item an entry; entries of one second are ordered by `now`, when they are written."""
        return {"list_pk": self._part(part), "list_sk": f"{time_key(created_at, now)}#{pk}"}

    def counter_of(self, part: str, created_at: int, expires_at: int | None) -> Counter:
        """Returns the counter with which an entry is added and deleted."""
        return Counter(pk=self._days, sk=f"{part}#{day_of(created_at):06d}", expires_at=expires_at)

    def find_page(
        self, *, page: int, per_page: int, parts: Collection[str] | None = None, since: int = 0
    ) -> tuple[list[str], int]:
        """Returns the pks of a page, newest first, and the number of all entries of these parts since that day."""
        days = self._count_days(parts, since)
        total = sum(sum(day.values()) for day in days.values())
        skipped = (page - 1) * per_page
        for day in sorted(days, reverse=True):
            count = sum(days[day].values())
            if skipped < count:
                found = self._each_pk(days, day, at_once=skipped + per_page)
                return list(islice(found, skipped, skipped + per_page)), total
            skipped -= count
        return [], total

    def each_chunk(self, *, parts: Collection[str] | None = None, since: int = 0, at_once: int) -> Iterator[list[str]]:
        """Yields the pks of the list, newest first, `at_once` at a time, in queries that go on where they ended."""
        days = self._count_days(parts, since)
        pks = self._each_pk(days, max(days), at_once=at_once) if days else iter(())
        while chunk := list(islice(pks, at_once)):
            yield chunk

    def _each_pk(self, days: dict[int, dict[str, int]], last: int, *, at_once: int) -> Iterator[str]:
        parts = {part for day, counts in days.items() if day <= last for part in counts}
        begin, end = time_key(min(days) * DAY_S), time_key((last + 1) * DAY_S)
        found: Iterable[Iterator[ItemValues]] = [
            self.table.each_listed(self._part(part), since=begin, before=end, at_once=min(at_once, KEYS_AT_ONCE))
            for part in sorted(parts)
        ]
        for item in merge(*found, key=lambda one: str(one["list_sk"]), reverse=True):
            yield str(item["pk"])

    def _count_days(self, parts: Collection[str] | None, since: int) -> dict[int, dict[str, int]]:
        """Returns how many entries each part has on each day, without days and parts that have none."""
        days: dict[int, dict[str, int]] = defaultdict(dict)
        for item in self.table.each_of(self._days):
            part, _, day = str(item["sk"]).rpartition("#")
            if item["used"] > 0 and int(day) >= day_of(since) and (parts is None or part in parts):
                days[int(day)][part] = item["used"]
        return dict(days)

    @property
    def _days(self) -> str:
        return f"DAYS#{self.name}"

    def _part(self, part: str) -> str:
        return f"{self.name}#{part}"


@dataclass(frozen=True, slots=True)
class JobLists:
    """The lists of imports, or of exports: one for each tenant, in parts by resource, previews apart. A job expires
    from its end on only, at a moment that is known from its creation on.
    """

    table: ControlTable
    name: str
    kept_s: int

    def of(self, tenant_id: TenantId) -> DatedList:
        """Returns the list of a tenant."""
        return DatedList(self.table, f"{self.name}#{tenant_id}")

    def add(
        self,
        job: Import | Export,
        pk: str,
        values: Mapping[str, Any],
        *,
        now: float,
        along: Iterable[ItemValues] = (),
    ) -> bool:
        """Writes a job with its keys, and the items `along`, and counts it. Returns False if its id is taken."""
        kept = kept_until(job.created_at, self.kept_s)
        item = {
            **{"pk": pk, "sk": "-", "kept_until": kept, "expires_at": kept if job.is_final else None},
            **self.of(job.tenant_id).keys_of(_part_of(job), job.created_at, pk, now),
            **values,
        }
        condition = "attribute_not_exists(#pk)"
        done = self.table.put_counted(item, condition=condition, counter=self._counter(job), along=along)
        return done is Counted.DONE

    def remove(self, job: Import | Export, pk: str, *, now: int, condition: str, parameters: Mapping[str, Any]) -> bool:
        """Writes a marker in place of a job, for as long as jobs are kept, and counts it off. Returns whether the
        condition held.
        """
        marker = {"pk": pk, "sk": "-", "deleted_at": now, "expires_at": kept_until(now, self.kept_s)}
        counter = replace(self._counter(job), by=-1)
        done = self.table.put_counted(marker, condition=condition, parameters=parameters, counter=counter)
        return done is Counted.DONE

    def moved(
        self, before: Import | Export, after: Import | Export, pk: str
    ) -> tuple[Mapping[str, Any], tuple[Counter, ...]]:
        """Returns what a job gets, and which counters change, where it belongs to another part of its list from now
        on; nothing where it stays.
        """
        if _part_of(before) == _part_of(after):
            return {}, ()
        keys = self.of(after.tenant_id).keys_of(_part_of(after), after.created_at, pk)
        return {"list_pk": keys["list_pk"]}, (replace(self._counter(before), by=-1), self._counter(after))

    def _counter(self, job: Import | Export) -> Counter:
        expires_at = kept_until(job.created_at, self.kept_s)
        return self.of(job.tenant_id).counter_of(_part_of(job), job.created_at, expires_at)


def _part_of(job: Import | Export) -> str:
    return listed_as(job) if isinstance(job, Import) else job.resource
