"""The functions, executions and tables of a running stack, for what no client can do or see.

In come a running stack and an import as a client received it. Methods return what AWS knows about it, or do to it what
the passing of time, an operator or AWS would do.
"""

import json
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cached_property
from typing import Any

import boto3
from botocore.config import Config

from chalicelib.model.events import JobKind
from chalicelib.model.exports import Export, ExportStatus
from chalicelib.model.ids import ExportId, ImportId, ScheduleId, TenantId
from chalicelib.model.imports import Source, Status
from chalicelib.model.object_keys import upload_key
from chalicelib.model.status_changes import ImportChange
from chalicelib.stores.dynamodb.client import DynamoDBClient
from chalicelib.stores.dynamodb.client_http import HttpTransport
from chalicelib.stores.dynamodb.concurrency import DynamoDBConcurrencySlots
from chalicelib.stores.dynamodb.control_table import ControlTable
from chalicelib.stores.dynamodb.due_index import DueEntry, DueIndex, DueKind
from chalicelib.stores.dynamodb.exports import DynamoDBExports
from chalicelib.stores.dynamodb.imports import DynamoDBImports
from chalicelib.stores.dynamodb.schedules import DynamoDBSchedules
from local.administration.letters import letters_of
from local.dead_letters import DeadLetters
from local.deploy import STACK
from local.deployed_stack import stack_at
from local.emulator import KEY, REGION
from local.stack import Stack
from local.template import LIVE
from tests.e2e.packagex_client import JSON


