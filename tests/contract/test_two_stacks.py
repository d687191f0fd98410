"""Two stacks in one account neither hear each other nor ring each other's alarms, in whatever partition of AWS."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.snapshots.stack import template_of_stage

Json = dict[str, Any]

NAMED = {
    "AWS::Serverless::Function": "FunctionName",
    "AWS::DynamoDB::Table": "TableName",
    "AWS::S3::Bucket": "BucketName",
    "AWS::StepFunctions::StateMachine": "StateMachineName",
    "AWS::Logs::LogGroup": "LogGroupName",
    "AWS::SQS::Queue": "QueueName",
    "AWS::IAM::Role": "RoleName",
    "AWS::CloudWatch::Alarm": "AlarmName",
    "AWS::Events::Rule": "Name",
    "AWS::Serverless::Api": "Name",
}
"""The property by which a resource of each type is named, where CloudFormation is not left to do it."""
ACCOUNT_WIDE = {"ThrottlesAlarm"}
"""What all functions of an account share, its concurrency, rings in each of its stacks."""


@pytest.fixture(scope="module")
def resources() -> Json:
    found: Json = template_of_stage("prod")["Resources"]
    return found


def of_the_stack(value: object, resources: Json) -> bool:
    """Whether a value names the stack or a resource of it; what SAM makes of an event is named after its function."""
    text = json.dumps(value)
    names = ["AWS::StackName", *resources]
    return any(f'"Ref": "{name}' in text or f"${{{name}" in text or f'GetAtt": ["{name}"' in text for name in names)


def patterns(resources: Json) -> Iterator[tuple[str, Json]]:
    for name, one in resources.items():
        for event in one["Properties"].get("Events", {}).values():
            if "Pattern" in event["Properties"]:
                yield name, event["Properties"]["Pattern"]
        if one["Type"] == "AWS::Events::Rule" and "EventPattern" in one["Properties"]:
            yield name, one["Properties"]["EventPattern"]


def metrics_of(alarm: Json) -> Iterator[Json]:
    if "MetricName" in alarm:
        yield alarm
    yield from (one["MetricStat"]["Metric"] for one in alarm.get("Metrics", []) if "MetricStat" in one)


def test_every_rule_hears_its_own_stack_alone(resources: Json) -> None:
    found = dict(patterns(resources))

    assert found.keys() == {"OnFile", "OnMachineStopped", "PublishEvents"}
    assert [name for name, pattern in found.items() if not of_the_stack(pattern["detail"], resources)] == []


def test_every_alarm_watches_its_own_stack_alone(resources: Json) -> None:
    alarms = {name: one["Properties"] for name, one in resources.items() if one["Type"] == "AWS::CloudWatch::Alarm"}

    shared = {
        name
        for name, alarm in alarms.items()
        for metric in metrics_of(alarm)
        if not of_the_stack(metric.get("Dimensions"), resources)
    }
    assert shared == ACCOUNT_WIDE


def test_alarms_name_the_dimensions_of_our_own_metrics(resources: Json) -> None:
    alarms = [one["Properties"] for one in resources.values() if one["Type"] == "AWS::CloudWatch::Alarm"]

    ours = [metric for alarm in alarms for metric in metrics_of(alarm) if metric.get("Namespace") == "Sluice"]
    assert [one["MetricName"] for one in ours] == ["RunsFailed", "SweepTrouble"]
    for metric in ours:
        dimensions = {one["Name"]: one["Value"] for one in metric["Dimensions"]}
        assert dimensions == {"service": "sluice", "stack": {"Ref": "AWS::StackName"}}


def test_nothing_has_a_name_that_another_stack_would_want(resources: Json) -> None:
    names = {
        name: one["Properties"][NAMED[one["Type"]]]
        for name, one in resources.items()
        if NAMED.get(one["Type"], "") in one["Properties"]
    }

    assert {"ImportMachine", "ExportMachine"} <= names.keys()
    assert [name for name, value in names.items() if not of_the_stack(value, resources)] == []


@pytest.mark.parametrize("stage", ["local", "prod"])
def test_no_arn_says_in_which_partition_of_aws_it_is(stage: str) -> None:
    text = json.dumps(template_of_stage(stage))

    assert "arn:aws" not in text
    assert "amazonaws.com/" not in text
