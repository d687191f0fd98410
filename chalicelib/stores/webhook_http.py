"""One POST to the server of a stranger, which may be hostile: slow, endless, or not who it says it is.

The host is resolved once, every address it has must be allowed, and the connection goes to one of those very addresses,
so that no second look-up can lead elsewhere; name and certificate are those of the host. No redirect is followed,
little of the answer is read. One deadline holds for all of it, the look-up of the name included: when it is over the
connection is cut, however busy it looks.
"""

import io
import socket
import ssl
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from functools import cache
from http.client import HTTPConnection, HTTPException, HTTPResponse, RemoteDisconnected
from threading import Timer
from typing import Any, NamedTuple, cast

from chalicelib.model.webhooks import Target
from chalicelib.stores.interfaces import WebhookResponse
from chalicelib.stores.name_lookups import NameLookups, ResolveHost, resolve_host
from chalicelib.webhooks.url_policy import may_call

ANSWER_BYTES = 1_024
"""So much of an answer's body is read and kept."""
RECEIVED_BYTES = 64 * 1_024
"""So much is received of an answer, its head included: `http.client` alone would take headers of six megabytes."""

REASON_CHARACTERS = 200
"""So long may be said why there was no answer."""


class ConnectionTarget(NamedTuple):
    """Where a connection really goes, and until when it may last."""

    addresses: tuple[str, ...]
    """All allowed; the first that takes the connection has it."""
    ends_at: float
    context: ssl.SSLContext | None
    """None for plain HTTP."""

    @property
    def left_s(self) -> float:
        """Returns the seconds that are left, a thousandth at least."""
        return max(0.001, self.ends_at - time.monotonic())


@cache
def default_ssl_context() -> ssl.SSLContext:
    """Returns a context that trusts the authorities this machine trusts."""
    return ssl.create_default_context()


class HttpWebhookTransport:
    """Keeps the promises of `stores.interfaces.WebhookTransport`."""

    def __init__(
        self,
        *,
        allows_local: bool = False,
        resolve: ResolveHost = resolve_host,
        make_context: Callable[[], ssl.SSLContext] = default_ssl_context,
    ) -> None:
        self._allows_local = allows_local
        self._lookups = NameLookups(resolve)
        self._make_context = make_context

    def post(self, target: Target, headers: Mapping[str, str], body: bytes, *, within_s: float) -> WebhookResponse:
        """Does what `WebhookTransport.post` promises."""
        began = time.monotonic()
        try:
            posted = self._post(target, headers, body, began + within_s)
        except (OSError, HTTPException, UnicodeError) as error:
            is_late = time.monotonic() >= began + within_s
            posted = WebhookResponse(error=f"no answer within {within_s:g} s" if is_late else _why_unanswered(error))
        return posted._replace(duration_ms=round((time.monotonic() - began) * 1000))

    def _post(self, target: Target, headers: Mapping[str, str], body: bytes, ends_at: float) -> WebhookResponse:
        left_s = max(0.0, ends_at - time.monotonic())
        addresses = self._lookups.find_addresses(target.host, target.port, within_s=left_s)
        if not addresses or not all(may_call(one, allows_local=self._allows_local) for one in addresses):
            return WebhookResponse(error="the host has an address that must not be called")
        there = ConnectionTarget(tuple(addresses), ends_at, self._make_context() if target.scheme == "https" else None)
        with closing(_Pinned(target, there)) as connection, connection.cut_in_time():
            connection.connect()
            connection.request("POST", target.path, body, dict(headers))
            answer = connection.getresponse()
            said = answer.read(ANSWER_BYTES).decode("utf-8", "replace")
            if (
                connection.is_cut
            ):  # http.client takes the end of a connection that was cut within the headers for their end
                raise TimeoutError
            return WebhookResponse(status_code=answer.status, response=said)


class _AnswerTooLong(HTTPException):
    """Raised where an answer does not come to its body within what is received of it."""


class _ReceivedBytes(io.RawIOBase):
    """What a receiver sends, up to `RECEIVED_BYTES`. Raises _AnswerTooLong beyond them."""

    def __init__(self, received: io.RawIOBase) -> None:
        self._received = received
        self._left = RECEIVED_BYTES

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        if self._left <= 0:
            raise _AnswerTooLong
        size = self._received.readinto(memoryview(buffer)[: self._left])
        self._left -= size or 0
        return size

    def close(self) -> None:
        self._received.close()
        super().close()


class _ShortResponse(HTTPResponse):
    """An answer of which no more than `RECEIVED_BYTES` are received."""

    def __init__(self, sock: socket.socket, debuglevel: int = 0, method: str | None = None, url: str | None = None):
        super().__init__(sock, debuglevel, method, url)
        self.fp.close()
        received = cast(io.RawIOBase, sock.makefile("rb", buffering=0))
        self.fp = io.BufferedReader(_ReceivedBytes(received))


class _Pinned(HTTPConnection):
    """A connection to the address that was checked, with the name of the host in TLS and HTTP."""

    response_class = _ShortResponse

    def __init__(self, target: Target, there: ConnectionTarget) -> None:
        super().__init__(target.host, target.port, timeout=there.left_s)
        self.default_port = 443 if there.context else 80
        self._there = there
        self._handle: socket.socket | None = None
        self.is_cut = False

    def connect(self) -> None:
        plain = self._reached()
        self._handle = plain.dup()
        if self.is_cut:  # while there was nothing to cut yet
            plain.close()
            raise TimeoutError
        self.sock = self._there.context.wrap_socket(plain, server_hostname=self.host) if self._there.context else plain

    def _reached(self) -> socket.socket:
        *others, last = self._there.addresses
        for address in others:
            with suppress(OSError):
                return socket.create_connection((address, self.port), self._there.left_s)
        return socket.create_connection((last, self.port), self._there.left_s)

    @contextmanager
    def cut_in_time(self) -> Iterator[None]:
        """A server that sends a byte now and then never runs into the time-out of a socket."""
        timer = Timer(self._there.left_s, self._cut)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()
            if self._handle is not None:
                self._handle.close()

    def _cut(self) -> None:
        self.is_cut = True
        if self._handle is not None:
            with suppress(OSError):
                self._handle.shutdown(socket.SHUT_RDWR)


_REASONS: tuple[tuple[type[Exception], str], ...] = (
    (socket.gaierror, "the name of the host is not known"),
    (ConnectionRefusedError, "the connection was refused"),
    (_AnswerTooLong, "the head of the answer is too long"),
    (RemoteDisconnected, "the connection was closed before there was an answer"),
    (ConnectionError, "the connection was broken off"),
    (UnicodeError, "the host is no name that can be looked up"),
)
"""Those before others which they are kinds of."""


def _why_unanswered(error: Exception) -> str:
    """Returns why there was no answer, in words for those who own the server."""
    known = next((reason for kind, reason in _REASONS if isinstance(error, kind)), None)
    return (known or _reason_of(error))[:REASON_CHARACTERS]


def _reason_of(error: Exception) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"the certificate of the host is not trusted: {error.verify_message}"
    if isinstance(error, ssl.SSLError):
        return f"no TLS connection could be made: {error.reason or error}"
    if isinstance(error, HTTPException):
        return f"the answer is not HTTP: {error!r}"
    return f"the host cannot be reached: {error.strerror if isinstance(error, OSError) and error.strerror else error}"
