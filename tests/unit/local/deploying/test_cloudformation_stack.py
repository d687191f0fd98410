"""Change sets of a stack, over moto's CloudFormation."""

import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from moto import mock_aws

from local.deploying.cloudformation_stack import Change, CloudFormationStack, DeployFailed

BUCKET = "templates"


@pytest.fixture
def cloudformation(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    with mock_aws():
        boto3.client("s3").create_bucket(Bucket=BUCKET)
        yield boto3.client("cloudformation")


def put_template(*queues: str) -> str:
    """Lays a template with these queues into the bucket and returns its address."""
    template = {
        "Parameters": {"Delay": {"Type": "Number", "Default": "1"}},
        "Resources": {
            name: {"Type": "AWS::SQS::Queue", "Properties": {"DelaySeconds": {"Ref": "Delay"}}} for name in queues
        },
    }
    boto3.client("s3").put_object(Bucket=BUCKET, Key="t.json", Body=json.dumps(template).encode())
    return f"https://s3.amazonaws.com/{BUCKET}/t.json"


def test_a_stack_is_created_changed_and_deleted(cloudformation: Any) -> None:
    stack = CloudFormationStack(cloudformation, "mine", look_every_s=0)
    created = stack.propose(put_template("One"), {"Delay": "7"})
    assert created
    assert created.is_creation
    assert created.changes == (Change("Add", "One", "AWS::SQS::Queue"),)

    stack.execute(created)
    changed = stack.propose(put_template("One", "Two"), {"Delay": None})
    assert changed
    stack.execute(changed)

    assert stack.resources().keys() == {"One", "Two"}
    found = stack.find()
    assert found
    assert [one["ParameterValue"] for one in found["Parameters"]] == ["7"]
    cloudformation.delete_stack(StackName="mine")
    assert stack.find() is None
    assert stack.find_outputs() is None


def test_a_change_set_that_is_not_wanted_leaves_nothing(cloudformation: Any) -> None:
    stack = CloudFormationStack(cloudformation, "mine", look_every_s=0)
    proposed = stack.propose(put_template("One"), {})
    assert proposed

    stack.withdraw(proposed)

    assert stack.find() is None


class Scripted:
    """A client whose answers are given, by the name of the call; the last one of a call stays."""

    def __init__(self, **answers: Any) -> None:
        self._answers = answers
        self.calls: list[str] = []

    def __getattr__(self, name: str) -> Any:
        def call(**_given: Any) -> Any:
            self.calls.append(name)
            answers = self._answers.get(name, [{}])
            return answers.pop(0) if len(answers) > 1 else answers[0]

        return call

    def get_paginator(self, name: str) -> Any:
        class Pages:
            paginate = staticmethod(lambda **given: [getattr(self, name)(**given)])

        return Pages


def stack_in(status: str) -> dict[str, Any]:
    return {"Stacks": [{"StackStatus": status, "StackId": "arn"}]}


def event(number: int, name: str, status: str, reason: str = "") -> dict[str, Any]:
    physical = "arn" if name == "mine" else name
    return {
        **{"EventId": str(number), "StackId": "arn", "PhysicalResourceId": physical},
        **{"LogicalResourceId": name, "ResourceStatus": status, "ResourceStatusReason": reason},
    }


def test_nothing_to_change_is_no_failure() -> None:
    failed = {"Status": "FAILED", "StatusReason": "The submitted information didn't contain changes. Submit different"}
    client = Scripted(
        describe_stacks=[stack_in("UPDATE_COMPLETE")], create_change_set=[{"Id": "c"}], describe_change_set=[failed]
    )

    assert CloudFormationStack(client, "mine", look_every_s=0).propose("url", {}) is None
    assert "delete_change_set" in client.calls


def test_what_a_failed_creation_has_left_is_removed_first() -> None:
    stacks = [stack_in("ROLLBACK_COMPLETE"), stack_in("ROLLBACK_COMPLETE"), stack_in("DELETE_COMPLETE")]
    client = Scripted(
        describe_stacks=stacks,
        describe_stack_events=[{"StackEvents": [event(1, "mine", "x")]}, {"StackEvents": [event(2, "mine", "x")]}],
        create_change_set=[{"Id": "c"}],
        describe_change_set=[{"Status": "CREATE_COMPLETE"}],
    )

    proposed = CloudFormationStack(client, "mine", look_every_s=0).propose("url", {})

    assert proposed
    assert proposed.is_creation
    assert client.calls.index("delete_stack") < client.calls.index("create_change_set")


def test_a_stack_that_cloudformation_is_busy_with_is_left_alone() -> None:
    client = Scripted(describe_stacks=[stack_in("UPDATE_ROLLBACK_IN_PROGRESS")])

    with pytest.raises(DeployFailed, match="busy with the stack mine"):
        CloudFormationStack(client, "mine").propose("url", {})


def test_a_failure_is_told_with_its_cause_and_each_event_once() -> None:
    before = {"StackEvents": [event(1, "mine", "CREATE_COMPLETE")]}
    begun = [
        *(event(4, "Table", "CREATE_FAILED", "Resource creation cancelled"), event(3, "Role", "CREATE_FAILED", "no")),
        *(event(2, "mine", "UPDATE_IN_PROGRESS"), event(0, "Old", "CREATE_FAILED", "long ago")),
    ]
    client = Scripted(
        describe_stacks=[stack_in("UPDATE_COMPLETE"), stack_in("UPDATE_ROLLBACK_COMPLETE")],
        describe_stack_events=[before, before, {"StackEvents": begun}],
        create_change_set=[{"Id": "c"}],
        describe_change_set=[{"Status": "CREATE_COMPLETE"}],
    )
    heard: list[dict[str, Any]] = []
    stack = CloudFormationStack(client, "mine", look_every_s=0)
    proposed = stack.propose("url", {})
    assert proposed

    with pytest.raises(DeployFailed, match=r"UPDATE_ROLLBACK_COMPLETE: Role: no$"):
        stack.execute(proposed, heard.append)
    assert [one["LogicalResourceId"] for one in heard] == ["Role", "Table"]
