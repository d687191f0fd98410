"""The key stores of a stack, wherever it is deployed: in goes how to reach it, out come keys and their use.

Locally the stack must be serving; on AWS the credentials and the region are those botocore finds.
"""

from typing import NamedTuple

import boto3

from chalicelib.stores.dynamodb.access import DynamoDBKeys, DynamoDBRequestCounter
from chalicelib.stores.dynamodb.client import DynamoDBClient
from chalicelib.stores.dynamodb.client_http import HttpTransport
from chalicelib.stores.dynamodb.control_table import ControlTable
from chalicelib.stores.interfaces import Keys, RequestCounter
from local.deployed_stack import DeployedStack
from local.emulator import KEY, REGION

OUTPUT = "ControlTableName"


class KeyTables(NamedTuple):
    """The stores of keys and of request counters, which both lie in the control table."""

    keys: Keys
    usage: RequestCounter


def keys_at(url: str, table: str) -> KeyTables:
    """Returns the keys on the emulator at this address."""
    return _keys_over(boto3.Session(KEY, KEY, region_name=REGION), table, url)


def keys_of(stack: DeployedStack) -> KeyTables:
    """Returns the keys of a stack, wherever it is. Raises SystemExit if it names no control table."""
    return _keys_over(stack.session, stack.output(OUTPUT), stack.url or "")


def control_table_of(stack: DeployedStack) -> ControlTable:
    """Returns the control table of a stack, wherever it is. Raises SystemExit if it names none."""
    return _control_table(stack.session, stack.output(OUTPUT), stack.url or "")


def _control_table(session: boto3.Session, table: str, url: str = "") -> ControlTable:
    return ControlTable(table, DynamoDBClient(HttpTransport(session, url)))


def _keys_over(session: boto3.Session, table: str, url: str = "") -> KeyTables:
    control = _control_table(session, table, url)
    return KeyTables(DynamoDBKeys(control), DynamoDBRequestCounter(control))
