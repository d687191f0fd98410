"""Which AWS action on which resource each Lambda function used, in the words of IAM.

Comes in: calls as boto and the DynamoDB client make them, and which function runs. Goes out: `Use`s. Calls that are
made while no function runs, to prepare a test, are not recorded. What S3 asks for beside the operation's own permission
stands under "Permissions" of each operation in https://docs.aws.amazon.com/AmazonS3/latest/API.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, NamedTuple

import botocore.handlers

Request = Mapping[str, Any]

ACCOUNT = "us-east-1:123456789012"
"""Region and account of moto."""
STACK_NAME = "sluice"
"""Stands in uses for the name of the stack that was running."""
ACTIONS = dict.fromkeys(("CreateMultipartUpload", "UploadPart", "CompleteMultipartUpload"), "PutObject")
ACTIONS |= {"ListParts": "ListMultipartUploadParts"}
"""What IAM calls operations of S3 that it calls otherwise."""
COPIES = {"CopyObject", "UploadPartCopy"}
LISTS = {"ListObjectsV2": "s3:ListBucket", "ListObjectVersions": "s3:ListBucketVersions"}


class Use(NamedTuple):
    """A function that performed an action on a resource."""

    function: str
    action: str
    resource: str
    leading_key: str = ""
    """What the partition key of an item begins with, such as `IMPORT#`; empty where an item has none."""


class Recorder:
    """Collects uses, and the executions that were asked for."""

    def __init__(self) -> None:
        self.stack_name = STACK_NAME
        self.function = ""
        """Which one runs; empty while none does."""
        self.uses: set[Use] = set()
        self.started: list[tuple[str, str]] = []
        """The machine and the input of each execution that was started and has not been run."""

    @contextmanager
    def during(self, function: str) -> Iterator[None]:
        """Whatever is called inside is this function's doing."""
        self.function = function
        try:
            yield
        finally:
            self.function = ""

    def listen_to_boto(self) -> None:
        """To every client made from now on in this process, as moto does it."""
        botocore.handlers.BUILTIN_HANDLERS += [
            ("provide-client-params", self._on_boto_call),
            ("after-call.s3", self._on_s3_response),
        ]

    def on_dynamodb_call(self, operation: str, request: Request) -> None:
        for action, resource, key in _each_dynamodb_use(operation, request):
            self._add(f"dynamodb:{action}", f"arn:aws:dynamodb:{ACCOUNT}:table/{resource}", key)

    def _on_boto_call(self, params: Request, model: Any, **_: Any) -> None:
        """Signed URLs come through here too: what they allow, their signer must be allowed."""
        if not self.function:
            return
        match model.service_model.service_name:
            case "s3":
                for action, resource in _each_s3_use(model.name, params):
                    self._add(action, f"arn:aws:s3:::{resource}")
            case "stepfunctions":
                self._add(f"states:{model.name}", params.get("stateMachineArn") or params["executionArn"])
                if model.name == "StartExecution":
                    self.started.append((params["stateMachineArn"], params["input"]))
            case "events":
                for entry in params["Entries"]:
                    self._add("events:PutEvents", f"arn:aws:events:{ACCOUNT}:event-bus/{entry['EventBusName']}")

    def _on_s3_response(self, http_response: Any, context: Mapping[str, Any], **_: Any) -> None:
        """Who asks for what is absent must be allowed to list, or is answered 403."""
        if http_response.status_code == 404:
            self._add("s3:ListBucket", f"arn:aws:s3:::{context['input_params']['Bucket']}")

    def _add(self, action: str, resource: str, leading_key: str = "") -> None:
        if self.function:
            self.uses.add(Use(self.function, action, resource.replace(self.stack_name, STACK_NAME), leading_key))


def _each_dynamodb_use(operation: str, request: Request) -> Iterator[tuple[str, str, str]]:
    if operation == "BatchExecuteStatement":
        for one in request["Statements"]:
            yield _partiql_use(one["Statement"])
    elif operation == "ExecuteStatement":
        yield "PartiQLSelect", _selected_resource(request["Statement"]), ""
    elif operation == "TransactWriteItems":
        for (kind, one), *_ in map(list, map(dict.items, request["TransactItems"])):
            yield f"{kind}Item", one["TableName"], _leading_key(one)
    elif operation == "BatchGetItem":
        for table, one in request["RequestItems"].items():
            yield from ((operation, table, _leading_key({"Key": key})) for key in one["Keys"])
    elif "IndexName" in request:
        yield operation, f"{request['TableName']}/index/{request['IndexName']}", ""
    else:
        yield operation, request["TableName"], _leading_key(request)


def _leading_key(request: Request) -> str:
    """The kind of item that a request for one item, or for one partition, asks for."""
    item = request.get("Key") or request.get("Item") or {"pk": request.get("ExpressionAttributeValues", {}).get(":pk")}
    return f"{item['pk']['S'].partition('#')[0]}#" if item.get("pk") else ""


def _partiql_use(statement: str) -> tuple[str, str, str]:
    """`INSERT INTO "table" …`, `UPDATE "table" …` or `DELETE FROM "table" …`."""
    return f"PartiQL{statement.split(maxsplit=1)[0].title()}", statement.split('"')[1], ""


def _each_s3_use(operation: str, params: Request) -> Iterator[tuple[str, str]]:
    bucket, target = params["Bucket"], _object(params["Bucket"], params.get("Key", ""))
    if operation in LISTS:
        yield LISTS[operation], bucket
    elif operation in ("GetObject", "HeadObject"):
        yield _reading(params), target
    elif operation in COPIES:
        source = params["CopySource"]
        yield _reading(source), _object(source["Bucket"], source["Key"])
        yield "s3:PutObject", target
    elif operation == "DeleteObjects":
        for one in params["Delete"]["Objects"]:
            yield "s3:DeleteObjectVersion" if "VersionId" in one else "s3:DeleteObject", _object(bucket, one["Key"])
    else:
        yield f"s3:{ACTIONS.get(operation, operation)}", target


def _reading(place: Request) -> str:
    return "s3:GetObjectVersion" if "VersionId" in place else "s3:GetObject"


def _object(bucket: str, key: str) -> str:
    """Its folder is all that permissions know of it."""
    return f"{bucket}/{key.partition('/')[0]}/key"


def _selected_resource(statement: str) -> str:
    """The table that a statement selects from, or the index."""
    table, *index = statement.partition(" FROM ")[2].partition(" ")[0].replace('"', "").split(".")
    return f"{table}/index/{index[0]}" if index else table
