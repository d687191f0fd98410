"""What the state machine sends to its functions and gets back: ids and numbers, never rows.

`statemachine/import_machine.py` uses the same names.
"""

from enum import StrEnum
from typing import Protocol

from pydantic import BaseModel, ConfigDict, Json

from chalicelib.access.context import ImportRunner
from chalicelib.lifecycle.error_output import ErrorOutput
from chalicelib.lifecycle.task_route import TaskRoute
from chalicelib.model.ids import ImportId, TenantId
from chalicelib.model.phases import PhaseName
from chalicelib.model.stop_reasons import StopCode, StopReason, reason_of_killing

ADVICE = "Split the source, or leave out columns; the operator of the service can give its functions more memory."
"""What to do about an import that needs too much memory."""


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


class TaskStep(TaskEvent):
    """What a task answers: its event, and where to go."""

    route: TaskRoute


class KilledTaskEvent(TaskEvent):
    """Names a task whose function was killed, and again when it was tried once more."""

    killed: ErrorOutput

    @property
    def reason(self) -> StopReason:
        """Why the import stops."""
        return self.killed.to_stop_reason(ADVICE)


class SectionEvent(Event):
    """Names a section of batches whose results are to be written."""

    task: int


class SectionStep(SectionEvent):
    """What such a task answers."""

    route: TaskRoute


class GateEvent(Event):
    """Names the phase that is to be closed."""

    phase: PhaseName


class ImportRoute(StrEnum):
    """Where `plan` and the gates send the machine; a gate also answers with the name of the next phase. An execution
    begins with `plan`, or with `finish` if it is to end an import and do nothing else, or `describe` if it is to look
    at its source and do nothing else."""

    PLAN = "plan"
    RUN_PHASES = "run_phases"
    """All phases run in one task."""
    RUN_PHASES_ON_WORKBOOK = "run_phases_on_workbook"
    """The same with the memory that a workbook's reader needs."""
    PREVALIDATE = "prevalidate"
    """The first phase has a task for each split of the source."""
    PREVALIDATE_WORKBOOK = "prevalidate_workbook"
    """The same with the memory that a workbook's reader needs."""
    CONTINUE = TaskRoute.CONTINUE.value
    """The function that runs all phases is called again, and goes on."""
    FINISH = "finish"
    WRITE_RESULTS = "write_results"
    """What became of the rows is written by tasks, before the import can end."""
    DONE = TaskRoute.DONE.value
    """The import has ended, or nothing more can be done for it here."""
    DESCRIBE = "describe"


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
    killed: ErrorOutput | None = None
    """Says how a function outside the Maps was killed."""
    is_dead: bool = False
    """The execution is gone; its tasks may not be."""
    is_from_outside: bool = False
    """An execution that does nothing else ends the import; the import's own may still run, and is to be stopped."""

    @property
    def reason(self) -> StopReason | None:
        """Why the import ends, if it ends early."""
        return self.killed.to_stop_reason(ADVICE) if self.killed else self.stopped_by

    @property
    def may_leave_tasks(self) -> bool:
        """Whether tasks may be at work that no one waits for."""
        return self.is_dead or self.killed is not None


class FinishStep(FinishEvent):
    """What the finaliser answers: its event, for when it is called again, and where to go before."""

    route: ImportRoute
    tasks: tuple[int, ...] = ()
    """The sections of batches whose results are to be written."""


class ExecutionInput(Event):
    """What an execution was started with."""

    route: ImportRoute = ImportRoute.PLAN


class StoppedEvent(BaseModel):
    """The `detail` of EventBridge's "Step Functions Execution Status Change", as far as we need it."""

    status: str
    input: Json[ExecutionInput]
    error: str | None = None
    cause: str | None = None

    @property
    def stop_reason(self) -> StopReason:
        """Why the import ends. Callers are told where memory was too small, and otherwise that something went wrong
        inside: what, stands in the machine's logs.
        """
        killed = reason_of_killing(self.error or "", self.cause or "", advice=ADVICE)
        return killed or StopReason(StopCode.INTERNAL_ERROR, f"the import's execution ended as {self.status}")


class ImportFunctions(ImportRunner, Protocol):
    """What the Lambda functions of `app.py` ask of `imports.handlers.ImportMachine`: a method for each state,
    and those of a runner.

    `app.py` names this instead of the machine, which brings along every task and phase there is.
    """

    def plan(self, event: Event) -> Step:
        """Begins the import and chooses its way."""

    def run_phases(self, event: Event) -> Step:
        """Runs all phases in one task."""

    def run_task(self, event: TaskEvent) -> TaskStep:
        """Runs one task of one phase, or a part of it."""

    def stop_task(self, event: KilledTaskEvent) -> None:
        """Stops the import of a task whose function was killed."""

    def close_phase(self, event: GateEvent) -> Step:
        """Counts a phase and chooses the next."""

    def finish(self, event: FinishEvent) -> FinishStep:
        """Ends the import, or says what has to be written before."""

    def write_results(self, event: SectionEvent) -> SectionStep:
        """Writes what became of the rows of some batches."""

    def describe_source(self, event: Event) -> None:
        """Writes down what the source of the import looks like."""
