"""What an earlier stack has left is named, and nothing else, on moto."""

from collections.abc import Iterator

import boto3
import pytest
from moto import mock_aws

from local.deploying.left_behind import left_by_earlier
from local.deploying.target import Target


@pytest.fixture
def target() -> Iterator[Target]:
    with mock_aws():
        target = Target("sluice", boto3.Session("test", "test", region_name="us-east-1"))
        body = "Resources: {Bucket: {Type: AWS::S3::Bucket}}"
        target.client("cloudformation").create_stack(StackName="sluice", TemplateBody=body)
        yield target


def test_nothing_is_said_where_nothing_was_left(target: Target) -> None:
    assert left_by_earlier(target) == ""


def test_tables_and_buckets_of_an_earlier_stack_of_this_name_are_named(target: Target) -> None:
    for name in ("sluice-RecordsTable-OLD", "sluice-dev-RecordsTable-X", "other"):
        target.client("dynamodb").create_table(
            TableName=name,
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
            KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
        )
    target.client("s3").create_bucket(Bucket="sluice-bucket-old")

    names = left_by_earlier(target).split("\n")[1:3]

    assert names == ["  sluice-RecordsTable-OLD", "  sluice-bucket-old"]
