"""The body of an answer of S3 to a GET, as a stream of the bytes that were asked for."""

import io
from typing import Any

from botocore.response import StreamingBody

from chalicelib.stores.clients import retryable_errors

READ_BYTES = 256 << 10


class Body(io.RawIOBase):
    """An answer's body as a stream that a buffered reader can read.

    A server may ignore the range it was asked for and send the whole (RFC 9110, section 14.2); then the range is taken
    out of that here.
    """

    def __init__(self, body: StreamingBody, key: str, *, skipped: int = 0, end: int | None = None) -> None:
        self._body = body
        self._key = key
        self._skipped = skipped
        self._left = None if end is None else end - skipped

    def readable(self) -> bool:
        """Returns True."""
        return True

    def release(self) -> None:
        """Gives the connection back to its pool, or closes it."""
        self._body.close()

    def readinto(self, buffer: Any) -> int:
        """Fills the buffer as far as there are bytes, and returns how many. Raises Retryable where the answer breaks
        off."""
        while self._skipped:
            dropped = len(self._read(min(self._skipped, READ_BYTES)))
            self._skipped = self._skipped - dropped if dropped else 0
        chunk = self._read(len(buffer) if self._left is None else min(len(buffer), self._left))
        self._left = None if self._left is None else self._left - len(chunk)
        buffer[: len(chunk)] = chunk
        return len(chunk)

    def _read(self, size: int) -> bytes:
        with retryable_errors(f"reading {self._key}"):
            return self._body.read(size) if size else b""
