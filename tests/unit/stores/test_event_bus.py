"""What EventBridge is sent, and that every refusal is retryable."""

import json
from typing import Any, cast

import pytest
from botocore.exceptions import ClientError

from chalicelib.errors import Retryable
from chalicelib.model.events import JobKind, LifecycleEvent
from chalicelib.stores.clients import Session
from chalicelib.stores.event_bus import EventBus
from tests.world import NOW, OURS


class Client:
    def __init__(self, answer: dict[str, Any] | ClientError) -> None:
        self._answer = answer
        self.entries: list[dict[str, Any]] = []

    def put_events(self, Entries: list[dict[str, Any]]) -> dict[str, Any]:  # noqa: N803 -- boto3 names it
        self.entries += Entries
        if isinstance(self._answer, ClientError):
            raise self._answer
        return self._answer


class OneClient:
    def __init__(self, client: Client) -> None:
        self._client = client

    def client(self, *_args: object, **_options: object) -> Client:
        return self._client


def bus(client: Client) -> EventBus:
    return EventBus(cast(Session, OneClient(client)), "ours", "sluice-two")


EVENT = LifecycleEvent(
    kind=JobKind.IMPORT,
    job_id="imp_1",
    tenant_id=OURS,
    attempt=1,
    status="completed",
    at=NOW,
    resource="contacts",
)


def test_an_event_is_put_on_the_named_bus() -> None:
    client = Client({"FailedEntryCount": 0})

    bus(client).publish(EVENT)

    assert [(one["EventBusName"], one["DetailType"]) for one in client.entries] == [("ours", "Import completed")]
    assert json.loads(client.entries[0]["Detail"]) == {**EVENT.to_body(), "stack": "sluice-two"}


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param({"FailedEntryCount": 1, "Entries": [{"ErrorCode": "InternalFailure"}]}, id="entry failed"),
        pytest.param(ClientError({"Error": {"Code": "AccessDeniedException"}}, "PutEvents"), id="refused"),
    ],
)
def test_whatever_the_bus_answers_is_retryable(answer: Any) -> None:
    with pytest.raises(Retryable):
        bus(Client(answer)).publish(EVENT)
