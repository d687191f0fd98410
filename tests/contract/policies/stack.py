"""The whole service in one process: `app.py` over moto and tables in memory, its functions invoked and its machines
run as AWS would do it.

In comes nothing but the recorder; out goes a stack whose every call to AWS is recorded under the function that made it.
The environment must be a process's own: `app.py` reads it once.
"""

import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import cached_property
from types import MappingProxyType
from typing import Any

import boto3
import orjson
from chalice.local import LambdaContext
from chalice.test import Client
from moto import mock_aws

import app as functions
from chalicelib.bootstrap import INVOCATION
from chalicelib.model.api_keys import ApiKey, KeyKind, Scope, digest_of
from chalicelib.model.limits import Limits
from chalicelib.stores.aws import AwsResources, stores_on_aws
from chalicelib.stores.dynamodb.client_http import HttpResponse
from chalicelib.stores.interfaces import Stores
from local.functions import FUNCTIONS
from local.template import LOCAL_STAGE, definitions_of
from statemachine.asl import logical_id
from statemachine.interpreter import Invocation, StateFailed, execute, run_in_order
from tests.contract.policies.recorder import Recorder
from tests.contract.stores.loopback import Answer, DynamoDBServer
from tests.contract.stores.resources import create_resources
from tests.faults.fake_table import FakeTables
from tests.world import OURS

Json = dict[str, Any]
Headers = Mapping[str, str]

NO_HEADERS: Headers = {}
KEY, KASAR_KEY = "px_secret", "ksr_a1b2c3d4e5f6"
CLIENT_ID, CLIENT_SECRET = "td_client", "tds_secret"
SMALL_SOURCE_BYTES = 6_000
"""More than a workbook of a few rows has."""
PAGE_ITEMS = 2_000
"""About as many small items as a megabyte holds, where a page of DynamoDB's ends."""
KEPT_S = 100 * 365 * 24 * 3600
"""Longer than the imports and exports of tests, which were made in 2023, have been ended."""


class Stack:
    """What runs, and ways to make it do something."""

    def __init__(self, recorder: Recorder, resources: AwsResources) -> None:
        self.recorder = recorder
        recorder.stack_name = resources.bucket
        self.resources = resources
        self.stores: Stores = stores_on_aws(
            resources, INVOCATION, clock=time.time, limits=Limits(job_retention_s=KEPT_S)
        )
        """To prepare and to look; what is called here is nobody's doing."""
        self._machines = definitions_of(LOCAL_STAGE)
        self._functions = {logical_id(function.name): function.name for function in FUNCTIONS}
        self.killed_after = ""
        """A function that is killed when it has done its work."""
        for secret, kind in ((KEY, KeyKind.PX), (KASAR_KEY, KeyKind.KSR_ADMIN)):
            key = ApiKey(
                digest=digest_of(secret), tenant_id=OURS, scopes=frozenset(Scope), key_id="key_test", kind=kind
            )
            self.stores.keys.add(key)
        client = ApiKey(
            digest=digest_of(CLIENT_SECRET),
            tenant_id=OURS,
            scopes=frozenset(Scope),
            key_id=CLIENT_ID,
            kind=KeyKind.TD_CLIENT,
        )
        self.stores.keys.add(client)

    @cached_property
    def _client(self) -> Client:
        return Client(functions.app)

    def invoke(self, function: str, event: Json) -> Any:
        with self.recorder.during(function):
            return getattr(functions, function)(event, LambdaContext(function, 1024, max_runtime_ms=900_000))

    def ask(
        self, method: str, path: str, body: Mapping[str, Any] | None = None, *, headers: Headers = NO_HEADERS
    ) -> Json:
        """What the API answers, refusals included."""
        sent = {"PX-API-KEY": KEY, "Content-Type": "application/json", **headers}
        with self.recorder.during("api_handler"):
            answer = self._client.http.request(method, path, sent, orjson.dumps(body) if body is not None else b"")
        assert answer.status_code < 500, answer.body
        data: Json = answer.json_body.get("data", {})
        return data

    def get_token(self) -> str:
        """What an OAuth client gets for its secret."""
        form = f"grant_type=client_credentials&client_id={CLIENT_ID}&client_secret={CLIENT_SECRET}"
        sent = {"Content-Type": "application/x-www-form-urlencoded"}
        with self.recorder.during("api_handler"):
            answer = self._client.http.post("/oauth/token", headers=sent, body=form.encode())
        return str(answer.json_body["access_token"])

    def tick(self, function: str) -> None:
        """The minute of a function that the clock calls."""
        self.invoke(function, self._client.events.generate_cw_event("aws.events", "Scheduled Event", {}, []))

    def store(self, key: str, content: bytes) -> None:
        """A caller puts an object into the bucket, and EventBridge tells of it."""
        file = self.stores.files.write_file(key, content)
        detail = {
            "bucket": {"name": self.resources.bucket},
            "object": {"key": key, "version-id": file.version_id},
        }
        self.invoke("on_file", self._client.events.generate_cw_event("aws.s3", "Object Created", detail, []))

    def store_part(self, key: str, content: bytes) -> None:
        """A caller sends the only part of an upload that is begun."""
        s3, bucket = boto3.client("s3"), self.resources.bucket
        [upload] = s3.list_multipart_uploads(Bucket=bucket, Prefix=key)["Uploads"]
        s3.upload_part(Bucket=bucket, Key=key, UploadId=upload["UploadId"], PartNumber=1, Body=content)

    def run_machines(self) -> None:
        """Every execution that was started and has not been run."""
        while self.recorder.started:
            machine, given = self.recorder.started.pop(0)
            name = "ImportMachine" if machine == self.resources.machine_arn else "ExportMachine"
            run_in_order(execute(self._machines[name], orjson.loads(given)), self._invoke_state)

    def break_machines_off(self) -> None:
        """Every such execution fails before its first state."""
        while self.recorder.started:
            machine, given = self.recorder.started.pop(0)
            detail = {"status": "FAILED", "input": given, "stateMachineArn": machine}
            event = self._client.events.generate_cw_event("aws.states", "Status Change", detail, [])
            self.invoke("on_machine_stopped", event)

    def _invoke_state(self, invocation: Invocation) -> Json:
        answer: Json = self.invoke(self._functions[invocation.function], invocation.payload)
        if self._functions[invocation.function] == self.killed_after:
            raise StateFailed("Runtime.OutOfMemory", "{}")
        return answer


