"""A state machine that only remembers: what was started, with which input, and what was stopped.

A test that wants imports to move reads `executions` and runs the machine itself.
"""

from dataclasses import asdict, dataclass
from threading import Lock
from typing import Any

from chalicelib.model.exports import Export
from chalicelib.model.ids import ExportId
from chalicelib.model.imports import Import
from chalicelib.model.stop_reasons import StopReason
from chalicelib.stores.interfaces import ExecutionStatus


@dataclass(slots=True)
class Execution:
    """One start, by import and attempt."""

    name: str
    tenant_id: str
    import_id: str
    attempt: int
    ending: StopReason | None = None
    """Why it ends the import, where it does nothing else."""
    is_describing: bool = False
    """Whether it looks at the source, and does nothing else."""
    is_dead: bool = False
    """Whether it ends an import whose own execution is gone."""
    stopped_by: str | None = None
    """The cause, once it was stopped."""
    status: ExecutionStatus = ExecutionStatus.RUNNING
    """For as long as it has not been stopped; whoever runs it changes it."""

    @property
    def given(self) -> dict[str, Any]:
        """Returns its input, as plain values."""
        ids = {"tenant_id": self.tenant_id, "import_id": self.import_id, "attempt": self.attempt}
        if self.is_describing:
            return {**ids, "route": "describe"}
        if self.ending is None:
            return {**ids, "route": "plan"}
        ending = {"stopped_by": asdict(self.ending), "is_dead": self.is_dead, "is_from_outside": True}
        return {**ids, "route": "finish", **ending}


class MemoryImportExecutions:
    """Keeps the promises of `stores.interfaces.Executions` for imports."""

    def __init__(self) -> None:
        self._lock = Lock()
        self.executions: dict[str, Execution] = {}

    def start(self, import_: Import) -> None:
        """Does what `Executions.start` promises."""
        name = execution_name(import_)
        started = Execution(name, import_.tenant_id, import_.import_id, import_.attempt)
        with self._lock:
            self.executions.setdefault(name, started)

    def stop(self, import_: Import, *, cause: str) -> None:
        """Does what `Executions.stop` promises."""
        with self._lock:
            execution = self.executions.get(execution_name(import_))
            if execution is not None and execution.stopped_by is None:
                execution.stopped_by = cause

    def find_status(self, import_: Import) -> ExecutionStatus | None:
        """Does what `Executions.find_status` promises."""
        execution = self.executions.get(execution_name(import_))
        if execution is None:
            return None
        return ExecutionStatus.ABORTED if execution.stopped_by else execution.status

    def start_ending(self, import_: Import, stopped_by: StopReason, *, is_dead: bool) -> None:
        """Does what `ImportExecutions.start_ending` promises."""
        name = f"{execution_name(import_)}-end-{import_.due_at}"
        ids = import_.tenant_id, import_.import_id, import_.attempt
        with self._lock:
            self.executions.setdefault(name, Execution(name, *ids, ending=stopped_by, is_dead=is_dead))

    def start_describing(self, import_: Import, name: str) -> None:
        """Does what `ImportExecutions.start_describing` promises."""
        name = f"{import_.import_id}-source-{name}"
        ids = import_.tenant_id, import_.import_id, import_.attempt
        with self._lock:
            self.executions.setdefault(name, Execution(name, *ids, is_describing=True))


class MemoryExportExecutions:
    """Keeps the promises of `stores.interfaces.Executions` for exports."""

    def __init__(self) -> None:
        self._lock = Lock()
        self.started: list[ExportId] = []
        self.stopped: dict[ExportId, str] = {}
        """Causes of those that were stopped."""
        self.ended: dict[ExportId, ExecutionStatus] = {}
        """How others have ended; whoever runs them adds to it."""

    def start(self, export: Export) -> None:
        """Does what `Executions.start` promises."""
        with self._lock:
            if export.export_id not in self.started:
                self.started.append(export.export_id)

    def stop(self, export: Export, *, cause: str) -> None:
        """Does what `Executions.stop` promises."""
        with self._lock:
            if export.export_id in self.started:
                self.stopped.setdefault(export.export_id, cause)

    def find_status(self, export: Export) -> ExecutionStatus | None:
        """Does what `Executions.find_status` promises."""
        if export.export_id not in self.started:
            return None
        if export.export_id in self.stopped:
            return ExecutionStatus.ABORTED
        return self.ended.get(export.export_id, ExecutionStatus.RUNNING)


def execution_name(import_: Import) -> str:
    """Returns the name of an import's execution: one for each attempt."""
    return f"{import_.import_id}-{import_.attempt}"
