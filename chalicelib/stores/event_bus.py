"""The event bus in EventBridge, as `stores.interfaces.Events` promises.

Whatever the bus answers, the event still has to be published, so every refusal is retryable. A module of its own, as
each AWS service has one.
"""

import orjson
from botocore.exceptions import ClientError

from chalicelib.errors import Retryable
from chalicelib.model.events import SOURCE, LifecycleEvent
from chalicelib.stores.clients import CONFIG, Session, code_of, lazy_client, retryable_errors


class EventBus:
    """Keeps the promises of `stores.interfaces.Events`."""

    def __init__(self, session: Session, bus: str, stack: str) -> None:
        """`stack` is who publishes: the rules of a stack listen to its own events alone, on whatever bus."""
        self._client = lazy_client(lambda: session.client("events", config=CONFIG))
        self._bus = bus
        self._stack = stack

    def publish(self, completion: LifecycleEvent) -> None:
        """Does what `Events.publish` promises."""
        detail = orjson.dumps({**completion.to_body(), "stack": self._stack}).decode()
        try:
            with retryable_errors("announcing on the event bus"):
                answer = self._client().put_events(
                    Entries=[
                        {
                            "Source": SOURCE,
                            "DetailType": completion.detail_type,
                            "Detail": detail,
                            "EventBusName": self._bus,
                        }
                    ]
                )
        except ClientError as error:
            raise Retryable(f"the event bus {self._bus} refused an event: {code_of(error)}") from error
        if answer["FailedEntryCount"]:
            raise Retryable(f"the event bus {self._bus} took no event: {answer['Entries'][0].get('ErrorCode')}")
