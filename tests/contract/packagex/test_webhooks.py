"""Webhooks and their deliveries, as PackageX clients keep them; whole bodies."""

import json
from dataclasses import replace
from typing import Any, cast

import pytest

from chalicelib.model.api_keys import Scope
from chalicelib.model.imports import Status
from chalicelib.model.limits import Limits
from chalicelib.model.status_changes import ImportChange
from chalicelib.model.webhooks import Endpoint, WebhookId
from chalicelib.stores.interfaces import WebhookResponse
from chalicelib.stores.memory import MemoryWebhookTransport
from chalicelib.webhooks.delivery_rounds import send_due_deliveries
from chalicelib.webhooks.outbox import publish_now
from tests.contract.packagex.bodies import enveloped, refusal
from tests.contract.packagex.clients import JSON, PackageXClient
from tests.world import NOW, OURS, THEIRS, World

URL = "https://example.com/hook"


def a_webhook(**given: object) -> JSON:
    return {
        "object": "webhook",
        "id": "whk_1",
        "organization_id": OURS,
        "name": None,
        "url": URL,
        "events": [],
        "auth_header": None,
        "status": "active",
        "reason": None,
        "failing_since": None,
        "retry_at": None,
        "old_secret_until": None,
        "created_by": "key_test",
        "created_at": NOW,
        "updated_at": NOW,
        "_secret": None,
    } | given


def an_attempt(**given: object) -> JSON:
    answer = {"number": 1, "at": NOW, "duration_ms": 7, "status_code": 200, "error": None, "response": "ok"}
    return answer | given


def created(client: PackageXClient, **given: Any) -> JSON:
    response = client.post("/v1/webhooks", {"url": URL} | given)
    assert response.status_code == 201, response.json_body
    data: JSON = response.json_body["data"]
    return data


def transport_of(client: PackageXClient) -> MemoryWebhookTransport:
    return cast(MemoryWebhookTransport, client.world.stores.webhook_transport)


def an_ending(client: PackageXClient, import_id: str = "imp_9") -> None:
    """An import fails, and whoever ended it tells."""
    import_ = client.world.add_import(Status.PROCESSING, import_id=import_id)
    change = ImportChange(to=Status.FAILED, at=client.world.now, ended_at=client.world.now)
    ended = client.world.stores.imports.change(import_.tenant_id, import_.import_id, change)
    assert ended is not None
    publish_now(client.world.stores, ended)


def deliver_all_due(client: PackageXClient) -> None:
    send_due_deliveries(client.world.context)


def test_a_webhook_is_created_and_shows_its_secret_once() -> None:
    client = PackageXClient()
    asked = {
        "url": URL,
        "name": "Our hook",
        "events": ["import.failed", "import.completed", "import.failed"],
        "auth_header": {"name": "X-Key", "value": "hush"},
    }

    response = client.post("/v1/webhooks", asked)

    wanted = {"name": "Our hook", "events": ["import.failed", "import.completed"], "auth_header": "X-Key"}
    message = "Webhook created. Its _secret is shown this once."
    assert response.headers["Location"] == f"https://api.example.com/v1/webhooks/{response.json_body['data']['id']}"
    assert response.json_body == enveloped(a_webhook(_secret="whsec_2", **wanted), message, "/v1/webhooks", 201)
    assert client.get("/v1/webhooks/whk_1").json_body == enveloped(
        a_webhook(**wanted), "Webhook retrieved.", "/v1/webhooks/whk_1"
    )
    assert b"hush" not in response.body
    assert b"whsec" not in client.get("/v1/webhooks").body


def test_no_answer_with_a_secret_is_kept_for_a_repeat() -> None:
    client = PackageXClient()
    headers = {"Content-Type": "application/json", "Idempotency-Key": "once"}

    asked = [("/v1/webhooks", {"url": URL}), ("/v1/webhooks/whk_1", {"rotate_secret": True})] * 2
    answers = [client.request("POST", path, body=json.dumps(body).encode(), headers=headers) for path, body in asked]

    assert len({one.json_body["data"]["_secret"] for one in answers}) == 4


