"""State machines in AWS Step Functions; the promises are those of `Machine` and `ExportMachine` in `stores.interfaces`.

An execution is named after what it drives: starting it twice starts it once.
"""

from collections.abc import Mapping

import orjson
from botocore.exceptions import ClientError

from chalicelib.model.exports import Export
from chalicelib.model.imports import Import
from chalicelib.stores.clients import CONFIG, Session, code_of, lazy_client, retryable_errors


class StepFunctionsMachine:
    """Keeps `stores.interfaces.Machine`."""

    def __init__(self, session: Session, machine_arn: str) -> None:
        self._executions = _Executions(session, machine_arn)

    def start(self, import_: Import) -> None:
        given = {"tenant_id": import_.tenant_id, "import_id": import_.import_id, "attempt": import_.attempt}
        self._executions.start(_name(import_), given)

    def stop(self, import_: Import, *, cause: str) -> None:
        self._executions.stop(_name(import_), cause=cause)


class StepFunctionsExportMachine:
    """Keeps `stores.interfaces.ExportMachine`."""

    def __init__(self, session: Session, machine_arn: str) -> None:
        self._executions = _Executions(session, machine_arn)

    def start(self, export: Export) -> None:
        self._executions.start(export.export_id, {"tenant_id": export.tenant_id, "export_id": export.export_id})

    def stop(self, export: Export, *, cause: str) -> None:
        self._executions.stop(export.export_id, cause=cause)


class _Executions:
    """Of one machine, by name."""

    def __init__(self, session: Session, machine_arn: str) -> None:
        self._client = lazy_client(lambda: session.client("stepfunctions", config=CONFIG))
        self._arn = machine_arn

    def start(self, name: str, given: Mapping[str, object]) -> None:
        try:
            with retryable_errors(f"starting {name}"):
                self._client().start_execution(stateMachineArn=self._arn, name=name, input=orjson.dumps(given).decode())
        except ClientError as error:
            if code_of(error) != "ExecutionAlreadyExists":
                raise

    def stop(self, name: str, *, cause: str) -> None:
        arn = f"{self._arn.replace(':stateMachine:', ':execution:')}:{name}"
        try:
            with retryable_errors(f"stopping {name}"):
                if self._client().describe_execution(executionArn=arn)["status"] == "RUNNING":
                    self._client().stop_execution(executionArn=arn, cause=cause)
        except ClientError as error:
            if code_of(error) != "ExecutionDoesNotExist":
                raise


def _name(import_: Import) -> str:
    return f"{import_.import_id}-{import_.attempt}"
