"""Versions of functions are deleted once nothing calls them any more, on moto's Lambda and Step Functions."""

import io
import json
import zipfile
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from moto import mock_aws

from local.deploying.old_versions import FUNCTION, KEPT_S, MACHINE, Version, remove_old_versions, superseded

LIVE = "live"


@pytest.fixture
def aws() -> Iterator[boto3.Session]:
    with mock_aws():
        yield boto3.Session("test", "test", region_name="us-east-1")


class Stack:
    """A function with a version for each deployment, and a machine whose definition names one of them."""

    def __init__(self, session: boto3.Session) -> None:
        self.client: Any = session.client
        self.functions, self.machines = self.client("lambda"), self.client("stepfunctions")
        policy = json.dumps({"Version": "2012-10-17", "Statement": []})
        self.role = self.client("iam").create_role(RoleName="role", AssumeRolePolicyDocument=policy)["Role"]["Arn"]
        code = io.BytesIO()
        with zipfile.ZipFile(code, "w") as archive:
            archive.writestr("app.py", "")
        self.functions.create_function(
            FunctionName="plan",
            Role=self.role,
            Runtime="python3.13",
            Handler="app.plan",
            Code={"ZipFile": code.getvalue()},
        )
        first = self.functions.publish_version(FunctionName="plan")
        self.functions.create_alias(FunctionName="plan", Name=LIVE, FunctionVersion=first["Version"])
        self.resources = [{"ResourceType": FUNCTION, "PhysicalResourceId": "plan"}]

    def deploy(self, name: str) -> None:
        self.functions.update_function_configuration(FunctionName="plan", Description=name)
        version = self.functions.publish_version(FunctionName="plan")["Version"]
        self.functions.update_alias(FunctionName="plan", Name=LIVE, FunctionVersion=version)

    def start_on(self, version: int) -> None:
        arn = self.functions.get_function(FunctionName="plan")["Configuration"]["FunctionArn"]
        call = {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "End": True}
        called = {**call, "Parameters": {"FunctionName": f"{arn.removesuffix(':$LATEST')}:{version}"}}
        definition = json.dumps({"StartAt": "Plan", "States": {"Plan": called}})
        machine = self.machines.create_state_machine(name="import", definition=definition, roleArn=self.role)
        self.machines.start_execution(stateMachineArn=machine["stateMachineArn"], name="imp_1-1")
        self.resources.append({"ResourceType": MACHINE, "PhysicalResourceId": machine["stateMachineArn"]})

    def versions(self) -> list[str]:
        listed = self.functions.list_versions_by_function(FunctionName="plan")["Versions"]
        return [one["Version"] for one in listed if one["Version"] != "$LATEST"]


def test_versions_that_nothing_calls_go_and_the_live_one_stays(aws: boto3.Session) -> None:
    stack = Stack(aws)
    stack.deploy("second")
    stack.deploy("third")

    removed = remove_old_versions(stack.client, stack.resources, kept_s=0)

    assert (removed, stack.versions()) == (2, ["3"])


def test_a_version_that_a_running_execution_calls_stays(aws: boto3.Session) -> None:
    stack = Stack(aws)
    stack.start_on(1)
    stack.deploy("second")
    stack.deploy("third")

    removed = remove_old_versions(stack.client, stack.resources, kept_s=0)

    assert (removed, stack.versions()) == (1, ["1", "3"])


def test_a_version_stays_for_as_long_as_an_execution_may_last(aws: boto3.Session) -> None:
    stack = Stack(aws)
    stack.deploy("second")

    removed = remove_old_versions(stack.client, stack.resources)

    assert (removed, stack.versions(), KEPT_S) == (0, ["1", "2"], 30 * 24 * 3600)


def test_a_version_counts_as_old_from_the_next_one_on_and_the_live_one_never_does() -> None:
    versions = [Version(f"plan:{number}", number, number * 100.0) for number in (1, 2, 3)]

    assert [(one.arn, one.at) for one in superseded(versions, live=2)] == [("plan:1", 200.0)]
    assert [(one.arn, one.at) for one in superseded(versions, live=3)] == [("plan:1", 200.0), ("plan:2", 300.0)]
