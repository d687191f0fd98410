"""What the state machine sends to its functions and gets back: ids and numbers, never rows.

`statemachine/import_machine.py` uses the same names.
"""

from enum import StrEnum
from typing import Protocol

from pydantic import BaseModel, ConfigDict, Json

from chalicelib.access.context import ImportRunner
from chalicelib.model.ids import ImportId, TenantId
from chalicelib.model.phases import PhaseName
from chalicelib.model.stop_reasons import StopCode, StopReason


class Event(BaseModel):
    """Names the import and the attempt; every function gets at least this."""

    model_config = ConfigDict(frozen=True, extra="ignore", defer_build=True)

    tenant_id: TenantId
    import_id: ImportId
    attempt: int


class TaskEvent(Event):
    """Names one task of one phase."""

    phase: PhaseName
    task: int


class GateEvent(Event):
    """Names the phase that is to be closed."""

    phase: PhaseName


class ImportRoute(StrEnum):
    """Where `plan` and the gates send the machine; a gate also answers with the name of the next phase. An execution
    begins with `plan`, or with `finish` if it is to end an import and do nothing else."""

    PLAN = "plan"
    RUN_PHASES = "run_phases"
    """All phases run in one task."""
    RUN_PHASES_ON_WORKBOOK = "run_phases_on_workbook"
    """The same with the memory that a workbook's reader needs."""
    PREVALIDATE = "prevalidate"
    """The first phase has a task for each split of the source."""
    PREVALIDATE_WORKBOOK = "prevalidate_workbook"
    """The same with the memory that a workbook's reader needs."""
    FINISH = "finish"


class Step(Event):
    """What `plan`, `run_phases` and the gates answer: where to go, and with which tasks."""

    route: str
    """A `ImportRoute`, or after a gate the next phase."""
    tasks: tuple[int, ...] = ()
    stopped_by: StopReason | None = None
    """Why the import ends here, if it ends early."""


class FinishEvent(Event):
    """Tells the finaliser how the pipeline ended."""

    stopped_by: StopReason | None = None
    is_dead: bool = False
    """The execution is gone; its tasks may not be."""
    is_from_outside: bool = False
    """An execution that does nothing else ends the import; the import's own may still run, and is to be stopped."""


class ExecutionInput(Event):
    """What an execution was started with."""

    route: ImportRoute = ImportRoute.PLAN


class StoppedEvent(BaseModel):
    """The `detail` of EventBridge's "Step Functions Execution Status Change", as far as we need it."""

    status: str
    input: Json[ExecutionInput]

    @property
    def stop_reason(self) -> StopReason:
        """Why the import ends. What went wrong inside stands in the machine's logs; callers are told that something
        did.
        """
        return StopReason(StopCode.INTERNAL_ERROR, f"the import's execution ended as {self.status}")


class ImportFunctions(ImportRunner, Protocol):
    """What the Lambda functions of `app.py` ask of `imports.handlers.ImportMachine`: a method for each state,
    and those of a runner.

    `app.py` names this instead of the machine, which brings along every task and phase there is.
    """

    def plan(self, event: Event) -> Step:
        """Begins the import and chooses its way."""

    def run_phases(self, event: Event) -> Step:
        """Runs all phases in one task."""

    def run_task(self, event: TaskEvent) -> None:
        """Runs one task of one phase."""

    def close_phase(self, event: GateEvent) -> Step:
        """Counts a phase and chooses the next."""

    def finish(self, event: FinishEvent) -> None:
        """Ends the import."""
