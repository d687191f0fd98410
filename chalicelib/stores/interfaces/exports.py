"""Exports, the machine that drives them, and the schedules by which they are made."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from chalicelib.model.exports import Export, ExportChange, ExportResult, ExportStage, Progress
from chalicelib.model.ids import ExportId, ScheduleId, TenantId
from chalicelib.model.schedules import RunStatus, Schedule, ScheduleRun


@dataclass(frozen=True, slots=True)
class ExportListing:
    """One numbered page of exports."""

    exports: tuple[Export, ...]
    total: int
    """How many there are on all pages."""


@dataclass(frozen=True, slots=True)
class ScheduleListing:
    """One numbered page of schedules."""

    schedules: tuple[Schedule, ...]
    total: int


@dataclass(frozen=True, slots=True)
class RunListing:
    """One numbered page of a schedule's runs."""

    runs: tuple[ScheduleRun, ...]
    total: int


class Exports(Protocol):
    """Exports by tenant and id, and by time; and what their tasks report."""

    def add(self, export: Export) -> bool:
        """False if an export of this tenant and id exists already, or did: then nothing changes."""

    def find(self, tenant_id: TenantId, export_id: ExportId) -> Export | None: ...

    def list_page(
        self, tenant_id: TenantId, *, page: int, per_page: int, resources: frozenset[str] | None = None
    ) -> ExportListing:
        """Newest first, also within a second; `page` counts from 1; only exports of `resources` where given. A moment
        behind `add`.
        """

    def change(self, tenant_id: TenantId, export_id: ExportId, change: ExportChange) -> Export | None:
        """The export afterwards; None, and nothing changed, unless the stored status is one of `PREDECESSORS[to]`."""

    def report(self, tenant_id: TenantId, export_id: ExportId, progress: Progress, *, at: int) -> bool:
        """Writes the progress while the stored status is processing; False if it was refused."""

    def rename(self, tenant_id: TenantId, export_id: ExportId, name: str | None, *, by: str, at: int) -> bool:
        """False if there is no such export."""

    def delete(self, tenant_id: TenantId, export_id: ExportId) -> bool:
        """Removes an export that has ended from every list, while its id stays taken; False if it is absent or under
        way.
        """

    def each_owed(self, before: int) -> Iterator[Export]:
        """Exports that ended before this time and are still to be announced, those that have waited longest first.
        `change` writes `announce_due` together with the status.
        """

    def settle(self, export: Export) -> None:
        """It has been told: takes `announce_due` away."""

    def each_due(self, now: int) -> Iterator[tuple[TenantId, ExportId]]:
        """Exports whose `due_at` lies before `now`. Every export is watched from `add` on until it has neither a
        deadline nor files.
        """

    def put_once(self, export_id: ExportId, result: ExportResult) -> bool:
        """False if this task has a result already, which then stands."""

    def find_result(self, export_id: ExportId, stage: ExportStage, task: int) -> ExportResult | None: ...

    def list_results(self, export_id: ExportId, stage: ExportStage) -> list[ExportResult]:
        """Strongly consistent, ordered by task."""


class ExportMachine(Protocol):
    """The state machine that makes exports."""

    def start(self, export: Export) -> None:
        """Idempotent."""

    def stop(self, export: Export, *, cause: str) -> None:
        """Ends the execution if it runs; what its tasks still write, nobody is led to."""


class Schedules(Protocol):
    """Export schedules by tenant and id, and their runs, one for each due time that was fired."""

    def add(self, schedule: Schedule) -> bool:
        """False if a schedule of this tenant and id exists already: then nothing changes."""

    def find(self, tenant_id: TenantId, schedule_id: ScheduleId) -> Schedule | None: ...

    def list_page(self, tenant_id: TenantId, *, page: int, per_page: int) -> ScheduleListing:
        """Newest first; `page` counts from 1. A moment behind `add`."""

    def replace(self, schedule: Schedule) -> bool:
        """False, and nothing changed, unless the stored revision is the one before this one."""

    def delete(self, tenant_id: TenantId, schedule_id: ScheduleId) -> None:
        """Its runs stay, and end by themselves."""

    def each_due(self, now: int) -> Iterator[Schedule]:
        """Schedules whose next due time has come, and those whose `last_run` has not been put yet."""

    def put_run(self, run: ScheduleRun) -> ScheduleRun:
        """The run of this schedule and due time: the given one, or the one that was there. Once for all time in which
        the history remembers it.
        """

    def find_run(self, tenant_id: TenantId, schedule_id: ScheduleId, due_at: int) -> ScheduleRun | None: ...

    def change_run(self, run: ScheduleRun, *, before: RunStatus) -> bool:
        """False, and nothing changed, unless the stored status is `before`."""

    def list_runs(self, tenant_id: TenantId, schedule_id: ScheduleId, *, page: int, per_page: int) -> RunListing:
        """Latest due time first; `page` counts from 1. A moment behind `put_run`."""

    def each_open_run(self, now: int) -> Iterator[ScheduleRun]:
        """Earliest first, of all tenants. Every run is watched from `put_run` on until `change_run` ends it."""
