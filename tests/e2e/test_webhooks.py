"""What others are told of imports and exports that have ended, at a webhook on loopback and on the event bus."""

import hmac
import json
import time
from collections.abc import Iterator

import pytest

from local.stack import Stack
from tests.e2e.packagex_client import JSON, PackageXClient
from tests.e2e.stack_internals import StackInternals
from tests.e2e.tenants import Tenants
from tests.receivers import ReceivedRequest, Receiver

pytestmark = pytest.mark.e2e

ANN = [{"name": "Ann", "email": "ann@example.com"}]
WAIT_S = 60


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as made:
        yield made


def is_signed(heard: ReceivedRequest, secret: str) -> bool:
    parts = dict(one.split("=", 1) for one in heard.headers["x-signature"].split(","))
    wanted = hmac.new(secret.encode(), f"{parts['t']}.".encode() + heard.body, "sha256").hexdigest()
    return hmac.compare_digest(parts["v1"], wanted)


def log_of(client: PackageXClient, webhook: JSON) -> list[JSON]:
    deliveries: list[JSON] = client.get(f"/v1/webhooks/{webhook['id']}/deliveries").data
    return deliveries


def waited(client: PackageXClient, webhook: JSON, internals: StackInternals, status: str) -> JSON:
    """Waits until the webhook's only delivery has this status; runs what EventBridge runs every minute."""
    deadline = time.monotonic() + WAIT_S
    while time.monotonic() < deadline:
        internals.publish_pending_events()
        log = log_of(client, webhook)
        if log and log[0]["status"] == status:
            return log[0]
        time.sleep(1)
    raise AssertionError(log_of(client, webhook))


def test_a_receiver_that_fails_first_hears_the_same_event_again(
    client: PackageXClient, internals: StackInternals, receiver: Receiver
) -> None:
    receiver.answers = [500]
    webhook = client.post("/v1/webhooks", {"url": receiver.url, "events": ["import.completed"]}).data

    import_ = client.run_records(ANN)
    delivery = waited(client, webhook, internals, "delivered")

    first, second = receiver.heard.get(timeout=1), receiver.heard.get(timeout=1)
    assert first.body == second.body
    assert is_signed(first, webhook["_secret"])
    assert is_signed(second, webhook["_secret"])
    assert first.headers["x-sluice-event-id"] == second.headers["x-sluice-event-id"] == delivery["event_id"]
    body = json.loads(second.body)
    assert (body["type"], body["id"], body["stats"]["created"]) == ("import.completed", import_["id"], 1)
    assert [one["status_code"] for one in delivery["attempts"]] == [500, 200]
    assert receiver.heard.empty()


def test_a_webhook_hears_within_seconds_without_anybody_s_help(client: PackageXClient, receiver: Receiver) -> None:
    client.post("/v1/webhooks", {"url": receiver.url}).data  # noqa: B018 - fails unless it was created

    import_ = client.run_records(ANN)

    assert json.loads(receiver.heard.get(timeout=WAIT_S).body)["id"] == import_["id"]


def test_a_webhook_hears_of_an_export_that_has_ended(client: PackageXClient, receiver: Receiver) -> None:
    client.run_records(ANN)
    client.post("/v1/webhooks", {"url": receiver.url, "events": ["export.completed"]}).data  # noqa: B018 - as above

    export = client.post("/v1/exports", {"resource": "customer"}).data

    body = json.loads(receiver.heard.get(timeout=WAIT_S).body)
    assert (body["type"], body["id"]) == ("export.completed", export["id"])


def test_the_event_bus_hears_of_every_ending(client: PackageXClient, stack: Stack) -> None:
    queue = listening_queue(stack, client.tenant_id)

    completed = client.run_records(ANN)
    canceled = client.create()
    client.post(f"/v1/imports/{canceled['id']}", {"status": "canceled"})

    heard = received(stack, queue, 2)
    assert {(one["source"], one["detail-type"], one["detail"]["id"]) for one in heard} == {
        ("sluice", "Import completed", completed["id"]),
        ("sluice", "Import canceled", canceled["id"]),
    }


def test_a_ping_tells_at_once_how_it_went(client: PackageXClient, receiver: Receiver) -> None:
    webhook = client.post("/v1/webhooks", {"url": receiver.url}).data

    delivery = client.request("POST", f"/v1/webhooks/{webhook['id']}/ping").data

    assert (delivery["status"], delivery["event"]) == ("delivered", "webhook.ping")
    assert is_signed(receiver.heard.get(timeout=1), webhook["_secret"])


def test_even_here_a_webhook_reaches_no_metadata(client: PackageXClient) -> None:
    answer = client.post("/v1/webhooks", {"url": "http://169.254.169.254/latest/meta-data/"})

    assert answer.refusal[:2] == (400, "validation_failed")


def test_nobody_sees_another_tenant_s_webhook(client: PackageXClient, tenants: Tenants, receiver: Receiver) -> None:
    webhook = client.post("/v1/webhooks", {"url": receiver.url}).data
    stranger = tenants.client()

    answers = [
        stranger.get(f"/v1/webhooks/{webhook['id']}"),
        stranger.get(f"/v1/webhooks/{webhook['id']}/deliveries"),
        stranger.request("POST", f"/v1/webhooks/{webhook['id']}/ping"),
        stranger.request("DELETE", f"/v1/webhooks/{webhook['id']}"),
    ]

    assert [one.refusal[:2] for one in answers] == [(404, "webhook_not_found")] * 4
    stranger.run_records(ANN)
    assert stranger.get("/v1/webhooks").data == []
    assert receiver.heard.empty()


def listening_queue(stack: Stack, tenant_id: str) -> str:
    """The URL of a queue that gets the bus's events of one tenant."""
    sqs, events = stack.aws.client("sqs"), stack.aws.client("events")
    url: str = sqs.create_queue(QueueName=f"events-{tenant_id}")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    pattern = {"source": ["sluice"], "detail": {"tenant_id": [tenant_id]}}
    events.put_rule(Name=f"test-{tenant_id}", EventPattern=json.dumps(pattern))
    events.put_targets(Rule=f"test-{tenant_id}", Targets=[{"Id": "queue", "Arn": arn}])
    return url


def received(stack: Stack, url: str, count: int) -> list[JSON]:
    sqs, found = stack.aws.client("sqs"), list[JSON]()
    deadline = time.monotonic() + WAIT_S
    while len(found) < count and time.monotonic() < deadline:
        answer = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, WaitTimeSeconds=1)
        found += [json.loads(one["Body"]) for one in answer.get("Messages", [])]
    return found
