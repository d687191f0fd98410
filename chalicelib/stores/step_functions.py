"""Executions of state machines in AWS Step Functions; the promises are those of `stores.interfaces.Executions`.

An execution is named after the job that it runs: starting it twice starts it once.
"""

from collections.abc import Callable, Mapping
from typing import Generic, TypeVar

import orjson
from botocore.exceptions import ClientError

from chalicelib.model.exports import Export
from chalicelib.model.imports import Import
from chalicelib.stores.clients import CONFIG, Session, code_of, lazy_client, retryable_errors

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
        name, given = self._name_of(job), orjson.dumps(self._input_of(job)).decode()
        try:
            with retryable_errors(f"starting {name}"):
                self._client().start_execution(stateMachineArn=self._arn, name=name, input=given)
        except ClientError as error:
            if code_of(error) != "ExecutionAlreadyExists":
                raise

    def stop(self, job: JobT, *, cause: str) -> None:
        """Does what `Executions.stop` promises."""
        name = self._name_of(job)
        arn = f"{self._arn.replace(':stateMachine:', ':execution:')}:{name}"
        try:
            with retryable_errors(f"stopping {name}"):
                if self._client().describe_execution(executionArn=arn)["status"] == "RUNNING":
                    self._client().stop_execution(executionArn=arn, cause=cause)
        except ClientError as error:
            if code_of(error) != "ExecutionDoesNotExist":
                raise


def import_executions(session: Session, machine_arn: str) -> StepFunctionsExecutions[Import]:
    """Returns the executions of imports, one for each attempt."""
    return StepFunctionsExecutions(
        session,
        machine_arn,
        lambda import_: f"{import_.import_id}-{import_.attempt}",
        lambda import_: {
            "tenant_id": import_.tenant_id,
            "import_id": import_.import_id,
            "attempt": import_.attempt,
        },
    )


def export_executions(session: Session, machine_arn: str) -> StepFunctionsExecutions[Export]:
    """Returns the executions of exports."""
    return StepFunctionsExecutions(
        session,
        machine_arn,
        lambda export: export.export_id,
        lambda export: {"tenant_id": export.tenant_id, "export_id": export.export_id},
    )
