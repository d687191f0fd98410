"""A change of the control table whose answer is lost is sent again, and must recognise its own work."""

from dataclasses import replace

import pytest

from chalicelib.model.api_keys import ApiKey
from chalicelib.model.idempotency import IdempotencyRecord, StoredResponse
from chalicelib.model.ids import TenantId
from chalicelib.model.imports import Status
from chalicelib.model.phases import PhaseName
from chalicelib.model.status_changes import ImportChange
from chalicelib.model.task_results import TaskResult
from chalicelib.model.webhooks import Webhook, WebhookId
from chalicelib.stores.aws import stores_over
from chalicelib.stores.dynamodb.client_http import HttpResponse, NoResponse, Transport
from chalicelib.stores.interfaces import Counted, Stores
from tests.contract.stores.builders import an_import, an_import_id
from tests.contract.stores.conftest import Aws, clock


class Forgetful:
    """A transport: every write is performed, its answer lost, and the request sent once more."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self._forgot: set[bytes] = set()

    def send(self, operation: str, content: bytes) -> HttpResponse:
        answer = self._transport.send(operation, content)
        if operation in ("PutItem", "UpdateItem", "DeleteItem", "TransactWriteItems") and content not in self._forgot:
            self._forgot.add(content)
            raise NoResponse(operation)
        return answer


@pytest.fixture
def forgetful(aws: Aws) -> Stores:
    return stores_over(aws.session, Forgetful(aws.transport), aws.resources, clock=clock)


def test_an_import_is_added(forgetful: Stores, tenant: TenantId) -> None:
    import_ = an_import(tenant, upload_expires_at=100)

    assert forgetful.imports.add(import_)
    assert not forgetful.imports.add(import_)


def test_an_import_is_changed(forgetful: Stores, tenant: TenantId) -> None:
    import_ = an_import(tenant)
    forgetful.imports.add(import_)

    changed = forgetful.imports.change(tenant, import_.import_id, ImportChange(to=Status.QUEUED, at=9))

    assert changed == replace(import_, status=Status.QUEUED, updated_at=9, queued_at=9)
    assert forgetful.imports.change(tenant, import_.import_id, ImportChange(to=Status.QUEUED, at=9)) is None


def test_an_import_is_deleted(forgetful: Stores, tenant: TenantId) -> None:
    import_ = an_import(tenant, status=Status.FAILED)
    forgetful.imports.add(import_)

    assert forgetful.imports.delete(tenant, import_.import_id)
    assert not forgetful.imports.delete(tenant, import_.import_id)


def test_a_result_and_a_key_are_new(forgetful: Stores, tenant: TenantId) -> None:
    result = TaskResult(phase=PhaseName.PARSING, task=0)
    import_id = an_import_id()
    key = ApiKey(digest=f"digest-{tenant}", tenant_id=tenant, scopes=frozenset(), key_id="key_1")

    assert forgetful.results.put_once(import_id, 1, result)
    assert not forgetful.results.put_once(import_id, 1, result)
    assert forgetful.keys.add(key)
    assert not forgetful.keys.add(key)


def test_a_webhook_is_counted_once(forgetful: Stores, tenant: TenantId) -> None:
    first = Webhook(webhook_id=WebhookId("whk_1"), tenant_id=tenant, url="https://example.com", secret="whsec")
    second = replace(first, webhook_id=WebhookId("whk_2"))

    assert forgetful.webhooks.add(first, limit=1) is Counted.DONE
    assert forgetful.webhooks.add(second, limit=1) is Counted.FULL
    forgetful.webhooks.delete(tenant, first.webhook_id)
    assert forgetful.webhooks.add(second, limit=1) is Counted.DONE
    assert forgetful.webhooks.add(first, limit=1) is Counted.FULL


def test_an_idempotency_record_is_acquired_taken_over_and_completed(forgetful: Stores, tenant: TenantId) -> None:
    first = IdempotencyRecord(name="one", fingerprint="f", token="a", seed="a", lease_ends_at=20, expires_at=99)
    second, third = (replace(first, token=token, seed=token, lease_ends_at=40) for token in "bc")

    assert forgetful.idempotency_records.acquire(tenant, first, now=10) == first
    second = forgetful.idempotency_records.acquire(tenant, second, now=30)
    assert second == replace(first, token="b", lease_ends_at=40)
    assert forgetful.idempotency_records.complete(tenant, second, StoredResponse(status=200, content=b"{}"))
    assert forgetful.idempotency_records.acquire(tenant, third, now=50).token == "b"
    forgetful.idempotency_records.release(tenant, second)
    assert forgetful.idempotency_records.acquire(tenant, third, now=50) == third
