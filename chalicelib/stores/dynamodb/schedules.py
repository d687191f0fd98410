"""Schedules and their runs in the control table; the promises are those of `stores.interfaces.Schedules`.

One item each, listed by the index `lists`. A schedule is watched for its next due time until that due time's run is
there, a run until it has ended. Watches are written before what they watch, so that a crash leaves one too many at
worst, which is cleared away here.
"""

from collections.abc import Iterator
from functools import cache
from typing import Any

import orjson
from pydantic import TypeAdapter

from chalicelib.model.ids import ScheduleId, TenantId
from chalicelib.model.schedules import RunStatus, Schedule, ScheduleRun
from chalicelib.stores.dynamodb.control_table import ControlTable, Plain
from chalicelib.stores.dynamodb.due_index import Watch, Watches
from chalicelib.stores.dynamodb.imports import STALE_WATCH_S
from chalicelib.stores.interfaces import Listing

SCHEDULE_WATCHES, RUN_WATCHES = "SCHEDULEWATCH", "RUNWATCH"


class DynamoDBSchedules:
    """Keeps `stores.interfaces.Schedules`."""

    def __init__(self, table: ControlTable) -> None:
        self._table = table
        self._watches = Watches(table, SCHEDULE_WATCHES)
        self._run_watches = Watches(table, RUN_WATCHES)

    def add(self, schedule: Schedule) -> bool:
        self._watch(schedule)
        return self._table.put(_to_values(schedule), condition="attribute_not_exists(#pk)")

    def find(self, tenant_id: TenantId, schedule_id: ScheduleId) -> Schedule | None:
        item = self._table.find(_pk(tenant_id, schedule_id))
        return _schedules().validate_json(item["doc"]) if item else None

    def list_page(self, tenant_id: TenantId, *, page: int, per_page: int) -> Listing[Schedule]:
        docs, total = self._list(_list_pk(tenant_id), page, per_page)
        return Listing(tuple(map(_schedules().validate_json, docs)), total)

    def replace(self, schedule: Schedule) -> bool:
        self._watch(schedule)
        facts = {"before": schedule.revision - 1}
        return self._table.put(_to_values(schedule), condition="#revision = :before", facts=facts)

    def delete(self, tenant_id: TenantId, schedule_id: ScheduleId) -> None:
        self._table.remove(_pk(tenant_id, schedule_id), "-")

    def each_due(self, now: int) -> Iterator[Schedule]:
        for watch in self._watches.each_before(now + 1):
            schedule = self.find(watch.tenant_id, ScheduleId(watch.id))
            if schedule is not None and _is_meant(schedule, watch.due_at):
                yield schedule
            elif watch.due_at < now - STALE_WATCH_S:
                self._watches.remove(watch)

    def put_run(self, run: ScheduleRun) -> ScheduleRun:
        stored = self.find_run(run.tenant_id, run.schedule_id, run.due_at)
        if stored is None:
            if run.is_open:
                self._run_watches.put(_run_watch(run))
            self._table.put(_to_run_values(run), condition="attribute_not_exists(#pk)")
            stored = self.find_run(run.tenant_id, run.schedule_id, run.due_at)
        self._watches.remove(Watch(run.due_at, run.tenant_id, run.schedule_id))
        return stored or run

    def find_run(self, tenant_id: TenantId, schedule_id: ScheduleId, due_at: int) -> ScheduleRun | None:
        item = self._table.find(_run_pk(tenant_id, schedule_id, due_at))
        return _runs().validate_json(item["doc"]) if item else None

    def change_run(self, run: ScheduleRun, *, before: RunStatus) -> bool:
        values = _to_run_values(run)
        is_changed = self._table.put(values, condition="#status = :before", facts={"before": before})
        if is_changed and not run.is_open:
            self._run_watches.remove(_run_watch(run))
        return is_changed

    def list_runs(
        self, tenant_id: TenantId, schedule_id: ScheduleId, *, page: int, per_page: int
    ) -> Listing[ScheduleRun]:
        docs, total = self._list(_runs_list_pk(tenant_id, schedule_id), page, per_page)
        return Listing(tuple(map(_runs().validate_json, docs)), total)

    def each_open_run(self, now: int) -> Iterator[ScheduleRun]:
        for watch in self._run_watches.each_before(now + 1):
            run = self._find_watched(watch)
            if run is not None and run.is_open:
                yield run
            elif run is not None or watch.due_at < now - STALE_WATCH_S:
                self._run_watches.remove(watch)

    def _find_watched(self, watch: Watch) -> ScheduleRun | None:
        schedule_id, _, due_at = watch.id.partition("#")
        return self.find_run(watch.tenant_id, ScheduleId(schedule_id), int(due_at))

    def _watch(self, schedule: Schedule) -> None:
        if schedule.next_due_at is not None:
            self._watches.put(Watch(schedule.next_due_at, schedule.tenant_id, schedule.schedule_id))

    def _list(self, list_pk: str, page: int, per_page: int) -> tuple[list[str], int]:
        """Documents of a page, latest first, and how many there are on all pages, whose keys are read."""
        pks = [str(item["pk"]) for item in self._table.each_listed(list_pk)]
        chosen = pks[(page - 1) * per_page : page * per_page]
        found = self._table.find_many(chosen)
        return [found[pk]["doc"] for pk in chosen if pk in found], len(pks)


def _is_meant(schedule: Schedule, due_at: int) -> bool:
    """Whether the due time is to be fired, or was fired and may lack its run."""
    return due_at in (schedule.next_due_at, schedule.last_run.due_at if schedule.last_run else None)


def _run_watch(run: ScheduleRun) -> Watch:
    return Watch(run.due_at, run.tenant_id, f"{run.schedule_id}#{run.due_at}")


def _pk(tenant_id: TenantId, schedule_id: ScheduleId) -> str:
    return f"SCHEDULE#{tenant_id}#{schedule_id}"


def _list_pk(tenant_id: TenantId) -> str:
    return f"SCHEDULES#{tenant_id}"


def _run_pk(tenant_id: TenantId, schedule_id: ScheduleId, due_at: int) -> str:
    return f"RUN#{tenant_id}#{schedule_id}#{due_at}"


def _runs_list_pk(tenant_id: TenantId, schedule_id: ScheduleId) -> str:
    return f"RUNS#{tenant_id}#{schedule_id}"


def _to_values(schedule: Schedule) -> Plain:
    return {
        "pk": _pk(schedule.tenant_id, schedule.schedule_id),
        "sk": "-",
        "list_pk": _list_pk(schedule.tenant_id),
        "list_sk": f"{schedule.created_at:012d}#{schedule.schedule_id}",
        "revision": schedule.revision,
        "doc": orjson.dumps(schedule).decode(),
    }


def _to_run_values(run: ScheduleRun) -> dict[str, Any]:
    return {
        "pk": _run_pk(run.tenant_id, run.schedule_id, run.due_at),
        "sk": "-",
        "list_pk": _runs_list_pk(run.tenant_id, run.schedule_id),
        "list_sk": f"{run.due_at:012d}",
        "status": run.status,
        "expires_at": run.forgotten_at,
        "doc": orjson.dumps(run).decode(),
    }


@cache
def _schedules() -> TypeAdapter[Schedule]:
    return TypeAdapter(Schedule)


@cache
def _runs() -> TypeAdapter[ScheduleRun]:
    return TypeAdapter(ScheduleRun)