def test_webhooks_are_listed_oldest_first() -> None:
    client = PackageXClient()
    created(client)
    client.world.now += 1
    created(client, name="Later")

    response = client.get("/v1/webhooks")

    later = a_webhook(id="whk_3", name="Later", created_at=NOW + 1, updated_at=NOW + 1)
    pagination = {"limit": 20, "page": 1, "has_more": False, "total_count": 2}
    assert response.json_body == enveloped(
        [a_webhook(), later], "Webhooks retrieved.", "/v1/webhooks", pagination=pagination
    )


def test_a_webhook_changes_as_asked_and_no_further() -> None:
    client = PackageXClient()
    created(client, name="Our hook", events=["import.failed"], auth_header={"name": "X-Key", "value": "1"})
    client.world.now += 5

    body = {"url": "https://example.org/", "name": None, "auth_header": None, "status": "paused"}
    response = client.post("/v1/webhooks/whk_1", body)

    changed = a_webhook(url="https://example.org/", events=["import.failed"], status="paused", updated_at=NOW + 5)
    assert response.json_body == enveloped(changed, "Webhook updated.", "/v1/webhooks/whk_1")


def test_a_secret_is_rotated_and_the_old_one_lives_a_day() -> None:
    client = PackageXClient()
    created(client)

    response = client.post("/v1/webhooks/whk_1", {"rotate_secret": True})

    rotated = a_webhook(_secret="whsec_3", old_secret_until=NOW + 24 * 3600)
    assert response.json_body == enveloped(rotated, "Webhook updated.", "/v1/webhooks/whk_1")


def test_taking_a_webhook_up_again_forgets_why_it_was_paused() -> None:
    client = PackageXClient()
    created(client)
    client.world.stores.webhooks.change(OURS, WebhookId("whk_1"), {"status": "paused", "reason": "failing: …"})
    client.world.stores.webhooks.change(OURS, WebhookId("whk_1"), {"failing_since": NOW})

    response = client.post("/v1/webhooks/whk_1", {"status": "active"})

    assert response.json_body["data"] == a_webhook()


def test_a_deleted_webhook_is_gone() -> None:
    client = PackageXClient()
    created(client)

    response = client.request("DELETE", "/v1/webhooks/whk_1")

    data = {"object": "webhook", "id": "whk_1", "deleted": True}
    assert response.json_body == enveloped(data, "Webhook deleted.", "/v1/webhooks/whk_1")
    assert refusal(client.get("/v1/webhooks/whk_1")) == (404, "webhook_not_found", [])
    assert client.get("/v1/webhooks").json_body["data"] == []


def test_the_log_tells_every_attempt() -> None:
    client = PackageXClient()
    created(client)
    an_ending(client)
    transport_of(client).answers = [WebhookResponse(status_code=503, response="busy", duration_ms=12)]
    deliver_all_due(client)

    response = client.get("/v1/webhooks/whk_1/deliveries")

    sent = json.loads(transport_of(client).sent[0].body)
    shown = response.json_body["data"][0]
    pagination = {"limit": 25, "page": None, "has_more": False, "total_count": None, "cursor": None}
    delivery = {
        "object": "webhook_delivery",
        "id": shown["id"],
        "webhook_id": "whk_1",
        "event_id": sent["event_id"],
        "event": "import.failed",
        "status": "pending",
        "attempts": [an_attempt(status_code=503, response="busy", duration_ms=12)],
        "next_try_at": shown["next_try_at"],
        "created_at": NOW,
    }
    assert response.json_body == enveloped(
        [delivery], "Deliveries retrieved.", "/v1/webhooks/whk_1/deliveries", pagination=pagination
    )
    assert NOW + 8 <= shown["next_try_at"] <= NOW + 12
    assert (sent["id"], sent["status"]) == ("imp_9", "failed")


def test_the_log_is_paged_newest_first() -> None:
    client = PackageXClient()
    created(client)
    for number in range(3):
        client.world.now += 1
        an_ending(client, f"imp_{number}")

    first = client.get("/v1/webhooks/whk_1/deliveries?limit=2").json_body
    second = client.get(f"/v1/webhooks/whk_1/deliveries?limit=2&cursor={first['pagination']['cursor']}").json_body

    assert [one["created_at"] - NOW for one in first["data"] + second["data"]] == [3, 2, 1]
    assert (first["pagination"]["has_more"], second["pagination"]["has_more"]) == (True, False)


