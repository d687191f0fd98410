"""A request of every dialect that imports one contact, to be sent twice under one idempotency key.

`meanwhile` and `die_in` let something happen between the two, or end the process before it has stored its response.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from chalice.test import HTTPResponse

from chalicelib.model.idempotency import IdempotencyRecord, StoredResponse
from chalicelib.model.ids import TenantId
from chalicelib.stores.memory import MemoryIdempotencyRecords
from tests.contract.cstar.clients import CStarClient
from tests.contract.kasar.clients import KasarClient
from tests.contract.packagex.clients import PackageXClient
from tests.import_runner import InterruptedRunner
from tests.real_pipeline import connect_pipeline
from tests.world import OURS, World

Send = Callable[..., HTTPResponse]
"""Takes method, path, body and headers."""

JSON_TYPE = {"Content-Type": "application/json"}


class Died(BaseException):
    """The end of a process, as an exception that nothing catches."""


@dataclass(frozen=True)
class Dialect:
    """A client of one dialect, and the request to repeat."""

    world: World
    send: Send
    path: str
    body: bytes
    other_body: bytes
    resource: str = "contacts"

    def ask(self, key: str | None, body: bytes | None = None, path: str = "") -> HTTPResponse:
        """Sends the request, under an idempotency key if one is given."""
        headers = JSON_TYPE if key is None else JSON_TYPE | {"Idempotency-Key": key}
        return self.send("POST", path or self.path, body or self.body, headers)

    @property
    def imports(self) -> int:
        """The number of imports that are stored."""
        return self.world.stores.imports.list_page(OURS, page=1, per_page=10).total


def packagex() -> Dialect:
    client = PackageXClient()
    connect_pipeline(client.world)
    head = b'{"upload_mode": "sync", "resource": "contact", "action": "create", '
    return Dialect(
        client.world,
        lambda method, path, body, headers: client.request(method, path, body=body, headers=headers),
        "/v1/imports",
        head + b'"data": [{"name": "Ann", "email": "ann@example.com"}]}',
        head + b'"data": [{"name": "Bob"}]}',
    )


def kasar() -> Dialect:
    client = KasarClient()
    return Dialect(
        client.world,
        lambda method, path, body, headers: client.request(method, path, body=body, headers=headers),
        "/api/v1/import/contacts",
        b'{"records": [{"name": "Ann", "email": "ann@example.com"}]}',
        b'{"records": [{"name": "Bob"}]}',
    )


def cstar() -> Dialect:
    client = CStarClient()

    def send(method: str, path: str, body: bytes, headers: dict[str, str]) -> HTTPResponse:
        return client.request(method, path, body, **{name.replace("-", "_"): value for name, value in headers.items()})

    return Dialect(
        client.world,
        send,
        "/import",
        b'{"resource": "customers", "records": [{"name": "Ann", "email": "ann@example.com"}]}',
        b'{"resource": "customers", "records": [{"name": "Bob"}]}',
        "customers",
    )


DIALECTS: dict[str, Callable[[], Dialect]] = {"PackageX": packagex, "Kasar": kasar, "cStar": cstar}


def meanwhile(world: World, do: Callable[[], Any]) -> None:
    """Lets something happen whenever an import has been stored and its rows have not been read."""
    runner = InterruptedRunner(world.context.runner, lambda import_: do())
    world.context = replace(world.context, open_runner=lambda: runner)


def die_in(world: World) -> None:
    """Lets the next process that stores a response die before it has."""
    context = world.context
    dying = DyingRecords(context.stores.idempotency_records)
    world.context = replace(context, stores=replace(context.stores, idempotency_records=dying))


class DyingRecords(MemoryIdempotencyRecords):
    """The idempotency records of a world, whose first response is never stored."""

    def __init__(self, records: Any) -> None:
        super().__init__()
        self._records = records._records
        self._has_died = False

    def complete(self, tenant_id: TenantId, record: IdempotencyRecord, response: StoredResponse) -> bool:
        if not self._has_died:
            self._has_died = True
            raise Died
        return super().complete(tenant_id, record, response)
