"""What is told of an ending, and that it has one id."""

from dataclasses import replace

from chalicelib.model.events import EVENT_TYPES, event_of_import
from chalicelib.model.imports import Stats, Status
from chalicelib.model.webhooks import WebhookId, delivery_id_of
from tests.world import NOW, OURS, an_import

ENDED = event_of_import(an_import(Status.TIMED_OUT, stats=Stats(total=2, created=1, unprocessed=1), reason="late"))


def test_the_body_says_what_ended_and_how() -> None:
    assert ENDED.to_body() == {
        "event_id": ENDED.event_id,
        "type": "import.timed_out",
        "object": "import",
        "id": "imp_given",
        "tenant_id": OURS,
        "resource": "contacts",
        "name": None,
        "attempt": 1,
        "status": "timed_out",
        "reason": "late",
        "stats": {
            "total": 2,
            "created": 1,
            "updated": 0,
            "unchanged": 0,
            "deleted": 0,
            "skipped": 0,
            "failed": 0,
            "unprocessed": 1,
            "overwritten": 0,
            "warnings": 0,
        },
        "created_at": NOW,
        "started_at": None,
        "ended_at": NOW,
    }
    assert ENDED.detail_type == "Import timed out"
    assert ENDED.event_type in EVENT_TYPES


def test_an_import_that_is_held_is_told_as_such_also_once_it_was_let_go() -> None:
    held = an_import(Status.REQUESTED, held_until=NOW + 900, unpublished_since=NOW + 5, name="Spring")

    event, later = event_of_import(held), event_of_import(replace(held, status=Status.QUEUED))

    assert event == later
    assert event.event_id != event_of_import(replace(held, status=Status.EXPIRED)).event_id
    assert (event.event_type, event.detail_type) == ("import.held", "Import held")
    assert event.event_type in EVENT_TYPES
    body = event.to_body()
    assert (body["status"], body["ended_at"], body["stats"]["total"]) == ("requested", None, 0)


def test_the_same_ending_has_the_same_id_whenever_it_is_published() -> None:
    assert replace(ENDED, at=NOW + 5, reason=None).event_id == ENDED.event_id


def test_other_endings_have_other_ids() -> None:
    others = [replace(ENDED, attempt=2), replace(ENDED, status="failed"), replace(ENDED, job_id="imp_2")]

    assert len({one.event_id for one in [ENDED, *others]}) == 4


def test_ids_of_deliveries_are_in_the_order_of_time() -> None:
    webhook = WebhookId("whk_1")

    assert delivery_id_of(webhook, "evt_z", 9) < delivery_id_of(webhook, "evt_a", 10)
