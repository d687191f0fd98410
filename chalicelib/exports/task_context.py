"""What a task of an export needs to do its work. Made anew for every task attempt; nothing here outlives it."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from chalicelib.lifecycle.progress_reporter import ProgressReporter
from chalicelib.model.exports import Export, ExportStatus, Progress
from chalicelib.model.limits import Limits
from chalicelib.model.object_keys import export_file_key, shard_file_key
from chalicelib.model.resources import Resource
from chalicelib.model.stop_reasons import SUPERSEDED, TIMED_OUT, StopReason
from chalicelib.model.time_left import TimeLeft, endless
from chalicelib.stores.interfaces import Stores


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportTaskContext:
    """The export of a task, its resource, the stores, and the clock."""

    export: Export
    resource: Resource
    stores: Stores
    limits: Limits
    now: Callable[[], float]
    """Epoch seconds."""
    time_left_s: TimeLeft = endless
    """Seconds until the function is killed."""
    attempt_id: str
    """Names this attempt: all objects it writes bear it, so that attempts never write over each other (ADR 1)."""

    def find_stop(self) -> StopReason | None:
        """Returns why the task should stop now: the export has ended or is gone, or ran out of time. None means: go on.
        Costs one read.
        """
        stored = self.stores.exports.find(self.export.tenant_id, self.export.export_id)
        if stored is None or stored.status is not ExportStatus.PROCESSING:
            return SUPERSEDED
        is_late = stored.deadline_at is not None and self.now() >= stored.deadline_at
        return TIMED_OUT if is_late else None

    def must_hand_over(self) -> bool:
        """Returns whether so little time is left of the function that another one should go on."""
        return self.time_left_s() < self.limits.hand_over_s

    def shard_file_key(self, name: str) -> str:
        """Returns the key of a shard file; every attempt has keys of its own."""
        return shard_file_key(self.export.tenant_id, self.export.export_id, self.attempt_id, name)

    def file_key(self, filename: str) -> str:
        """Returns the key of a file, or a part of it; every attempt has keys of its own."""
        return export_file_key(self.export.tenant_id, self.export.export_id, self.attempt_id, filename)

    def report(self, progress: Progress) -> None:
        """Writes the progress, while the export is processing."""
        self.stores.exports.report(self.export.tenant_id, self.export.export_id, progress, at=int(self.now()))


def progress_reporter(context: ExportTaskContext, progress: Progress) -> ProgressReporter[[int]]:
    """Returns a reporter that takes how many rows the task that is under way has written; those in `progress` are
    added.
    """

    def write(rows: int) -> None:
        context.report(replace(progress, rows_written=progress.rows_written + rows))

    return ProgressReporter(write, context.now)
