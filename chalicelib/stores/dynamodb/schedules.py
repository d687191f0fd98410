"""Schedules and their runs in the control table, as `stores.interfaces.Schedules` promises.

Each is one item. Schedules stand in the index `lists`, and the item COUNT#tenant counts those of a tenant; runs stand
in a `DatedList`. The due index has an entry for a schedule's next due time until the run of that due time is there, and
one for every run until it has ended.
"""

from collections.abc import Iterator
from functools import cache
from typing import Any

import orjson
from pydantic import TypeAdapter

from chalicelib.model.ids import ScheduleId, TenantId
from chalicelib.model.schedules import RunStatus, Schedule, ScheduleRun
from chalicelib.stores.dynamodb.attributes import ItemValues
from chalicelib.stores.dynamodb.control_table import ControlTable
from chalicelib.stores.dynamodb.dated_list import DatedList
from chalicelib.stores.dynamodb.due_index import STALE_ENTRY_S, DueEntry, DueIndex, DueKind
from chalicelib.stores.dynamodb.item_changes import Along, Counter
from chalicelib.stores.interfaces import Counted, Listing

ALL = "-"
"""What all runs of a schedule are listed by."""


class DynamoDBSchedules:
    """Keeps the promises of `stores.interfaces.Schedules`."""

    def __init__(self, table: ControlTable) -> None:
        self._table = table
        self._due = DueIndex(table, DueKind.SCHEDULE)
        self._open_runs = DueIndex(table, DueKind.OPEN_RUN)

    def add(self, schedule: Schedule, *, limit: int) -> Counted:
        """Does what `Schedules.add` promises."""
        self._add_due(schedule)
        counter = _counter(schedule.tenant_id, limit)
        return self._table.put_counted(_to_values(schedule), condition="attribute_not_exists(#pk)", counter=counter)

    def find(self, tenant_id: TenantId, schedule_id: ScheduleId) -> Schedule | None:
        """Does what `Schedules.find` promises."""
        item = self._table.find(_pk(tenant_id, schedule_id))
        return _schedules().validate_json(item["doc"]) if item else None

    def list_page(self, tenant_id: TenantId, *, page: int, per_page: int) -> Listing[Schedule]:
        """Keeps `Schedules.list_page`. Reads the keys of all schedules: there are never many."""
        pks = [str(item["pk"]) for item in self._table.each_listed(_list_pk(tenant_id))]
        docs = self._find_docs(pks[(page - 1) * per_page : page * per_page])
        return Listing(tuple(map(_schedules().validate_json, docs)), len(pks))

    def replace(self, schedule: Schedule) -> bool:
        """Does what `Schedules.replace` promises."""
        self._add_due(schedule)
        parameters = {"before": schedule.revision - 1}
        return self._table.put(_to_values(schedule), condition="#revision = :before", parameters=parameters)

    def delete(self, tenant_id: TenantId, schedule_id: ScheduleId) -> None:
        """Does what `Schedules.delete` promises."""
        self._table.remove_counted(_pk(tenant_id, schedule_id), "-", counter=_counter(tenant_id))

    def each_due(self, now: int) -> Iterator[Schedule]:
        """Does what `Schedules.each_due` promises."""
        for entry in self._due.each_before(now + 1):
            schedule = self.find(entry.tenant_id, ScheduleId(entry.id))
            if schedule is not None and _is_current(schedule, entry.due_at):
                yield schedule
            elif entry.due_at < now - STALE_ENTRY_S:
                self._due.remove(entry)

    def put_run(self, run: ScheduleRun) -> ScheduleRun:
        """Does what `Schedules.put_run` promises."""
        stored = self.find_run(run.tenant_id, run.schedule_id, run.due_at)
        if stored is None:
            if run.is_open:
                self._open_runs.put(_run_entry(run))
            runs = self._runs(run.tenant_id, run.schedule_id)
            counted = Along(counters=runs.counters_of(run.due_at, {(ALL,): 1}, run.forgotten_at))
            self._table.put_along(self._to_run_values(run), counted, condition="attribute_not_exists(#pk)")
            stored = self.find_run(run.tenant_id, run.schedule_id, run.due_at)
        self._due.remove(DueEntry(run.due_at, run.tenant_id, run.schedule_id))
        return stored or run

    def find_run(self, tenant_id: TenantId, schedule_id: ScheduleId, due_at: int) -> ScheduleRun | None:
        """Does what `Schedules.find_run` promises."""
        item = self._table.find(_run_pk(tenant_id, schedule_id, due_at))
        return _runs().validate_json(item["doc"]) if item else None

    def change_run(self, run: ScheduleRun, *, before: RunStatus) -> bool:
        """Does what `Schedules.change_run` promises."""
        values = self._to_run_values(run)
        is_changed = self._table.put(values, condition="#status = :before", parameters={"before": before})
        if is_changed and not run.is_open:
            self._open_runs.remove(_run_entry(run))
        return is_changed

    def list_runs(
        self, tenant_id: TenantId, schedule_id: ScheduleId, *, page: int, per_page: int
    ) -> Listing[ScheduleRun]:
        """Does what `Schedules.list_runs` promises."""
        pks, total = self._runs(tenant_id, schedule_id).find_page(page=page, per_page=per_page)
        return Listing(tuple(map(_runs().validate_json, self._find_docs(pks))), total)

    def each_open_run(self, now: int) -> Iterator[ScheduleRun]:
        """Does what `Schedules.each_open_run` promises."""
        for entry in self._open_runs.each_before(now + 1):
            run = self._find_run_of(entry)
            if run is not None and run.is_open:
                yield run
            elif run is not None or entry.due_at < now - STALE_ENTRY_S:
                self._open_runs.remove(entry)

    def _find_run_of(self, entry: DueEntry) -> ScheduleRun | None:
        schedule_id, _, due_at = entry.id.partition("#")
        return self.find_run(entry.tenant_id, ScheduleId(schedule_id), int(due_at))

    def _add_due(self, schedule: Schedule) -> None:
        if schedule.next_due_at is not None:
            self._due.put(DueEntry(schedule.next_due_at, schedule.tenant_id, schedule.schedule_id))

    def _runs(self, tenant_id: TenantId, schedule_id: ScheduleId) -> DatedList:
        return DatedList(self._table, f"RUNS#{tenant_id}#{schedule_id}")

    def _to_run_values(self, run: ScheduleRun) -> dict[str, Any]:
        pk = _run_pk(run.tenant_id, run.schedule_id, run.due_at)
        return {
            "pk": pk,
            "sk": "-",
            **self._runs(run.tenant_id, run.schedule_id).keys_of((ALL,), run.due_at, pk),
            "status": run.status,
            "expires_at": run.forgotten_at,
            "doc": orjson.dumps(run).decode(),
        }

    def _find_docs(self, pks: list[str]) -> list[str]:
        found = self._table.find_many(pks)
        return [found[pk]["doc"] for pk in pks if pk in found]


