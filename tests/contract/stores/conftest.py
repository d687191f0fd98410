"""Every promise is asked of memory and of moto behind real HTTP; of an emulator where AWS_ENDPOINT_URL names one.

`tables` are the real stores over the tables in memory of the fault runs, which are thereby held against moto.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from uuid import uuid4

import boto3
import pytest
from moto import mock_aws

from chalicelib.model.ids import TenantId
from chalicelib.stores import memory
from chalicelib.stores.aws import AwsResources, stores_over
from chalicelib.stores.dynamodb.client_http import HttpTransport, Transport
from chalicelib.stores.interfaces import Stores
from chalicelib.stores.paging import Clock
from tests.contract.stores.loopback import dynamodb_on_loopback
from tests.contract.stores.resources import create_resources
from tests.faults.table_stores import TableStores

ON_AWS = ["emulator" if "AWS_ENDPOINT_URL" in os.environ else "moto"]
NOW = 1_800_000_000


def clock() -> float:
    return NOW


@dataclass(frozen=True)
class Aws:
    """An AWS to test against."""

    session: boto3.Session
    transport: Transport
    resources: AwsResources
    is_serial: bool
    """Asked one thing at a time, so that nothing can race on it."""


@dataclass(frozen=True)
class StoresUnderTest:
    """Stores, and the AWS on which they are, if any."""

    with_clock: Callable[[Clock], Stores]
    """Makes the stores once more, by another clock; those in AWS hold the same."""
    aws: Aws | None = None

    @cached_property
    def stores(self) -> Stores:
        return self.with_clock(clock)


@pytest.fixture(params=["memory", "tables", *ON_AWS])
def world(request: pytest.FixtureRequest) -> StoresUnderTest:
    if request.param == "memory":
        return StoresUnderTest(lambda clock: memory.stores(clock=clock))
    if request.param == "tables":
        return StoresUnderTest(lambda clock: TableStores().make(clock)[0])
    aws: Aws = request.getfixturevalue(f"on_{request.param}")
    return StoresUnderTest(lambda clock: stores_over(aws.session, aws.transport, aws.resources, clock=clock), aws)


@pytest.fixture
def stores(world: StoresUnderTest) -> Stores:
    return world.stores


@pytest.fixture(params=ON_AWS)
def aws(request: pytest.FixtureRequest) -> Aws:
    """For promises that only a store on AWS can break."""
    made: Aws = request.getfixturevalue(f"on_{request.param}")
    return made


@pytest.fixture(scope="module")
def on_moto() -> Iterator[Aws]:
    with _moto() as made:
        yield made


@pytest.fixture(scope="module")
def on_emulator() -> Iterator[Aws]:
    with _emulator() as made:
        yield made


@pytest.fixture
def tenant() -> TenantId:
    """A fresh one for every test: the tables are shared by a module."""
    return TenantId(str(uuid4()))


@contextmanager
def _moto() -> Iterator[Aws]:
    session = boto3.Session("test", "test", region_name="us-east-1")
    with mock_aws(), dynamodb_on_loopback(session) as url:
        yield Aws(session, HttpTransport(session, url), create_resources(session), is_serial=True)


@contextmanager
def _emulator() -> Iterator[Aws]:
    session = boto3.Session("test", "test", region_name="us-east-1")
    yield Aws(session, HttpTransport(session), create_resources(session), is_serial=False)