def test_a_delivery_that_waits_for_its_next_try_is_sent_at_once() -> None:
    client = PackageXClient()
    created(client)
    an_ending(client)
    transport_of(client).answers = [WebhookResponse(status_code=500)]
    deliver_all_due(client)
    log = client.get("/v1/webhooks/whk_1/deliveries").json_body["data"][0]

    response = client.request("POST", f"/v1/webhooks/whk_1/deliveries/{log['id']}")

    attempts = [an_attempt(status_code=500, response="", duration_ms=0), an_attempt(number=2)]
    data = log | {"status": "delivered", "attempts": attempts, "next_try_at": None}
    path = f"/v1/webhooks/whk_1/deliveries/{log['id']}"
    assert response.json_body == enveloped(data, "Delivery tried again.", path)


def test_what_was_dropped_while_the_webhook_was_paused_can_be_sent_again() -> None:
    client = PackageXClient()
    created(client)
    an_ending(client)
    client.post("/v1/webhooks/whk_1", {"status": "paused"})
    deliver_all_due(client)
    dropped = client.get("/v1/webhooks/whk_1/deliveries").json_body["data"][0]
    client.post("/v1/webhooks/whk_1", {"status": "active"})

    again = client.request("POST", f"/v1/webhooks/whk_1/deliveries/{dropped['id']}").json_body["data"]

    assert (dropped["status"], dropped["attempts"], again["status"]) == ("dropped", [], "delivered")
    assert again["event_id"] == dropped["event_id"]


def test_a_delivery_that_is_being_sent_is_not_sent_a_second_time() -> None:
    client = PackageXClient()
    created(client)
    an_ending(client)
    delivery = client.world.stores.deliveries.list_due(Endpoint(OURS, WebhookId("whk_1")), NOW, limit=1).deliveries[0]
    leased = replace(delivery, is_leased=True, next_try_at=client.world.now + 60)
    assert client.world.stores.deliveries.replace(delivery, leased)

    response = client.request("POST", f"/v1/webhooks/whk_1/deliveries/{delivery.delivery_id}")

    assert refusal(response) == (409, "delivery_under_way", [])
    assert transport_of(client).sent == []


def test_a_ping_tells_how_it_went() -> None:
    client = PackageXClient()
    created(client, events=["import.completed"])

    response = client.request("POST", "/v1/webhooks/whk_1/ping")

    data = {
        "object": "webhook_delivery",
        "id": response.json_body["data"]["id"],
        "webhook_id": "whk_1",
        "event_id": "evt_3",
        "event": "webhook.ping",
        "status": "delivered",
        "attempts": [an_attempt()],
        "next_try_at": None,
        "created_at": NOW,
    }
    assert response.json_body == enveloped(data, "Webhook pinged.", "/v1/webhooks/whk_1/ping", 201)
    assert json.loads(transport_of(client).sent[0].body) == {
        "event_id": "evt_3",
        "type": "webhook.ping",
        "tenant_id": OURS,
        "created_at": NOW,
    }


