"""Every request that goes to AWS while the API answers: botocore's are heard by an event, DynamoDB's at its server.

What is sent again counts again; a link that is signed is no request.
"""

from collections import Counter
from typing import Any

import botocore.handlers

from tests.contract.policies.recorder import Recorder, Request


class HttpCalls(Recorder):
    """Counts the requests that functions make, by operation."""

    def __init__(self) -> None:
        super().__init__()
        self._made: Counter[str] = Counter()

    def listen_to_boto(self) -> None:
        """To every client made from now on in this process."""
        super().listen_to_boto()
        botocore.handlers.BUILTIN_HANDLERS.append(("request-created", self._on_boto_request))

    def on_dynamodb_call(self, operation: str, request: Request) -> None:
        """Counts a request of the service's own client."""
        if self.function:
            self._made[operation] += 1

    def take_counts(self) -> dict[str, int]:
        """Returns the requests since the last time, and forgets them."""
        made, self._made = self._made, Counter()
        return dict(made)

    def _on_boto_request(self, event_name: str, operation_name: str, **_: Any) -> None:
        """What botocore asks of DynamoDB, the server behind the stack does."""
        if self.function and ".dynamodb." not in event_name:
            self._made[operation_name] += 1
