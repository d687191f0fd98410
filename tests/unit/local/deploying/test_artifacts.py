"""The bucket of packages and what lies in it, on moto."""

import json
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest
from moto import mock_aws

from local.deploying.artifacts import keep_package
from local.deploying.cloudformation_stack import DeployFailed
from local.deploying.target import Target
from local.package import Package

FUNCTION = {"Type": "AWS::Serverless::Function", "Properties": {"CodeUri": "./deployment.zip"}}
BUCKET = "sluice-artifacts-123456789012-eu-central-1"


@pytest.fixture
def target(monkeypatch: pytest.MonkeyPatch) -> Iterator[Target]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    with mock_aws():
        yield Target("sluice", boto3.Session(region_name="eu-central-1"))


@pytest.fixture
def package(tmp_path: Path) -> Package:
    made = Package(tmp_path, "abc")
    made.template.write_text(json.dumps({"Resources": {"Enter": FUNCTION}}))
    made.bundle.write_bytes(b"zip")
    return made


def test_a_package_lies_in_a_private_bucket_and_is_sent_once(target: Target, package: Package) -> None:
    url = keep_package(target, package)
    package.bundle.write_bytes(b"a zip of the same fingerprint")
    keep_package(target, package)

    s3 = target.client("s3")
    assert url == f"https://s3.eu-central-1.amazonaws.com/{BUCKET}/abc.json"
    assert s3.get_object(Bucket=BUCKET, Key="abc.zip")["Body"].read() == b"zip"
    template = json.loads(s3.get_object(Bucket=BUCKET, Key="abc.json")["Body"].read())
    assert template["Resources"]["Enter"]["Properties"]["CodeUri"] == {"Bucket": BUCKET, "Key": "abc.zip"}
    closed = s3.get_public_access_block(Bucket=BUCKET)["PublicAccessBlockConfiguration"]
    assert set(closed.values()) == {True}
    assert len(closed) == 4


def test_a_bucket_of_somebody_else_gets_nothing(target: Target, package: Package) -> None:
    stranger = boto3.client("sts", region_name="us-east-1").assume_role(
        RoleArn="arn:aws:iam::210987654321:role/stranger", RoleSessionName="stranger"
    )["Credentials"]
    keys = (stranger["AccessKeyId"], stranger["SecretAccessKey"], stranger["SessionToken"])
    theirs = boto3.Session(*keys, region_name="us-east-1").client("s3")
    theirs.create_bucket(Bucket=BUCKET)

    with pytest.raises(DeployFailed, match=BUCKET):
        keep_package(target, package)
    assert "Contents" not in theirs.list_objects_v2(Bucket=BUCKET)
