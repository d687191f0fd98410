"""A state machine that only remembers: what was started, with which input, and what was stopped.

Whoever wants the imports to move reads `executions` and plays the machine.
"""

from dataclasses import dataclass
from threading import Lock

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


class MemoryMachine:
    """Keeps `stores.interfaces.Machine`."""

    def __init__(self) -> None:
        self._lock = Lock()
        self.executions: dict[str, Execution] = {}

    def start(self, import_: Import) -> None:
        name = execution_name(import_)
        started = Execution(name, import_.tenant_id, import_.import_id, import_.attempt)
        with self._lock:
            self.executions.setdefault(name, started)

    def stop(self, import_: Import, *, cause: str) -> None:
        with self._lock:
            execution = self.executions.get(execution_name(import_))
            if execution is not None and execution.stopped_by is None:
                execution.stopped_by = cause


def execution_name(import_: Import) -> str:
    return f"{import_.import_id}-{import_.attempt}"