def test_a_paused_webhook_is_not_called_by_hand_either() -> None:
    client = PackageXClient()
    created(client)
    client.post("/v1/webhooks/whk_1", {"status": "paused"})

    assert refusal(client.request("POST", "/v1/webhooks/whk_1/ping")) == (409, "webhook_paused", [])
    assert transport_of(client).sent == []


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({}, "url: Required."),
        ({"url": 5}, "url: Input should be a valid string."),
        ({"url": "http://example.com/"}, "url: Use https."),
        ({"url": "https://169.254.169.254/"}, "url: Only a public address, written in the usual way, may be called."),
        ({"url": "https://localhost/"}, "url: Only a public host name may be called."),
        ({"url": URL, "events": ["import.begun"]}, "events: There is no event 'import.begun'."),
        ({"url": URL, "events": "all"}, "events: Input should be a valid list."),
        ({"url": URL, "name": "ab"}, "name: A name has 3 to 127 characters."),
        ({"url": URL, "secret": "mine"}, "secret: Unknown parameter."),
        (
            {"url": URL, "auth_header": {"name": "Host", "value": "x"}},
            "auth_header.name: This is no header of yours to set.",
        ),
        (
            {"url": URL, "auth_header": {"name": "a b", "value": "x"}},
            "auth_header.name: This is no header of yours to set.",
        ),
        (
            {"url": URL, "auth_header": {"name": "X-Sluice-Event-Id", "value": "x"}},
            "auth_header.name: This is no header of yours to set.",
        ),
        (
            {"url": URL, "auth_header": {"name": "X-A", "value": "1\r\nX-B: 2"}},
            "auth_header.value: A header has 1 to 1,000 plain characters.",
        ),
    ],
)
def test_a_bad_webhook_is_refused(body: JSON, error: str) -> None:
    client = PackageXClient()

    assert refusal(client.post("/v1/webhooks", body)) == (400, "validation_failed", [error])
    assert client.get("/v1/webhooks").json_body["data"] == []


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({}, "url: Give what is to change."),
        ({"url": None}, "url: Must not be null."),
        ({"url": "https://10.0.0.1/"}, "url: Only a public address, written in the usual way, may be called."),
        ({"events": ["nothing"]}, "events: There is no event 'nothing'."),
        ({"status": "failing"}, "status: Input should be 'active' or 'paused'."),
        ({"name": "ab"}, "name: A name has 3 to 127 characters."),
        ({"auth_header": {"name": "TE", "value": "x"}}, "auth_header.name: This is no header of yours to set."),
    ],
)
def test_a_bad_change_is_refused_and_changes_nothing(body: JSON, error: str) -> None:
    client = PackageXClient()
    created(client)

    assert refusal(client.post("/v1/webhooks/whk_1", body)) == (400, "validation_failed", [error])
    assert client.get("/v1/webhooks/whk_1").json_body["data"] == a_webhook()


def test_there_are_only_so_many_webhooks() -> None:
    client = PackageXClient(World(Limits(webhooks=2)))
    created(client)
    created(client)

    assert refusal(client.post("/v1/webhooks", {"url": URL})) == (409, "too_many_webhooks", [])


@pytest.mark.parametrize("cursor", ["no such", "DLV", "a" * 65])
def test_an_unknown_cursor_is_refused(cursor: str) -> None:
    client = PackageXClient()
    created(client)

    response = client.get(f"/v1/webhooks/whk_1/deliveries?cursor={cursor.replace(' ', '%20')}")

    assert refusal(response)[:2] == (400, "validation_failed")


PLACES = [
    ("GET", "/v1/webhooks/whk_1"),
    ("POST", "/v1/webhooks/whk_1"),
    ("DELETE", "/v1/webhooks/whk_1"),
    ("POST", "/v1/webhooks/whk_1/ping"),
    ("GET", "/v1/webhooks/whk_1/deliveries"),
    ("POST", "/v1/webhooks/whk_1/deliveries/dlv_1"),
]


@pytest.mark.parametrize("name", ["whk_1", "whk_404", "WHK", "whk%2F1"])
@pytest.mark.parametrize(("method", "path"), PLACES)
def test_a_foreign_or_unknown_webhook_is_not_found(method: str, path: str, name: str) -> None:
    theirs = PackageXClient()
    created(theirs)
    before = theirs.get("/v1/webhooks/whk_1").json_body
    theirs.key = theirs.world.key("px_other", tenant_id=THEIRS)

    response = theirs.request(method, path.replace("whk_1", name), body=b'{"name": "mine now"}')

    assert refusal(response) == (404, "webhook_not_found", [])
    theirs.key = "px_secret"
    assert theirs.get("/v1/webhooks/whk_1").json_body == before


@pytest.mark.parametrize("delivery_id", ["dlv_404", "DLV", "dlv%2F1"])
def test_an_unknown_delivery_is_not_found(delivery_id: str) -> None:
    client = PackageXClient()
    created(client)

    response = client.request("POST", f"/v1/webhooks/whk_1/deliveries/{delivery_id}")

    assert refusal(response) == (404, "delivery_not_found", [])


@pytest.mark.parametrize(("method", "path"), [("POST", "/v1/webhooks"), *PLACES])
def test_reading_and_writing_are_rights_of_their_own(method: str, path: str) -> None:
    client = PackageXClient()
    created(client)
    other = Scope.WEBHOOKS_WRITE if method == "GET" else Scope.WEBHOOKS_READ
    client.key = client.world.key("px_half", scopes=frozenset({other}))

    assert refusal(client.request(method, path, body=b"{}"))[:2] == (403, "forbidden")
