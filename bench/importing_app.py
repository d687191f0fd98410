"""Seconds of CPU that the API function takes to be ready, or to answer its first request, in this fresh process.

`ours`: the bundle's app is imported and its context made. `peer`: chalice, a pydantic model, a client of DynamoDB. Then
`ready`: all other clients are made that the stores use, or `answered`: imports are listed. Run with `-I -S`, so that
nothing is imported before; SITE is where packages lie, URL where a DynamoDB answers.
"""

import importlib.abc
import importlib.machinery
import os
import sys
import time
from collections.abc import Callable
from http import HTTPStatus

GIVEN = {"boto3", "botocore", "s3transfer", "urllib3", "dateutil", "six", "jmespath"}
"""What Lambda's runtime brings along."""
ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "bench",
    "AWS_SECRET_ACCESS_KEY": "bench",
    "AWS_DEFAULT_REGION": "us-east-1",
    "POWERTOOLS_SERVICE_NAME": "sluice",
    "SLUICE_STACK": "bench",
    "SLUICE_CONTROL_TABLE": "control",
    "SLUICE_RECORDS_TABLE": "records",
    "SLUICE_IDEMPOTENCY_TABLE": "idempotency",
    "SLUICE_BUCKET": "bucket",
    "SLUICE_MACHINE_ARN": "arn:aws:states:us-east-1:123456789012:stateMachine:bench",
    "SLUICE_EXPORT_MACHINE_ARN": "arn:aws:states:us-east-1:123456789012:stateMachine:exports",
}
PATH = "/v1/imports"
EVENT = {
    "resource": PATH,
    "path": PATH,
    "httpMethod": "GET",
    "headers": {"PX-API-KEY": "bench", "Host": "api.example.com"},
    "multiValueHeaders": {"PX-API-KEY": ["bench"], "Host": ["api.example.com"]},
    "queryStringParameters": None,
    "multiValueQueryStringParameters": None,
    "pathParameters": None,
    "stageVariables": None,
    "requestContext": {"resourcePath": PATH, "httpMethod": "GET", "path": PATH, "requestId": "bench"},
    "body": None,
    "isBase64Encoded": False,
}
"""As API Gateway sends it."""


class Given(importlib.abc.MetaPathFinder):
    def __init__(self, site: str) -> None:
        self._site = site

    def find_spec(self, name, path=None, target=None):  # type: ignore[no-untyped-def] # as importlib has it
        if name.partition(".")[0] in GIVEN:
            return importlib.machinery.PathFinder.find_spec(name, path or [self._site])
        return None


class LambdaContext:
    function_name = "api"
    memory_limit_in_mb = "1024"
    invoked_function_arn = "arn:aws:lambda:us-east-1:123456789012:function:api"
    aws_request_id = "bench"

    def get_remaining_time_in_millis(self) -> int:
        return 29_000


Api = Callable[[object, object], dict[str, object]]
"""What Lambda calls."""
MakeClients = Callable[[], object]
"""Makes the clients that a list does without."""


def ours() -> tuple[Api, MakeClients]:
    import app  # noqa: PLC0415 -- this is what is measured
    from chalicelib import bootstrap  # noqa: PLC0415 -- as above

    bootstrap.context()
    assert app.app.routes[PATH]  # its dialect is there
    stores = bootstrap.stores()
    made = (stores.files, stores.import_executions, stores.events)
    return app.app, lambda: [one._client() for one in made]  # type: ignore[union-attr]  # those on AWS have them


def peer() -> tuple[Api, MakeClients]:
    """What it takes to list: the key is looked up, the request counted, a page read."""
    import boto3  # noqa: PLC0415 -- as above
    from chalice.app import Chalice  # noqa: PLC0415
    from pydantic import BaseModel  # noqa: PLC0415

    class Import(BaseModel):
        id: str
        status: str
        tags: list[str] = []

    api, dynamodb = Chalice(app_name="bench"), boto3.client("dynamodb")

    @api.route(PATH)
    def list_imports() -> object:
        key = {"pk": {"S": "key"}, "sk": {"S": "-"}}
        dynamodb.get_item(TableName="control", Key=key)
        dynamodb.update_item(TableName="control", Key=key, UpdateExpression="ADD used 1")
        found = dynamodb.query(TableName="control", KeyConditionExpression="pk = :pk")["Items"]
        return {"data": [Import.model_validate(one).model_dump(mode="json") for one in found]}

    return api, lambda: (boto3.client("s3"), boto3.client("stepfunctions"), boto3.client("events"))


def main() -> None:
    who, until, site, folder, url = sys.argv[1:]
    os.environ.update(ENVIRONMENT, SLUICE_DYNAMODB_URL=url, AWS_ENDPOINT_URL_DYNAMODB=url)
    sys.meta_path.append(Given(site)) if who == "ours" else sys.path.append(site)
    sys.path[:0] = [folder] if who == "ours" else []
    since = time.process_time()
    api, make_clients = ours() if who == "ours" else peer()
    if until == "ready":
        make_clients()
    elif (answer := api(EVENT, LambdaContext()))["statusCode"] != HTTPStatus.OK:
        raise SystemExit(f"the first request failed: {answer}")
    print(time.process_time() - since)


if __name__ == "__main__":
    main()
