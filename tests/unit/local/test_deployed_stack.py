"""Outputs of a stack, and where its clients go."""

import boto3
import pytest
from moto import mock_aws

from local.deployed_stack import stack_at, stack_on_aws

TEMPLATE = """
Resources: {Queue: {Type: AWS::SQS::Queue}}
Outputs: {QueueUrl: {Value: !Ref Queue}}
"""


def test_the_clients_of_a_stack_on_this_machine_go_to_the_emulator() -> None:
    stack = stack_at("http://127.0.0.1:4566", {"QueueUrl": "q"})

    assert stack.client("sqs").meta.endpoint_url == "http://127.0.0.1:4566"
    assert stack.output("QueueUrl") == "q"


def test_an_output_that_is_missing_is_told() -> None:
    with pytest.raises(SystemExit, match="The stack 'sluice' has no output QueueUrl"):
        stack_at("http://127.0.0.1:4566", {}).output("QueueUrl")


def test_a_stack_on_aws_is_found_by_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    with mock_aws():
        boto3.client("cloudformation").create_stack(StackName="mine", TemplateBody=TEMPLATE)

        assert "sqs" in stack_on_aws("mine").output("QueueUrl")


def test_a_stack_that_aws_does_not_know_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    with mock_aws(), pytest.raises(SystemExit, match="mine"):
        stack_on_aws("mine")
