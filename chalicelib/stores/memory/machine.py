"""A state machine that only remembers: what was started, with which input, and what was stopped.

A test that wants imports to move reads `executions` and runs the machine itself.
"""

from dataclasses import dataclass
from threading import Lock

from chalicelib.model.exports import Export
from chalicelib.model.ids import ExportId
from chalicelib.model.imports import Import


@dataclass(slots=True)
class Execution:
    """One start, by import and attempt."""

    name: str
    tenant_id: str
    import_id: str
    attempt: int
    stopped_by: str | None = None
    """The cause, once it was stopped."""


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


class MemoryExportExecutions:
    """Keeps the promises of `stores.interfaces.Executions` for exports."""

    def __init__(self) -> None:
        self._lock = Lock()
        self.started: list[ExportId] = []
        self.stopped: dict[ExportId, str] = {}
        """Causes of those that were stopped."""

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


def execution_name(import_: Import) -> str:
    """Returns the name of an import's execution: one for each attempt."""
    return f"{import_.import_id}-{import_.attempt}"
