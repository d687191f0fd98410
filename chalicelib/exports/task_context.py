"""What a task of an export needs to do its work. Made anew for every try of every task; nothing here outlives it."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from chalicelib.model.exports import Export, ExportStatus, Progress
from chalicelib.model.limits import Limits
from chalicelib.model.object_keys import export_file_key, export_part_key
from chalicelib.model.resources import Resource
from chalicelib.stores.interfaces import Stores

REPORT_EVERY_S = 1.0

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


class Telling:
    """Tells how many rows were written, at most once a second."""

    def __init__(self, run: ExportRun, progress: Progress) -> None:
        self._run = run
        self._progress = progress
        self._last = run.now()

    def tell(self, rows: int) -> None:
        now = self._run.now()
        if now - self._last >= REPORT_EVERY_S:
            self._last = now
            self._run.report(replace(self._progress, rows_written=self._progress.rows_written + rows))