@contextmanager
def running_stack(recorder: Recorder, limits: Mapping[str, int] = MappingProxyType({})) -> Iterator[Stack]:
    """Lasts as long as the block. Limits beside those of all such stacks are by name."""
    recorder.listen_to_boto()
    with mock_aws():
        session = boto3.Session("test", "test", region_name="us-east-1")
        with DynamoDBServer(_tables_under(recorder)) as server:
            resources = replace(create_resources(session), dynamodb_url=server.url)
            os.environ |= _environment(resources, limits)
            yield Stack(recorder, resources)


def _tables_under(recorder: Recorder) -> Answer:
    """Tables in memory, every call to which is recorded: moto copies its tables at each transaction."""
    tables = FakeTables(page_items=PAGE_ITEMS)

    def answer(operation: str, content: bytes) -> HttpResponse:
        recorder.on_dynamodb_call(operation, orjson.loads(content))
        return tables.send(operation, content)

    return answer


def _environment(resources: AwsResources, limits: Mapping[str, int]) -> Mapping[str, str]:
    return {
        "AWS_DEFAULT_REGION": "us-east-1",
        "SLUICE_STACK": resources.stack,
        "SLUICE_CONTROL_TABLE": resources.control_table,
        "SLUICE_RECORDS_TABLE": resources.records_table,
        "SLUICE_IDEMPOTENCY_TABLE": resources.idempotency_table,
        "SLUICE_BUCKET": resources.bucket,
        "SLUICE_MACHINE_ARN": resources.machine_arn,
        "SLUICE_EXPORT_MACHINE_ARN": resources.export_machine_arn,
        "SLUICE_DYNAMODB_URL": resources.dynamodb_url,
        "SLUICE_STAGE": "local",
        "SLUICE_LOCAL_WEBHOOKS": "true",
        "SLUICE_LIMITS": orjson.dumps(
            {
                "small_source_bytes": SMALL_SOURCE_BYTES,
                "drop_settles_s": 0,
                "job_retention_s": KEPT_S,
                "sync_import_time_s": 600,
                **limits,
            }
        ).decode(),
    }
