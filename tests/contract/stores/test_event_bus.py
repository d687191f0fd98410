"""What `Events` promises on EventBridge: a lifecycle event arrives with its body, or the caller is asked to retry."""

import json
from typing import Any

import pytest

from chalicelib.errors import Retryable
from chalicelib.model.events import JobKind, LifecycleEvent
from chalicelib.model.ids import TenantId
from chalicelib.stores.event_bus import EventBus
from tests.contract.stores.conftest import Aws


def a_lifecycle_event(tenant: TenantId) -> LifecycleEvent:
    return LifecycleEvent(
        kind=JobKind.EXPORT,
        job_id="exp_1",
        tenant_id=tenant,
        attempt=1,
        status="timed_out",
        at=9,
        resource="contacts",
        stats={"total": 3},
    )


def test_the_bus_hears_the_body_under_its_type(on_moto: Aws, tenant: TenantId) -> None:
    sqs, events = on_moto.session.client("sqs"), on_moto.session.client("events")
    url = sqs.create_queue(QueueName=f"bus-{tenant}")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    events.put_rule(Name=f"rule-{tenant}", EventPattern=json.dumps({"detail": {"tenant_id": [tenant]}}))
    events.put_targets(Rule=f"rule-{tenant}", Targets=[{"Id": "queue", "Arn": arn}])

    EventBus(on_moto.session, "default", "sluice").publish(a_lifecycle_event(tenant))

    heard = json.loads(sqs.receive_message(QueueUrl=url)["Messages"][0]["Body"])
    assert (heard["source"], heard["detail-type"]) == ("sluice", "Export timed out")
    assert heard["detail"] == {**a_lifecycle_event(tenant).to_body(), "stack": "sluice"}


def test_a_bus_that_is_not_there_is_to_be_tried_again(tenant: TenantId) -> None:
    """moto takes events for any bus, so it is a bus of ours that refuses."""

    class Refusing:
        def client(self, *_: object, **__: object) -> "Refusing":
            return self

        def put_events(self, **_: object) -> dict[str, Any]:
            return {"FailedEntryCount": 1, "Entries": [{"ErrorCode": "NotAuthorizedForSourceException"}]}

    with pytest.raises(Retryable):
        EventBus(Refusing(), "none", "sluice").publish(a_lifecycle_event(tenant))  # type: ignore[arg-type]  # a session as far as it matters
