"""What is left of a stack that was taken down, on moto."""

from collections.abc import Iterator

import boto3
import pytest
from moto import mock_aws

from local.deploying.destroy import destroy, read_arguments
from local.deploying.target import Target

TEMPLATE = """
Parameters: {Stage: {Type: String, Default: prod}}
Resources:
  Bucket: {Type: AWS::S3::Bucket, DeletionPolicy: Retain}
  ControlTable:
    Type: AWS::DynamoDB::Table
    DeletionPolicy: Retain
    Properties:
      BillingMode: PAY_PER_REQUEST
      AttributeDefinitions: [{AttributeName: pk, AttributeType: S}]
      KeySchema: [{AttributeName: pk, KeyType: HASH}]
"""
GIVEN_STORES = """
Parameters: {Stage: {Type: String, Default: prod}, UseControlTable: {Type: String, Default: restored-ControlTable}}
Conditions: {MakesControlTable: !Equals [!Ref UseControlTable, ""]}
Resources:
  Topic: {Type: AWS::SNS::Topic}
  ControlTable:
    Type: AWS::DynamoDB::Table
    Condition: MakesControlTable
    Properties:
      BillingMode: PAY_PER_REQUEST
      AttributeDefinitions: [{AttributeName: pk, AttributeType: S}]
      KeySchema: [{AttributeName: pk, KeyType: HASH}]
Outputs: {ControlTable: {Value: !If [MakesControlTable, !Ref ControlTable, !Ref UseControlTable]}}
"""


@pytest.fixture
def target(monkeypatch: pytest.MonkeyPatch) -> Iterator[Target]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    with mock_aws():
        target = Target("sluice", boto3.Session(region_name="us-east-1"))
        target.client("cloudformation").create_stack(StackName="sluice", TemplateBody=TEMPLATE)
        bucket = target.stack.resources()["Bucket"]
        s3 = target.client("s3")
        s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
        for _ in range(2):
            s3.put_object(Bucket=bucket, Key="uploads/a.csv", Body=b"a")
        s3.delete_object(Bucket=bucket, Key="uploads/a.csv")
        s3.create_multipart_upload(Bucket=bucket, Key="uploads/b.csv")
        yield target


def left(target: Target) -> tuple[int, int]:
    """How many tables and buckets there are."""
    return len(target.client("dynamodb").list_tables()["TableNames"]), len(
        target.client("s3").list_buckets()["Buckets"]
    )


def test_with_data_nothing_is_left(target: Target) -> None:
    told = destroy(target, read_arguments(["--stage", "prod", "--yes", "--data"]))

    assert left(target) == (0, 0)
    assert "nothing of it is left" in told
    assert target.stack.find() is None


def test_stores_that_the_stack_was_given_stay(target: Target) -> None:
    restored = Target("restored", target.session)
    restored.client("cloudformation").create_stack(StackName="restored", TemplateBody=GIVEN_STORES)

    destroy(restored, read_arguments(["--stage", "prod", "--yes", "--data"]))

    assert restored.stack.find() is None
    assert left(target) == (1, 1)


def test_a_stack_that_is_not_there_is_told(target: Target) -> None:
    other = Target("other", target.session)

    assert "There is no other" in destroy(other, read_arguments(["--stage", "prod", "--yes"]))
    assert left(target) == (1, 1)


def test_nothing_is_destroyed_without_a_terminal_to_ask(target: Target) -> None:
    with pytest.raises(SystemExit, match="YES=1"):
        destroy(target, read_arguments(["--stage", "prod"]))

    assert target.stack.find()
