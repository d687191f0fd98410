"""The event bus in EventBridge; the promises are those of `stores.interfaces.Events`.

Whatever the bus says, the event is still owed, so every refusal is to be tried again.
"""

import orjson
from botocore.exceptions import ClientError

from chalicelib.errors import Retryable
from chalicelib.model.events import SOURCE, LifecycleEvent
from chalicelib.stores.clients import CONFIG, Session, code_of, lazy_client, retryable_errors


class EventBus:
    """Keeps `stores.interfaces.Events`."""

    def __init__(self, session: Session, bus: str) -> None:
        self._client = lazy_client(lambda: session.client("events", config=CONFIG))
        self._bus = bus

    def publish(self, completion: LifecycleEvent) -> None:
        detail = orjson.dumps(completion.to_body()).decode()
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
