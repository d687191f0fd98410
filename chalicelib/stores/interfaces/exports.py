"""Exports, and the schedules by which they are made."""

from collections.abc import Iterator
from typing import Protocol

from chalicelib.model.exports import Export, ExportResult, ExportStage, Progress
from chalicelib.model.ids import ExportId, ScheduleId, TenantId
from chalicelib.model.schedules import RunStatus, Schedule, ScheduleRun
from chalicelib.model.status_changes import ExportChange
from chalicelib.stores.interfaces.jobs import JobStore
from chalicelib.stores.interfaces.listing import Listing


class Exports(JobStore[Export, ExportId, ExportChange], Protocol):
    """Exports by tenant and id, and by time; and what their tasks report. An export is due when its deadline is over,
    and later when its files have lived long enough.
    """

    def list_page(
        self, tenant_id: TenantId, *, page: int, per_page: int, resources: frozenset[str] | None = None
    ) -> Listing[Export]:
        """Returns a page of exports, newest first, also within a second; `page` counts from 1. Only exports of
        `resources` where given. A moment behind `add`.
        """

    def report(self, tenant_id: TenantId, export_id: ExportId, progress: Progress, *, at: int) -> bool:
        """Writes the progress while the stored status is processing. Returns False if it was refused."""

    def put_once(self, export_id: ExportId, result: ExportResult) -> bool:
        """False if this task has a result already, which then stands."""

    def find_result(self, export_id: ExportId, stage: ExportStage, task: int) -> ExportResult | None: ...

    def list_results(self, export_id: ExportId, stage: ExportStage) -> list[ExportResult]:
        """Strongly consistent, ordered by task."""


class Schedules(Protocol):
    """Export schedules by tenant and id, and their runs, one for each due time that was fired."""

    def add(self, schedule: Schedule) -> bool:
        """False if a schedule of this tenant and id exists already: then nothing changes."""

    def find(self, tenant_id: TenantId, schedule_id: ScheduleId) -> Schedule | None: ...

    def list_page(self, tenant_id: TenantId, *, page: int, per_page: int) -> Listing[Schedule]:
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

    def list_runs(
        self, tenant_id: TenantId, schedule_id: ScheduleId, *, page: int, per_page: int
    ) -> Listing[ScheduleRun]:
        """Latest due time first; `page` counts from 1. A moment behind `put_run`."""

    def each_open_run(self, now: int) -> Iterator[ScheduleRun]:
        """Earliest first, of all tenants. Every run is watched from `put_run` on until `change_run` ends it."""
