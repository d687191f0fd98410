"""Executions of state machines in AWS Step Functions; the promises are those of `stores.interfaces.Executions`.

An execution is named after the job that it runs: starting it twice starts it once.
"""

from collections.abc import Callable, Mapping
from typing import Generic, TypeVar

import orjson
from botocore.exceptions import ClientError

from chalicelib.model.exports import Export
from chalicelib.model.imports import Import
from chalicelib.model.stop_reasons import StopReason
from chalicelib.stores.clients import CONFIG, Session, code_of, lazy_client, retryable_errors
from chalicelib.stores.interfaces import ExecutionStatus

JobT = TypeVar("JobT")


class StepFunctionsExecutions(Generic[JobT]):
    """Keeps the promises of `stores.interfaces.Executions` for one state machine, given how to name and
    describe a job to it.
    """

    def __init__(
        self,
        session: Session,
        machine_arn: str,
        name_of: Callable[[JobT], str],
        input_of: Callable[[JobT], Mapping[str, object]],
    ) -> None:
        self._client = lazy_client(lambda: session.client("stepfunctions", config=CONFIG))
        self._arn = machine_arn
        self._name_of = name_of
        self._input_of = input_of

    def start(self, job: JobT) -> None:
        """Does what `Executions.start` promises."""
        self._start(self._name_of(job), self._input_of(job))

    def stop(self, job: JobT, *, cause: str) -> None:
        """Does what `Executions.stop` promises."""
        if self.find_status(job) is not ExecutionStatus.RUNNING:
            return
        try:
            with retryable_errors(f"stopping {self._name_of(job)}"):
                self._client().stop_execution(executionArn=self._arn_of(job), cause=cause)
        except ClientError:
            if self.find_status(job) is ExecutionStatus.RUNNING:  # else it has ended meanwhile
                raise

    def find_status(self, job: JobT) -> ExecutionStatus | None:
        """Does what `Executions.find_status` promises."""
        try:
            with retryable_errors(f"looking for {self._name_of(job)}"):
                return ExecutionStatus(self._client().describe_execution(executionArn=self._arn_of(job))["status"])
        except ClientError as error:
            if code_of(error) != "ExecutionDoesNotExist":
                raise
            return None

    def _arn_of(self, job: JobT) -> str:
        return f"{self._arn.replace(':stateMachine:', ':execution:')}:{self._name_of(job)}"

    def _start(self, name: str, given: Mapping[str, object]) -> None:
        try:
            with retryable_errors(f"starting {name}"):
                self._client().start_execution(stateMachineArn=self._arn, name=name, input=orjson.dumps(given).decode())
        except ClientError as error:
            if code_of(error) != "ExecutionAlreadyExists":
                raise


class StepFunctionsImportExecutions(StepFunctionsExecutions[Import]):
    """Keeps the promises of `stores.interfaces.ImportExecutions`."""

    def start_ending(self, import_: Import, stopped_by: StopReason, *, is_dead: bool) -> None:
        """Does what `ImportExecutions.start_ending` promises."""
        given = {"route": "finish", "stopped_by": stopped_by, "is_dead": is_dead, "is_from_outside": True}
        self._start(f"{_name_of(import_)}-end-{import_.due_at}", {**_input_of(import_), **given})

    def start_describing(self, import_: Import, name: str) -> None:
        """Does what `ImportExecutions.start_describing` promises."""
        self._start(f"{import_.import_id}-source-{name}", {**_input_of(import_), "route": "describe"})


def import_executions(session: Session, machine_arn: str) -> StepFunctionsImportExecutions:
    """Returns the executions of imports, one for each attempt."""
    return StepFunctionsImportExecutions(
        session, machine_arn, _name_of, lambda import_: {**_input_of(import_), "route": "plan"}
    )


def _name_of(import_: Import) -> str:
    return f"{import_.import_id}-{import_.attempt}"


def _input_of(import_: Import) -> dict[str, object]:
    return {"tenant_id": import_.tenant_id, "import_id": import_.import_id, "attempt": import_.attempt}


def export_executions(session: Session, machine_arn: str) -> StepFunctionsExecutions[Export]:
    """Returns the executions of exports."""
    return StepFunctionsExecutions(
        session,
        machine_arn,
        lambda export: export.export_id,
        lambda export: {"tenant_id": export.tenant_id, "export_id": export.export_id},
    )
