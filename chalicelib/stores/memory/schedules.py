"""Schedules and their runs, in memory; the promises are those of `stores.interfaces.Schedules`."""

from collections.abc import Iterator
from copy import deepcopy
from threading import RLock

from chalicelib.model.ids import ScheduleId, TenantId
from chalicelib.model.schedules import RunStatus, Schedule, ScheduleRun
from chalicelib.stores.interfaces import Counted, Listing


class MemorySchedules:
    """Keeps the promises of `stores.interfaces.Schedules`."""

    def __init__(self) -> None:
        self._lock = RLock()
        self._schedules: dict[tuple[TenantId, ScheduleId], Schedule] = {}
        self._runs: dict[tuple[TenantId, ScheduleId, int], ScheduleRun] = {}

    def add(self, schedule: Schedule, *, limit: int) -> Counted:
        """Does what `Schedules.add` promises."""
        key = (schedule.tenant_id, schedule.schedule_id)
        with self._lock:
            if key in self._schedules:
                return Counted.REFUSED
            if sum(owner == schedule.tenant_id for owner, _ in self._schedules) >= limit:
                return Counted.FULL
            self._schedules[key] = deepcopy(schedule)
        return Counted.DONE

    def find(self, tenant_id: TenantId, schedule_id: ScheduleId) -> Schedule | None:
        """Does what `Schedules.find` promises."""
        with self._lock:
            return deepcopy(self._schedules.get((tenant_id, schedule_id)))

    def list_page(self, tenant_id: TenantId, *, page: int, per_page: int) -> Listing[Schedule]:
        """Does what `Schedules.list_page` promises."""
        with self._lock:
            stored = [one for one in self._schedules.values() if one.tenant_id == tenant_id]
        stored.sort(key=lambda one: (one.created_at, one.schedule_id), reverse=True)
        return Listing(tuple(deepcopy(stored[(page - 1) * per_page : page * per_page])), len(stored))

    def replace(self, schedule: Schedule) -> bool:
        """Does what `Schedules.replace` promises."""
        key = (schedule.tenant_id, schedule.schedule_id)
        with self._lock:
            stored = self._schedules.get(key)
            if stored is None or stored.revision != schedule.revision - 1:
                return False
            self._schedules[key] = deepcopy(schedule)
        return True

    def delete(self, tenant_id: TenantId, schedule_id: ScheduleId) -> None:
        """Does what `Schedules.delete` promises."""
        with self._lock:
            self._schedules.pop((tenant_id, schedule_id), None)

    def each_due(self, now: int) -> Iterator[Schedule]:
        """Does what `Schedules.each_due` promises."""
        with self._lock:
            stored = deepcopy(list(self._schedules.values()))
        yield from (one for one in stored if self._is_due(one, now))

    def _is_due(self, schedule: Schedule, now: int) -> bool:
        last = schedule.last_run
        is_owed = last is not None and (last.tenant_id, last.schedule_id, last.due_at) not in self._runs
        return is_owed or (schedule.next_due_at is not None and schedule.next_due_at <= now)

    def put_run(self, run: ScheduleRun) -> ScheduleRun:
        """Does what `Schedules.put_run` promises."""
        with self._lock:
            return deepcopy(
                self._runs.setdefault((run.tenant_id, run.schedule_id, run.due_at), deepcopy(run)),
            )

    def find_run(self, tenant_id: TenantId, schedule_id: ScheduleId, due_at: int) -> ScheduleRun | None:
        """Does what `Schedules.find_run` promises."""
        with self._lock:
            return deepcopy(self._runs.get((tenant_id, schedule_id, due_at)))

    def change_run(self, run: ScheduleRun, *, before: RunStatus) -> bool:
        """Does what `Schedules.change_run` promises."""
        key = (run.tenant_id, run.schedule_id, run.due_at)
        with self._lock:
            stored = self._runs.get(key)
            if stored is None or stored.status is not before:
                return False
            self._runs[key] = deepcopy(run)
        return True

    def list_runs(
        self, tenant_id: TenantId, schedule_id: ScheduleId, *, page: int, per_page: int
    ) -> Listing[ScheduleRun]:
        """Does what `Schedules.list_runs` promises."""
        with self._lock:
            stored = [run for key, run in self._runs.items() if key[:2] == (tenant_id, schedule_id)]
        stored.sort(key=lambda run: run.due_at, reverse=True)
        return Listing(tuple(deepcopy(stored[(page - 1) * per_page : page * per_page])), len(stored))

    def each_open_run(self, now: int) -> Iterator[ScheduleRun]:
        """Does what `Schedules.each_open_run` promises."""
        with self._lock:
            stored = deepcopy([run for run in self._runs.values() if run.is_open and run.due_at <= now])
        yield from sorted(stored, key=lambda run: run.due_at)
