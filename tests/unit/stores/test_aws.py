from dataclasses import fields
from typing import Any

from chalicelib.model.exports import Export
from chalicelib.model.ids import ExportId, TenantId
from chalicelib.stores.aws import AwsResources, stores_over
from chalicelib.stores.dynamodb.client_http import HttpResponse
from chalicelib.stores.interfaces import Stores
from tests.contract.stores.builders import an_import

RESOURCES = AwsResources(
    stack="sluice",
    control_table="control",
    records_table="records",
    idempotency_table="idempotency",
    bucket="files",
    machine_arn="arn:import",
    export_machine_arn="arn:export",
)


class Session:
    """Refuses to make a client, as nothing has asked AWS for anything yet."""

    def client(self, name: str, *_: Any, **__: Any) -> Any:
        raise AssertionError(f"A client of {name} was made before its store was used.")


class Transport:
    """Keeps what was sent and answers that there is no item."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, bytes]] = []

    def send(self, operation: str, content: bytes) -> HttpResponse:
        self.sent.append((operation, content))
        return HttpResponse(200, b"{}")


def made(transport: Transport) -> Stores:
    return stores_over(Session(), transport, RESOURCES, clock=lambda: 0)  # type: ignore[arg-type]  # a session as far as it matters


def test_every_store_is_there_and_no_client_is_made_for_it() -> None:
    transport = Transport()

    stores = made(transport)

    assert [one.name for one in fields(Stores) if getattr(stores, one.name) is None] == []
    assert transport.sent == []


def test_stores_read_from_the_table_that_is_theirs() -> None:
    transport = Transport()
    stores = made(transport)

    stores.keys.find("digest")
    stores.records.shard_count(TenantId("acme"), "contacts")

    assert [b'"control"' in content for _, content in transport.sent] == [True, False]
    assert [b'"records"' in content for _, content in transport.sent] == [False, True]


class StepFunctions:
    """Keeps the state machine of every execution that was started."""

    def __init__(self) -> None:
        self.machines: list[str] = []

    def client(self, *_: Any, **__: Any) -> "StepFunctions":
        return self

    def start_execution(self, **request: str) -> None:
        self.machines.append(request["stateMachineArn"])


def test_imports_and_exports_have_state_machines_of_their_own() -> None:
    step_functions = StepFunctions()
    stores = stores_over(step_functions, Transport(), RESOURCES, clock=lambda: 0)  # type: ignore[arg-type]  # a session as far as it matters

    stores.import_executions.start(an_import(TenantId("acme")))
    stores.export_executions.start(Export(export_id=ExportId("exp_1"), tenant_id=TenantId("acme"), resource="contacts"))

    assert step_functions.machines == ["arn:import", "arn:export"]
