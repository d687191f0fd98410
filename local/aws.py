"""Clients of the emulator, for deploying, showing and testing the stack."""

from functools import cached_property
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config

from local.emulator import KEY, REGION

if TYPE_CHECKING:  # stubs, which the environment for running does not have
    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_stepfunctions import SFNClient

CONFIG = Config(
    signature_version="v4",
    s3={"addressing_style": "path"},
    retries={"max_attempts": 0},
    max_pool_connections=32,
    inject_host_prefix=False,
)
S3_CONFIG = Config(signature_version="s3v4", retries={"mode": "standard", "total_max_attempts": 3})
"""A request for an object may be sent again: the emulator drops a connection now and then."""


class Aws:
    """All clients of one endpoint, each made on first use."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._session = boto3.Session(KEY, KEY, region_name=REGION)

    @cached_property
    def s3(self) -> "S3Client":
        """Returns the client of S3."""
        return self._session.client("s3", endpoint_url=self.url, config=CONFIG.merge(S3_CONFIG))

    @cached_property
    def dynamodb(self) -> "DynamoDBClient":
        """Returns the client of DynamoDB."""
        return self._session.client("dynamodb", endpoint_url=self.url, config=CONFIG)

    @cached_property
    def cloudformation(self) -> "CloudFormationClient":
        """Returns the client of CloudFormation."""
        return self._session.client("cloudformation", endpoint_url=self.url, config=CONFIG)

    @cached_property
    def step_functions(self) -> "SFNClient":
        """Returns the client of Step Functions."""
        return self._session.client("stepfunctions", endpoint_url=self.url, config=CONFIG)

    def client(self, service: Any) -> Any:
        """Returns a new client of any other service, untyped."""
        return self._session.client(service, endpoint_url=self.url, config=CONFIG)