class StackInternals:
    """What is inside one stack."""

    def __init__(self, stack: Stack) -> None:
        session = boto3.Session(KEY, KEY, region_name=REGION)
        self.control = ControlTable(
            stack.outputs["ControlTableName"], DynamoDBClient(HttpTransport(session, stack.aws.url))
        )
        self.stack = stack
        self._imports = DynamoDBImports(self.control, clock=time.time)
        self._schedules = DynamoDBSchedules(self.control)

    def invoke(self, function: str, event: JSON) -> None:
        """Invokes a function by its name in the template; returns when it has ended."""
        payload = json.dumps(event).encode()
        client, name = self.stack.aws.client("lambda"), self._name_of(function)
        answer = client.invoke(FunctionName=name, Qualifier=LIVE, Payload=payload)
        assert "FunctionError" not in answer, answer["Payload"].read()

    @contextmanager
    def with_memory(self, function: str, memory_mb: int) -> Iterator[None]:
        """Gives a function, by its name in the template, another memory for as long as the block lasts."""
        with self._configured(function, "MemorySize", lambda before: memory_mb):
            yield

    @contextmanager
    def with_variable(self, function: str, name: str, value: str) -> Iterator[None]:
        """Gives a function, by its name in the template, another environment for as long as the block lasts."""
        with self._configured(function, "Environment", lambda of: {"Variables": {**of["Variables"], name: value}}):
            yield

    @contextmanager
    def _configured(self, function: str, what: str, changed: Callable[[Any], Any]) -> Iterator[None]:
        name = self._name_of(function)
        before = self._unchecked_client_of_lambda.get_function_configuration(FunctionName=name)[what]
        self._publish(name, {what: changed(before)})
        try:
            yield
        finally:
            self._publish(name, {what: before})

    def _publish(self, name: str, configuration: JSON) -> None:
        """Publishes a version with another configuration, and has alias and state machines call it, as a deployment
        does.
        """
        functions, machines = self._unchecked_client_of_lambda, self.stack.aws.step_functions
        functions.update_function_configuration(FunctionName=name, **configuration)
        version = functions.publish_version(FunctionName=name)["Version"]
        functions.update_alias(FunctionName=name, Name=LIVE, FunctionVersion=version)
        for machine in machines.list_state_machines()["stateMachines"]:
            arn = machine["stateMachineArn"]
            definition = machines.describe_state_machine(stateMachineArn=arn)["definition"]
            called = re.sub(rf"(:function:{name}):\d+", rf"\g<1>:{version}", definition)
            machines.update_state_machine(stateMachineArn=arn, definition=called)

    @cached_property
    def _unchecked_client_of_lambda(self) -> Any:
        """Takes values that AWS would refuse."""
        unchecked = Config(parameter_validation=False)
        return boto3.Session(KEY, KEY, region_name=REGION).client(
            "lambda", endpoint_url=self.stack.aws.url, config=unchecked
        )

    def _name_of(self, function: str) -> str:
        aws = self.stack.aws
        found = aws.cloudformation.describe_stack_resource(StackName=STACK, LogicalResourceId=function)
        return str(found["StackResourceDetail"]["PhysicalResourceId"])

    @cached_property
    def letters(self) -> DeadLetters:
        """The stack's dead letters."""
        return letters_of(stack_at(self.stack.aws.url, self.stack.outputs))

    def reap(self) -> None:
        """Runs the reaper, as EventBridge does every five minutes."""
        self.invoke("Reap", _event("aws.events", "Scheduled Event", {}))

    @contextmanager
    def unheard(self, function: str) -> Iterator[None]:
        """Within it, no event reaches the function, by its name in the template: the rule that would call it is
        disabled.
        """
        events = self.stack.aws.client("events")
        [rule] = [one["Name"] for one in events.list_rules()["Rules"] if function in one["Name"]]
        events.disable_rule(Name=rule)
        try:
            yield
        finally:
            events.enable_rule(Name=rule)

    def run_schedules(self) -> None:
        """Runs what is due of all schedules, as EventBridge does every minute."""
        self.invoke("RunSchedules", _event("aws.events", "Scheduled Event", {}))

    def make_due(self, schedule: JSON) -> None:
        """Sets the next due time of a schedule to a second ago."""
        stored = self._schedules.find(_tenant_of(schedule), ScheduleId(schedule["id"]))
        assert stored is not None
        due = replace(stored, next_due_at=int(time.time()) - 1, revision=stored.revision + 1)
        assert self._schedules.replace(due)

    def read(self, key: str) -> bytes:
        """Returns an object of the bucket."""
        content: bytes = self.stack.aws.s3.get_object(Bucket=self._bucket, Key=key)["Body"].read()
        return content

    def publish_pending_events(self) -> None:
        """Publishes pending events and sends due deliveries, as EventBridge has it done every minute."""
        self.invoke("PublishEvents", _event("aws.events", "Scheduled Event", {}))

    def repeat_file_event(self, import_: JSON, *, version: int = 0) -> None:
        """Sends the event about an uploaded file once more; versions count from the newest, which is 0."""
        found = self.versions(import_)[version]
        file = {"key": found["Key"], "size": found["Size"], "version-id": found["VersionId"]}
        detail = {"bucket": {"name": self._bucket}, "object": file}
        self.invoke("OnFile", _event("aws.s3", "Object Created", detail))

    def versions(self, import_: JSON) -> list[Any]:
        """Returns the versions of the uploaded file, newest first."""
        listed = self.stack.aws.s3.list_object_versions(Bucket=self._bucket, Prefix=_key_of(import_))
        return list(listed.get("Versions", []))

    def versions_left(self, import_: JSON, number: int) -> list[Any]:
        """Returns the versions of the uploaded file once there are no more than `number`, or after 20 seconds."""
        for _ in range(100):
            if len(self.versions(import_)) <= number:
                break
            time.sleep(0.2)
        return self.versions(import_)

    def executions(self, import_: JSON) -> dict[str, str]:
        """Returns the status of the import's executions by their ARN."""
        pages = self.stack.aws.step_functions.get_paginator("list_executions")
        listed = pages.paginate(stateMachineArn=self.stack.outputs["MachineArn"]).search("executions")
        return {one["executionArn"]: one["status"] for one in listed if one["name"].startswith(import_["id"])}

    def states(self, import_: JSON) -> set[str]:
        """Returns the states that the import's executions have entered."""
        pages = self.stack.aws.step_functions.get_paginator("get_execution_history")
        events = [
            event
            for arn in self.executions(import_)
            for event in pages.paginate(executionArn=arn).search("events[].stateEnteredEventDetails.name")
        ]
        return set(events)

    def abort(self, import_: JSON) -> None:
        """Stops the import's execution, as an operator might."""
        for arn in self.executions(import_):
            self.stack.aws.step_functions.stop_execution(executionArn=arn, cause="an operator's mistake")

    def forget_executions(self) -> None:
        """Makes the machine of imports anew, as it was but without any execution, whether one runs or has ended."""
        machines, arn = self.stack.aws.step_functions, self.stack.outputs["MachineArn"]
        found = machines.describe_state_machine(stateMachineArn=arn)
        machines.delete_state_machine(stateMachineArn=arn)
        made = machines.create_state_machine(
            name=found["name"], definition=found["definition"], roleArn=found["roleArn"], type=found["type"]
        )
        assert made["stateMachineArn"] == arn

    def queue(self, import_: JSON, *, deadline_at: int) -> None:
        """Queues an import as if its file had come and the state machine had not been started."""
        change = ImportChange(
            to=Status.QUEUED, at=int(time.time()), source=Source(key=_key_of(import_)), deadline_at=deadline_at
        )
        assert self._imports.change(_tenant_of(import_), ImportId(import_["id"]), change)

    def pass_deadline(self, import_: JSON) -> None:
        """Sets the deadline of an import to a second ago."""
        pk = f"IMPORT#{import_['organization_id']}#{import_['id']}"
        late = {"deadline_at": int(time.time()) - 1}
        assert self.control.set(pk, late, condition="#status = :meant", parameters={"meant": Status.PROCESSING})

    def add_stuck_export(self, like: JSON) -> str:
        """Adds an export that has its tenant's only slot and never ends, and returns its id."""
        tenant_id, export_id, now = _tenant_of(like), ExportId(f"{like['id']}_stuck"), int(time.time())
        export = Export(
            export_id=export_id, tenant_id=tenant_id, resource="customers", created_at=now, deadline_at=now + 3600
        )
        assert DynamoDBExports(self.control, clock=time.time).add(export)
        slots, until = DynamoDBConcurrencySlots(self.control), time.monotonic() + 10
        while not slots.take(f"{JobKind.EXPORT}#{tenant_id}", export_id, slots=1):
            assert time.monotonic() < until, "the export before it has kept its slot"
            time.sleep(0.1)
        return export_id

    def expire_files(self, export: JSON) -> None:
        """Sets the end of an export's files to a minute ago, so that the next reaper deletes them."""
        tenant_id, past = _tenant_of(export), int(time.time()) - 60
        item = f"EXPORT#{tenant_id}#{export['id']}"
        assert self.control.set(
            item, {"files_until": past}, condition="#status = :was", parameters={"was": "completed"}
        )
        DueIndex(self.control, DueKind.EXPORT).put(DueEntry(past, tenant_id, export["id"]))

    def export_in_process(self, tenant_id: str, export_id: str) -> None:
        """Stores an export in process that no execution works on."""
        export = Export(
            export_id=ExportId(export_id),
            tenant_id=TenantId(tenant_id),
            resource="customers",
            status=ExportStatus.PROCESSING,
            created_at=int(time.time()),
            deadline_at=int(time.time()) + 3600,
        )
        assert DynamoDBExports(self.control, clock=time.time).add(export)

    def send_export_failed_event(self, tenant_id: str, export_id: str) -> None:
        """Sends the event that the execution of an export has failed."""
        execution_input = json.dumps({"tenant_id": tenant_id, "export_id": export_id})
        detail = {"status": "FAILED", "input": execution_input}
        self.invoke("OnMachineStopped", _event("aws.states", "Step Functions Execution Status Change", detail))

    @property
    def _bucket(self) -> str:
        return self.stack.outputs["BucketName"]


def _event(source: str, kind: str, detail: JSON) -> JSON:
    """Returns the event as EventBridge sends it."""
    return {
        "version": "0",
        "id": "17793124-05d4-b198-2fde-7ededc63b103",
        "detail-type": kind,
        "source": source,
        "account": "000000000000",
        "time": "2025-01-01T00:00:00Z",
        "region": REGION,
        "resources": [],
        "detail": detail,
    }


def _key_of(import_: JSON) -> str:
    return upload_key(_tenant_of(import_), ImportId(import_["id"]))


def _tenant_of(import_: JSON) -> TenantId:
    return TenantId(import_["organization_id"])
