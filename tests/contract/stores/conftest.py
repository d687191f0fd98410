"""Every promise is asked of memory, of moto behind real HTTP, and of the emulator's own endpoint, where calls race.

`tables` are the real stores over the tables in memory of the fault runs, which are thereby held against both. What only
a store on DynamoDB can break, such as a crash between two of its requests, is asked of `tables` and of moto.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import uuid4

import boto3
import pytest
from moto import mock_aws

from chalicelib.model.ids import TenantId
from chalicelib.stores import memory
from chalicelib.stores.aws import AwsResources, stores_over
from chalicelib.stores.clients import Session
from chalicelib.stores.dynamodb.client_http import HttpTransport, Transport
from chalicelib.stores.interfaces import Stores
from chalicelib.stores.paging import Clock
from local.emulator import KEY, REGION, Emulator
from tests.contract.stores.loopback import dynamodb_on_loopback
from tests.contract.stores.resources import create_resources
from tests.faults.fake_table import FakeTables
from tests.faults.request_faults import RECORDS
from tests.faults.table_stores import CONTROL, IDEMPOTENCY, TableStores

NOW = 1_800_000_000


def clock() -> float:
    return NOW


@dataclass(frozen=True)
class Aws:
    """An AWS to test against."""

    session: Session
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


@pytest.fixture(params=["memory", "tables", "moto", "emulator"])
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


@pytest.fixture
def racing(world: StoresUnderTest) -> Stores:
    """Stores that many threads may call at once; moto is asked one thing at a time, for it loses updates."""
    if world.aws is not None and world.aws.is_serial:
        pytest.skip("nothing races on moto")
    return world.stores


@pytest.fixture(params=["tables", "moto"])
def aws(request: pytest.FixtureRequest) -> Aws:
    """For promises that only a store on DynamoDB can break."""
    made: Aws = request.getfixturevalue(f"on_{request.param}")
    return made


@pytest.fixture
def on_tables() -> Aws:
    """DynamoDB alone, in memory."""
    resources = AwsResources(
        stack="sluice",
        control_table=CONTROL,
        records_table=RECORDS,
        idempotency_table=IDEMPOTENCY,
        bucket="",
        machine_arn="",
        export_machine_arn="",
    )
    return Aws(boto3.Session(KEY, KEY, region_name=REGION), FakeTables(), resources, is_serial=True)


@pytest.fixture(scope="module")
def on_moto() -> Iterator[Aws]:
    session = boto3.Session(KEY, KEY, region_name=REGION)
    with mock_aws(), dynamodb_on_loopback(session) as url:
        yield Aws(session, HttpTransport(session, url), create_resources(session), is_serial=True)


@pytest.fixture(scope="session")
def on_emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Aws]:
    with Emulator(tmp_path_factory.mktemp("emulator")) as emulator:
        session = EndpointSession(emulator.url)
        yield Aws(session, HttpTransport(session), create_resources(session), is_serial=False)


class EndpointSession:
    """A session all clients of which call one endpoint."""

    region_name = REGION

    def __init__(self, url: str) -> None:
        self._url = url
        self._session = boto3.Session(KEY, KEY, region_name=REGION)

    def client(self, service: Any, **given: Any) -> Any:
        return self._session.client(service, endpoint_url=self._url, **given)

    def get_credentials(self) -> Any:
        return self._session.get_credentials()


@pytest.fixture
def tenant() -> TenantId:
    """A fresh one for every test: the tables are shared."""
    return TenantId(str(uuid4()))
