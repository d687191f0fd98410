"""A client of S3 that answers everything and remembers what it was asked."""

from collections.abc import Callable
from typing import Any


class RecordingClient:
    """Remembers the requests that it was sent."""

    def __init__(self, failing: str = "") -> None:
        self.requests: list[tuple[str, dict[str, Any]]] = []
        self._failing = failing

    def __getattr__(self, operation: str) -> Callable[..., dict[str, Any]]:
        def request(**parameters: Any) -> dict[str, Any]:
            self.requests.append((operation, parameters))
            if operation == self._failing:
                raise InterruptedError
            return {"UploadId": "upload", "ETag": "tag", "CopyPartResult": {"ETag": "tag"}}

        return request

    @property
    def operations(self) -> list[str]:
        return [operation for operation, _ in self.requests]
