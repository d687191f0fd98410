"""The key stores of a stack, wherever it is deployed: in goes how to reach it, out come keys and their use.

Locally the stack must be serving; on AWS the credentials and the region are those botocore finds.
"""

import socket
from typing import NamedTuple

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.stores.dynamodb.access import DynamoDBKeys, DynamoDBRequestCounter
from chalicelib.stores.dynamodb.client import DynamoDBClient
from chalicelib.stores.dynamodb.client_http import HttpTransport
from chalicelib.stores.dynamodb.control_table import ControlTable
from chalicelib.stores.interfaces import Keys, RequestCounter
from local.aws import Aws
from local.deploy import find_outputs
from local.emulator import KEY, REGION
from local.paths import STATE
from local.stack_state import load_state

OUTPUT = "ControlTableName"


class KeyTables(NamedTuple):
    """The stores of keys and of request counters, which both lie in the control table."""

    keys: Keys
    usage: RequestCounter


def keys_here() -> KeyTables:
    """Returns the keys of the stack that `make run` serves. Raises SystemExit if there is none."""
    port = load_state(STATE).emulator_port
    url = f"http://127.0.0.1:{port}"
    outputs = find_outputs(Aws(url)) if port and _answers(url) else None
    if outputs is None:
        raise SystemExit("No stack is running on this machine: start it with make run, or name one on AWS by --stack.")
    return keys_at(url, outputs[OUTPUT])


def keys_at(url: str, table: str) -> KeyTables:
    """Returns the keys on the emulator at this address."""
    return _keys_over(boto3.Session(KEY, KEY, region_name=REGION), table, url)


def keys_of_stack(stack: str) -> KeyTables:
    """Returns the keys on AWS, by the name of the stack. Raises SystemExit if AWS does not know it, or it names no
    control table.
    """
    session = boto3.Session()
    try:
        described = session.client("cloudformation").describe_stacks(StackName=stack)["Stacks"][0]
    except (BotoCoreError, ClientError) as error:
        raise SystemExit(str(error)) from None
    outputs = {one["OutputKey"]: one["OutputValue"] for one in described.get("Outputs", [])}
    if OUTPUT not in outputs:
        raise SystemExit(f"The stack {stack!r} has no output {OUTPUT}.")
    return _keys_over(session, outputs[OUTPUT])


def keys_of_table(table: str) -> KeyTables:
    """Returns the keys on AWS, by the name of the control table."""
    return _keys_over(boto3.Session(), table)


def _keys_over(session: boto3.Session, table: str, url: str = "") -> KeyTables:
    control = ControlTable(table, DynamoDBClient(HttpTransport(session, url)))
    return KeyTables(DynamoDBKeys(control), DynamoDBRequestCounter(control))


def _answers(url: str) -> bool:
    host, port = url.removeprefix("http://").split(":")
    try:
        with socket.create_connection((host, int(port)), timeout=2):
            return True
    except OSError:
        return False
