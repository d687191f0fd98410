"""Drives schedules through the real operations, the real runner and the real export steps, with stores in memory.

`ScheduleWorld` is an `ExportWorld` in which time passes: `run_due_schedules` does what the function of that name does
every minute, and `run_exports` does what the state machine would do with every export that was started.
"""

from typing import Any

from chalicelib.exports.request import ExportRequest
from chalicelib.formats.registry import Format
from chalicelib.model.exports import Export
from chalicelib.model.schedules import Schedule, ScheduleRun
from chalicelib.model.write_options import Rendering
from chalicelib.schedules.request import ScheduleRequest
from chalicelib.schedules.runner import RunCounts, run_due_schedules
from chalicelib.schedules.service import create_schedule
from tests.export_world import RESOURCE, ExportWorld, run_export
from tests.world import OURS

MINUTE_S, HOUR_S, DAY_S = 60, 3600, 86400


class ScheduleWorld(ExportWorld):
    """One tenant's records, schedules and exports, and the clock that makes the schedules due."""

    def schedule(self, expression: str = "rate(1 hour)", **fields: Any) -> Schedule:
        """Creates a schedule of a JSON export, unless another export is given."""
        export = ExportRequest(
            dialect="packagex",
            resource=RESOURCE,
            renderings=(Rendering(format=Format.JSON),),
            fields=("id", "name", "updated_at"),
        )
        request = ScheduleRequest(expression=expression, export=fields.pop("export", export), **fields)
        return create_schedule(self.context, self.caller(), request)

    def run_due_schedules(self, after_s: int = 0) -> RunCounts:
        """Lets time pass, then does what is due."""
        self.now += after_s
        return run_due_schedules(self.context)

    def run_exports(self) -> None:
        """Runs every export that is queued."""
        for export in self.stores.exports.list_page(OURS, page=1, per_page=1_000).entries:
            if export.status == "queued":
                run_export(self.steps, export)

    def run_due_time(self, after_s: int = HOUR_S) -> None:
        """Runs one due time: the round that starts its export, the export, and the round that sees it ended."""
        self.run_due_schedules(after_s)
        self.run_exports()
        self.run_due_schedules()

    def runs(self, schedule: Schedule) -> list[ScheduleRun]:
        """Returns the runs of a schedule, the earliest first."""
        listed = self.stores.schedules.list_runs(OURS, schedule.schedule_id, page=1, per_page=10_000).entries
        return list(reversed(listed))

    def stored(self, schedule: Schedule) -> Schedule:
        """Returns the schedule as it is stored now."""
        found = self.stores.schedules.find(OURS, schedule.schedule_id)
        assert found is not None
        return found

    def export_of(self, run: ScheduleRun) -> Export:
        """Returns the export that a run has started."""
        found = self.stores.exports.find(OURS, run.export_id)
        assert found is not None
        return found

    def delivered(self, run: ScheduleRun) -> dict[str, str | None]:
        """Returns the delivered names by record id, with None for a record that was deleted."""
        rows = self.rows(self.export_of(run))
        return {row["id"]: None if row.get("_deleted") else row["name"] for row in rows}
