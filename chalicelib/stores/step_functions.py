"""The state machine in AWS Step Functions; the promises are those of `stores.interfaces.Machine`.

An execution is named after import and attempt: starting it twice starts it once.
"""

import boto3
import orjson
from botocore.exceptions import ClientError

from chalicelib.model.imports import Import
from chalicelib.stores.clients import CONFIG, code_of, mendable


class StepFunctionsMachine:
    """Keeps `stores.interfaces.Machine`."""

    def __init__(self, session: boto3.Session, machine_arn: str) -> None:
        self._client = session.client("stepfunctions", config=CONFIG)
        self._arn = machine_arn

    def start(self, import_: Import) -> None:
        given = {
            "tenant_id": import_.tenant_id,
            "import_id": import_.import_id,
            "attempt": import_.attempt,
        }
        try:
            with mendable(f"starting {import_.import_id}"):
                self._client.start_execution(
                    stateMachineArn=self._arn, name=_name(import_), input=orjson.dumps(given).decode()
                )
        except ClientError as error:
            if code_of(error) != "ExecutionAlreadyExists":
                raise

    def stop(self, import_: Import, *, cause: str) -> None:
        arn = f"{self._arn.replace(':stateMachine:', ':execution:')}:{_name(import_)}"
        try:
            with mendable(f"stopping {import_.import_id}"):
                if self._client.describe_execution(executionArn=arn)["status"] == "RUNNING":
                    self._client.stop_execution(executionArn=arn, cause=cause)
        except ClientError as error:
            if code_of(error) != "ExecutionDoesNotExist":
                raise


def _name(import_: Import) -> str:
    return f"{import_.import_id}-{import_.attempt}"
