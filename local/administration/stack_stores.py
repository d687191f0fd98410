"""The stores of a stack that is deployed, as its own functions have them, for operators' commands."""

import time
from functools import partial

import boto3
from botocore.credentials import Credentials

from chalicelib.stores.aws import AwsResources, stores_over
from chalicelib.stores.dynamodb.client_http import HttpTransport
from chalicelib.stores.interfaces import Stores
from local.deployed_stack import DeployedStack


class _SessionAt:
    """A session of boto3 whose clients ask the emulator, where there is one."""

    def __init__(self, session: boto3.Session, url: str | None) -> None:
        self._session = session
        self.client = partial(session.client, endpoint_url=url)
        self.region_name: str = session.region_name

    def get_credentials(self) -> Credentials | None:
        """Returns those of the session."""
        return self._session.get_credentials()


def stores_of(stack: DeployedStack) -> Stores:
    """Returns the stores of a stack. Raises SystemExit where it lacks an output."""
    session = _SessionAt(stack.session, stack.url)
    machine_arn = stack.output("MachineArn")
    resources = AwsResources(
        stack=stack.name,
        control_table=stack.output("ControlTableName"),
        records_table=stack.output("RecordsTableName"),
        idempotency_table=stack.output("IdempotencyTableName"),
        bucket=stack.output("BucketName"),
        machine_arn=machine_arn,
        export_machine_arn=machine_arn.removesuffix("-import") + "-export",
    )
    return stores_over(session, HttpTransport(session, stack.url or ""), resources, clock=time.time)
