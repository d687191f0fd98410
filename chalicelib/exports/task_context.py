"""What a task of an export needs to do its work. Made anew for every try of every task; nothing here outlives it."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from chalicelib.lifecycle.progress_reporter import ProgressReporter
from chalicelib.model.exports import Export, ExportStatus, Progress
from chalicelib.model.limits import Limits
from chalicelib.model.object_keys import export_file_key, export_part_key
from chalicelib.model.resources import Resource
from chalicelib.stores.interfaces import Stores

TIMED_OUT = "timed_out"
SUPERSEDED = "superseded"
"""The export has ended meanwhile, or is gone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportRun:
    export: Export
    resource: Resource
    stores: Stores
    limits: Limits
    now: Callable[[], float]
    """Epoch seconds."""
    token: str
    """Names this try: all objects it writes bear it, so that tries never write over each other (ADR 1)."""

    def find_stop(self) -> str | None:
        """Why the task should stop now, if it should. Costs one read."""
        stored = self.stores.exports.find(self.export.tenant_id, self.export.export_id)
        if stored is None or stored.status is not ExportStatus.PROCESSING:
            return SUPERSEDED
        is_late = stored.deadline_at is not None and self.now() >= stored.deadline_at
        return TIMED_OUT if is_late else None

    def part_key(self, name: str) -> str:
        return export_part_key(self.export.tenant_id, self.export.export_id, self.token, name)

    def file_key(self, filename: str) -> str:
        return export_file_key(self.export.tenant_id, self.export.export_id, self.token, filename)

    def report(self, progress: Progress) -> None:
        self.stores.exports.report(self.export.tenant_id, self.export.export_id, progress, at=int(self.now()))


def progress_reporter(context: ExportRun, progress: Progress) -> ProgressReporter[[int]]:
    """Returns a reporter that takes how many rows the task that is under way has written; those in `progress` are
    added.
    """

    def write(rows: int) -> None:
        context.report(replace(progress, rows_written=progress.rows_written + rows))

    return ProgressReporter(write, context.now)
