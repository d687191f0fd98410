"""Exports, and the schedules by which they are made."""

from collections.abc import Iterator
from typing import Protocol

from chalicelib.model.exports import Export, ExportResult, ExportStage, ExportStatus, Progress
from chalicelib.model.ids import ExportId, ScheduleId, TenantId
from chalicelib.model.list_filters import EVERY_EXPORT, ExportFilter
from chalicelib.model.schedules import RunStatus, Schedule, ScheduleRun
from chalicelib.model.status_changes import ExportChange
from chalicelib.stores.interfaces.jobs import JobStore
from chalicelib.stores.interfaces.listing import Counted, Listing


class Exports(JobStore[Export, ExportId, ExportChange], Protocol):
    """The exports by tenant and id, and by time; and what their tasks report. An export is due when its deadline is
    over, and later when its files have lived long enough.
    """

    def list_page(
        self, tenant_id: TenantId, wanted: ExportFilter = EVERY_EXPORT, *, page: int, per_page: int
    ) -> Listing[Export]:
        """Returns a page of the exports that the filter takes, newest first, also within a second, and how many there
        are on all pages; `page` counts from 1. A moment behind what is written, and without those that have expired.
        Costs the same for any filter, any page and any number of exports, and the keys of those that lie in the same
        hours as the page.
        """

    def count_statuses(self, tenant_id: TenantId, *, since: int) -> dict[ExportStatus, int]:
        """Returns how many exports created since the day (UTC) in which `since` lies have which status; without those
        that none has. One query.
        """

    def report(self, tenant_id: TenantId, export_id: ExportId, progress: Progress, *, at: int) -> bool:
        """Writes the progress while the stored status is processing. Returns False if it was refused."""

    def put_once(self, export_id: ExportId, result: ExportResult) -> bool:
        """Stores the result of a task. Returns False, and changes nothing, if this task has one already."""

    def find_result(self, export_id: ExportId, stage: ExportStage, task: int) -> ExportResult | None:
        """Returns the result of one task, or None. The read is strongly consistent."""

    def list_results(self, export_id: ExportId, stage: ExportStage) -> list[ExportResult]:
        """Returns the results of a stage that are there, ordered by task. The read is strongly consistent."""


class Schedules(Protocol):
    """The export schedules by tenant and id, and their runs, one for each due time that was fired."""

    def add(self, schedule: Schedule, *, limit: int) -> Counted:
        """Stores a new schedule: `REFUSED` if the tenant has one with this id, `FULL` if it has `limit` of them. The
        count is exact, however many are added and deleted at once.
        """

    def find(self, tenant_id: TenantId, schedule_id: ScheduleId) -> Schedule | None:
        """Returns the schedule as it is stored now, or None."""

    def list_page(self, tenant_id: TenantId, *, page: int, per_page: int) -> Listing[Schedule]:
        """Returns a page of schedules, newest first; `page` counts from 1. What `add` wrote shows a moment later."""

    def replace(self, schedule: Schedule) -> bool:
        """Stores a new revision of a schedule. Returns False, and changes nothing, unless the stored revision is the
        one before it.
        """

    def delete(self, tenant_id: TenantId, schedule_id: ScheduleId) -> None:
        """Removes a schedule. Its runs stay, and end by themselves."""

    def each_due(self, now: int) -> Iterator[Schedule]:
        """Yields schedules whose next due time has come, and those whose `last_run` has not been put yet."""

    def put_run(self, run: ScheduleRun) -> ScheduleRun:
        """Stores the run of a schedule and a due time, unless there is one, and returns the one that is there then. A
        due time has one run for as long as the history remembers it.
        """

    def find_run(self, tenant_id: TenantId, schedule_id: ScheduleId, due_at: int) -> ScheduleRun | None:
        """Returns the run of this due time, or None."""

    def change_run(self, run: ScheduleRun, *, before: RunStatus) -> bool:
        """Stores a run anew. Returns False, and changes nothing, unless the stored status is `before`."""

    def list_runs(
        self, tenant_id: TenantId, schedule_id: ScheduleId, *, page: int, per_page: int
    ) -> Listing[ScheduleRun]:
        """Returns a page of runs, latest due time first; `page` counts from 1. What `put_run` wrote shows a moment
        later.
        """

    def each_open_run(self, now: int) -> Iterator[ScheduleRun]:
        """Yields the runs that are due by `now` and have not ended, of all tenants, earliest first."""
