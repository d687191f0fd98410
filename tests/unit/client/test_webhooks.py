import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import sluice
from chalicelib.webhooks.signature import signature_of
from sluice import Forged, Unreachable
from sluice.webhooks import verify
from tests.service_in_memory import ServiceInMemory, unanswered

SECRET = "whsec_1"
NOW = 1_700_000_000
EVENT = {"event_id": "evt_1", "type": "import.completed", "id": "imp_1", "stats": {"total": 2}, "ended_at": NOW}
BODY = json.dumps(EVENT).encode()


def signed(body: bytes = BODY, *, secret: str = SECRET, at: int = NOW) -> dict[str, str]:
    return {"X-Signature": signature_of([secret], body, at=at)}


def test_what_the_service_has_signed_is_an_event() -> None:
    event = verify(BODY, signed(), secret=SECRET, now=NOW + 3)

    assert (event.event_id, event.type, event.stats["total"]) == ("evt_1", "import.completed", 2)
    assert event.ended_at is not None
    assert event.ended_at.timestamp() == NOW


def test_it_is_found_in_the_module_and_at_a_client() -> None:
    client = ServiceInMemory().client()

    assert sluice.webhooks.verify(BODY, signed(), secret=SECRET, now=NOW) == client.webhooks.verify(
        BODY, {"x-signature": signed()["X-Signature"]}, secret=SECRET, now=NOW
    )


@pytest.mark.parametrize(
    ("headers", "now"),
    [
        (signed(secret="whsec_2"), NOW),
        (signed(b"{}"), NOW),
        (signed(), NOW + 301),
        (signed(), NOW - 301),
        ({}, NOW),
        ({"X-Signature": "t=,v1="}, NOW),
        ({"X-Signature": "v1=é,t=x"}, NOW),
    ],
    ids=["another secret", "another body", "too old", "too new", "no signature", "an empty one", "no signature at all"],
)
def test_anything_else_is_forged(headers: dict[str, str], now: int) -> None:
    with pytest.raises(Forged):
        verify(BODY, headers, secret=SECRET, now=now)


def test_while_a_secret_is_rotated_both_are_good() -> None:
    headers = {"X-Signature": signature_of(["whsec_new", SECRET], BODY, at=NOW)}

    assert verify(BODY, headers, secret=SECRET, now=NOW) == verify(BODY, headers, secret="whsec_new", now=NOW)


@given(st.text())
def test_no_header_breaks_it(header: str) -> None:
    with pytest.raises(Forged):
        verify(BODY, {"X-Signature": header}, secret=SECRET, now=NOW)


def test_a_webhook_is_created_changed_and_deleted() -> None:
    webhooks = ServiceInMemory().client().webhooks

    made = webhooks.create("https://hooks.example.com/a", events=["import.completed"], name="Hooks")
    changed = webhooks.change(made.id, status="paused", rotate_secret=True)
    listed = webhooks.list()
    deliveries = list(webhooks.deliveries(made.id))
    webhooks.delete(made.id)

    assert made.secret
    assert changed.secret not in (None, made.secret)
    assert [(one.id, one.status, one.secret) for one in listed] == [(made.id, "paused", None)]
    assert (deliveries, webhooks.list()) == ([], ())


def test_a_webhook_whose_answer_was_lost_is_not_made_twice() -> None:
    service = ServiceInMemory()
    client = service.client(unanswered(service))

    with pytest.raises(Unreachable):
        client.webhooks.create("https://hooks.example.com/a")

    assert len(client.webhooks.list()) == 1


def test_a_secret_is_not_printed() -> None:
    made: Any = ServiceInMemory().client().webhooks.create("https://hooks.example.com/a")

    assert made.secret not in repr(made)
