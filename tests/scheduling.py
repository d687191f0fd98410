"""Drives schedules through the real operations, sweeps and export steps, with stores in memory.

`ScheduleTown` is an `ExportWorld` with a minute hand: `sweep` is what the function `sweep` does, `play` what the export
machine does with everything that was started.
"""

from typing import Any

from chalicelib.exports.request import ExportRequest
from chalicelib.model.exports import Export
from chalicelib.model.schedules import Schedule, ScheduleRun
from chalicelib.model.write_options import ExportFormat, Rendering
from chalicelib.schedules.request import ScheduleRequest
from chalicelib.schedules.runner import Swept, sweep
from chalicelib.schedules.service import create_schedule
from tests.export_world import RESOURCE, ExportWorld, play_export
from tests.world import OURS

MINUTE_S, HOUR_S, DAY_S = 60, 3600, 86400


class ScheduleTown(ExportWorld):
    def schedule(self, expression: str = "rate(1 hour)", **wanted: Any) -> Schedule:
        export = ExportRequest(
            dialect="phased",
            resource=RESOURCE,
            renderings=(Rendering(format=ExportFormat.JSON),),
            fields=("id", "name", "updated_at"),
        )
        asked = ScheduleRequest(expression=expression, export=wanted.pop("export", export), **wanted)
        return create_schedule(self.context, self.world.caller(), asked)

    def sweep(self, after_s: int = 0) -> Swept:
        self.world.now += after_s
        return sweep(self.context)

    def play(self) -> None:
        """Every export that is queued."""
        for export in self.stores.exports.list_page(OURS, page=1, per_page=1_000).entries:
            if export.status == "queued":
                play_export(self.steps, export)

    def turn(self, after_s: int = HOUR_S) -> None:
        """A due time, its export, and the sweep that sees it ended."""
        self.sweep(after_s)
        self.play()
        self.sweep()

    def runs(self, schedule: Schedule) -> list[ScheduleRun]:
        """Earliest first."""
        listed = self.stores.schedules.list_runs(OURS, schedule.schedule_id, page=1, per_page=10_000).entries
        return list(reversed(listed))

    def stored(self, schedule: Schedule) -> Schedule:
        found = self.stores.schedules.find(OURS, schedule.schedule_id)
        assert found is not None
        return found

    def export_of(self, run: ScheduleRun) -> Export:
        found = self.stores.exports.find(OURS, run.export_id)
        assert found is not None
        return found

    def delivered(self, run: ScheduleRun) -> dict[str, str | None]:
        """Name by id; None for those that were deleted."""
        rows = self.rows(self.export_of(run))
        return {row["id"]: None if row.get("_deleted") else row["name"] for row in rows}
