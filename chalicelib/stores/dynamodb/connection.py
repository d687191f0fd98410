"""A connection to DynamoDB that is kept open, and the responses that come over it.

Comes in: the bytes of a request. Goes out: status and content of its response. A plain response, which is what DynamoDB
sends, is cut out of the bytes that have arrived; http.client, which makes a message of the headers, takes three times
as long for the whole exchange. Whatever is not plain is read by http.client from its first byte on, and then the
connection is closed.
"""

import re
import ssl
from collections.abc import Callable
from functools import cache
from http.client import HTTPConnection, HTTPResponse, HTTPSConnection, IncompleteRead
from io import BufferedReader, RawIOBase
from socket import socket
from typing import Any
from urllib.parse import urlsplit

from botocore.httpsession import get_cert_path
from urllib3.util import wait_for_read

RECEIVED_BYTES = 1 << 16
"""How much is received at once at most."""
HEAD_BYTES = 1 << 13
"""How long the head of a plain response may be; DynamoDB's has some 300 bytes."""

_HEAD_END = re.compile(rb"\n\r?\n")
_STATUS = re.compile(rb"HTTP/1\.1 (200|4\d\d|5\d\d)[ \r]")
_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*([0-9]{1,9})[ \t]*\r", re.IGNORECASE)
_UNPLAIN = re.compile(
    rb"\r\n(?:[ \t]|(?:transfer-encoding|content-encoding)[ \t]*:|connection[ \t]*:(?! ?keep-alive\r))", re.IGNORECASE
)
"""The second line of a header; or one that says how the content is to be read, or that the connection ends."""

Trust = Callable[[], ssl.SSLContext]
"""Returns whose certificates are believed."""


@cache
def trust_of_botocore() -> ssl.SSLContext:
    """Returns the trust in the authorities that botocore trusts; made once, as reading them takes milliseconds."""
    return ssl.create_default_context(cafile=get_cert_path(True))


class Connection:
    """One connection to the host of a URL, opened when that is asked for. It must not be shared between threads."""

    def __init__(self, url: str, trust: Trust) -> None:
        parts = urlsplit(url)
        host = parts.hostname or ""
        is_https = parts.scheme == "https"
        self._opener = (
            HTTPSConnection(host, parts.port, context=trust()) if is_https else HTTPConnection(host, parts.port)
        )
        self._socket: socket | None = None

    def open(self, patience_s: float) -> None:
        """Opens the connection unless it is open. One that its server has closed meanwhile is opened again."""
        if self._socket is not None and wait_for_read(self._socket, timeout=0.0):
            self.close()
        if self._socket is None:
            self._opener.timeout = patience_s
            self._opener.connect()
            self._socket = self._opener.sock

    def close(self) -> None:
        """Closes the connection; it may be opened again."""
        self._opener.close()
        self._socket = None

    def exchange(self, request: bytes, patience_s: float) -> tuple[int, bytes]:
        """Sends a request over the open connection, and returns status and content of its response. Raises OSError and
        HTTPException; the connection is of no use then.
        """
        connected = self._socket
        assert connected is not None, "the connection is not open"
        connected.settimeout(patience_s)
        connected.sendall(request)
        received = _receive_head(connected)
        plain = _find_plain(received)
        if plain is None:
            return self._read_carefully(connected, received)
        status, begin, size_bytes = plain
        content = _receive_content(connected, received, begin, size_bytes)
        if content is None:
            return self._read_carefully(connected, received)
        return status, content

    def _read_carefully(self, connected: socket, received: bytes) -> tuple[int, bytes]:
        """As http.client reads it. What it has read beyond the response would be taken for the next one."""
        try:
            stream: Any = _Replayed(received, connected)
            response = HTTPResponse(stream, method="POST")
            response.begin()
            return response.status, response.read()
        finally:
            self.close()


class _Replayed(RawIOBase):
    """The bytes that have been received, then those that the connection brings, as http.client reads from a socket."""

    def __init__(self, received: bytes, connected: socket) -> None:
        self._received = received
        self._connected = connected

    def makefile(self, _: str) -> BufferedReader:
        """Returns a stream of all bytes, the received ones first."""
        return BufferedReader(self)

    def readable(self) -> bool:
        """Returns that it can be read."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Reads what was received, then from the connection."""
        if not self._received:
            return self._connected.recv_into(buffer)
        part, self._received = self._received[: len(buffer)], self._received[len(buffer) :]
        buffer[: len(part)] = part
        return len(part)


def _receive_head(connected: socket) -> bytes:
    """Returns what has arrived once the head of a response is whole, or too long, or the connection has ended."""
    received = connected.recv(RECEIVED_BYTES)
    while len(received) < HEAD_BYTES and not _HEAD_END.search(received):
        more = connected.recv(RECEIVED_BYTES)
        if not more:
            break
        received += more
    return received


def _find_plain(received: bytes) -> tuple[int, int, int] | None:
    """Returns the status, where the content begins and how many bytes it has; None where that takes a closer look."""
    end = received.find(b"\r\n\r\n")
    if not 0 < end < HEAD_BYTES:
        return None
    head = received[: end + 2]
    status, lengths = _STATUS.match(head), _LENGTH.findall(head)
    is_plain = head.count(b"\n") == head.count(b"\r\n") and head.lower().count(b"content-length") == 1
    if status is None or len(lengths) != 1 or not is_plain or _UNPLAIN.search(head):
        return None
    return int(status[1]), end + 4, int(lengths[0])


def _receive_content(connected: socket, received: bytes, begin: int, size_bytes: int) -> bytes | None:
    """Returns the content; None where more has arrived than that. Raises IncompleteRead."""
    parts, missing = [received[begin:]], begin + size_bytes - len(received)
    while missing > 0:
        part = connected.recv(min(missing, RECEIVED_BYTES))
        if not part:
            raise IncompleteRead(b"".join(parts), missing)
        parts.append(part)
        missing -= len(part)
    return None if missing < 0 else b"".join(parts)
