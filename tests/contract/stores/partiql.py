"""The PartiQL that the stores speak, performed by the conditional calls that moto knows.

moto cannot parse a statement with parameters. What each statement means was compared with DynamoDB Local: an insert
over an item is a DuplicateItem, a delete of nothing succeeds, an update of nothing fails its condition.
"""

import re
from typing import Any

from botocore.exceptions import ClientError

INSERT = re.compile(r'INSERT INTO "(?P<table>[^"]+)" VALUE \{(?P<pairs>.*)\}')
UPDATE = re.compile(r'UPDATE "(?P<table>[^"]+)" (?P<changes>.*) WHERE (?P<where>.*)')
DELETE = re.compile(r'DELETE FROM "(?P<table>[^"]+)" WHERE (?P<where>.*)')
SELECT = re.compile(r'SELECT "pk","sk","record_id" FROM "(?P<table>[^"]+)" WHERE "pk" IN \[[?,]+\]')
LISTED = re.compile(
    r'SELECT "pk","sk","list_sk" FROM "(?P<table>[^"]+)"\."(?P<index>[^"]+)" WHERE "list_pk" IN \[[?,]+\] '
    r'AND "list_sk" BETWEEN \? AND \?'
)
SET, REMOVE = re.compile(r'SET "(\w+)"=\?'), re.compile(r'REMOVE "(\w+)"')
COMPARISON = re.compile(r'"(\w+)"(=|<=|<)\?')


def perform(client: Any, statement: str, parameters: list[dict[str, str]]) -> dict[str, Any]:
    """One entry of the answer to BatchExecuteStatement."""
    for pattern, act in ((INSERT, _insert), (UPDATE, _update), (DELETE, _delete)):
        found = pattern.fullmatch(statement)
        if found:
            return act(client, found, parameters)
    return {"Error": {"Code": "ValidationError", "Message": f"Not understood: {statement}"}}


def select(client: Any, statement: str, parameters: list[dict[str, str]]) -> list[dict[str, Any]]:
    """The items of the answer to ExecuteStatement, for the two selections that there are."""
    listed = LISTED.fullmatch(statement)
    return _select_listed(client, listed, parameters) if listed else select_partitions(client, statement, parameters)


def _select_listed(client: Any, found: re.Match[str], parameters: list[dict[str, str]]) -> list[dict[str, Any]]:
    *lists, since, before = parameters
    asked = {
        "TableName": found["table"],
        "IndexName": found["index"],
        "KeyConditionExpression": "list_pk = :pk AND list_sk BETWEEN :since AND :before",
    }
    between = {":since": since, ":before": before}
    pages = client.get_paginator("query")
    queries = [pages.paginate(**asked, ExpressionAttributeValues={":pk": one, **between}) for one in lists]
    items = [item for one in queries for page in one for item in page["Items"]]
    return [{name: item[name] for name in ("pk", "sk", "list_sk")} for item in items]


def select_partitions(client: Any, statement: str, parameters: list[dict[str, str]]) -> list[dict[str, Any]]:
    """The items of the answer to ExecuteStatement, of partitions that are named."""
    found = SELECT.fullmatch(statement)
    assert found, statement
    queries = [
        client.query(TableName=found["table"], KeyConditionExpression="pk = :pk", ExpressionAttributeValues={":pk": pk})
        for pk in parameters
    ]
    names = ("pk", "sk", "record_id")
    return [{name: item[name] for name in names if name in item} for one in queries for item in one["Items"]]


def _insert(client: Any, found: re.Match[str], parameters: list[dict[str, str]]) -> dict[str, Any]:
    item = dict(zip(re.findall(r"'(\w+)': \?", found["pairs"]), parameters, strict=True))
    try:
        client.put_item(TableName=found["table"], Item=item, ConditionExpression="attribute_not_exists(pk)")
    except ClientError as error:
        return _refused(error, "DuplicateItem")
    return {"TableName": found["table"]}


def _update(client: Any, found: re.Match[str], parameters: list[dict[str, str]]) -> dict[str, Any]:
    names = SET.findall(found["changes"])
    gone = REMOVE.findall(found["changes"])
    setting = ", ".join(f"#{name} = :new_{name}" for name in names)
    removing = f" REMOVE {', '.join(f'#{name}' for name in gone)}" if gone else ""
    where = _where(found["where"], parameters[len(names) :])
    where["ExpressionAttributeNames"] |= {f"#{name}": name for name in (*names, *gone)}
    where["ExpressionAttributeValues"] |= {
        f":new_{name}": value for name, value in zip(names, parameters, strict=False)
    }
    try:
        client.update_item(TableName=found["table"], UpdateExpression=f"SET {setting}{removing}", **where)
    except ClientError as error:
        return _refused(error, "ConditionalCheckFailed")
    return {"TableName": found["table"]}


def _delete(client: Any, found: re.Match[str], parameters: list[dict[str, str]]) -> dict[str, Any]:
    where = _where(found["where"], parameters)
    if "Item" not in client.get_item(TableName=found["table"], Key=where["Key"]):
        return {"TableName": found["table"]}
    try:
        client.delete_item(TableName=found["table"], **where)
    except ClientError as error:
        return _refused(error, "ConditionalCheckFailed")
    return {"TableName": found["table"]}


def _where(text: str, parameters: list[dict[str, str]]) -> dict[str, Any]:
    compared = [(*pair, value) for pair, value in zip(COMPARISON.findall(text), parameters, strict=True)]
    rest = [one for one in compared if one[0] not in ("pk", "sk")]
    return {
        "Key": {name: value for name, _, value in compared if name in ("pk", "sk")},
        "ConditionExpression": " AND ".join(f"#{name} {sign} :old_{name}" for name, sign, _ in rest),
        "ExpressionAttributeNames": {f"#{name}": name for name, _, _ in rest},
        "ExpressionAttributeValues": {f":old_{name}": value for name, _, value in rest},
    }


def _refused(error: ClientError, code: str) -> dict[str, Any]:
    if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
        raise error
    return {"Error": {"Code": code, "Message": error.response["Error"]["Message"]}}