def _is_current(schedule: Schedule, due_at: int) -> bool:
    """Returns whether the due time is to be fired, or was fired and may lack its run."""
    return due_at in (schedule.next_due_at, schedule.last_run.due_at if schedule.last_run else None)


def _run_entry(run: ScheduleRun) -> DueEntry:
    return DueEntry(run.due_at, run.tenant_id, f"{run.schedule_id}#{run.due_at}")


def _pk(tenant_id: TenantId, schedule_id: ScheduleId) -> str:
    return f"SCHEDULE#{tenant_id}#{schedule_id}"


def _counter(tenant_id: TenantId, limit: int | None = None) -> Counter:
    return Counter(pk=f"COUNT#{tenant_id}", sk="schedules", limit=limit)


def _list_pk(tenant_id: TenantId) -> str:
    return f"SCHEDULES#{tenant_id}"


def _run_pk(tenant_id: TenantId, schedule_id: ScheduleId, due_at: int) -> str:
    return f"RUN#{tenant_id}#{schedule_id}#{due_at}"


def _to_values(schedule: Schedule) -> ItemValues:
    return {
        "pk": _pk(schedule.tenant_id, schedule.schedule_id),
        "sk": "-",
        "list_pk": _list_pk(schedule.tenant_id),
        "list_sk": f"{schedule.created_at:012d}#{schedule.schedule_id}",
        "revision": schedule.revision,
        "doc": orjson.dumps(schedule).decode(),
    }


@cache
def _schedules() -> TypeAdapter[Schedule]:
    return TypeAdapter(Schedule)


@cache
def _runs() -> TypeAdapter[ScheduleRun]:
    return TypeAdapter(ScheduleRun)
