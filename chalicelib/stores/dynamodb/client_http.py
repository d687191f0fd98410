"""One signed POST to DynamoDB over a connection that is kept open.

Comes in: an operation and its JSON. Goes out: status and content, whatever they say. Credentials, region and endpoint
are botocore's, so that roles, profiles and AWS_ENDPOINT_URL mean what they mean everywhere.
"""

import ssl
from collections import deque
from dataclasses import dataclass
from functools import cache
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Protocol
from urllib.parse import urlsplit

from botocore.httpsession import get_cert_path
from urllib3.util import wait_for_read

from chalicelib.errors import Fatal
from chalicelib.stores.clients import ANSWER_S, CONFIG, CONNECT_S, Session
from chalicelib.stores.dynamodb.signing import RequestSigner
from chalicelib.stores.invocation import Invocation


@dataclass(frozen=True, slots=True)
class HttpResponse:
    """What came back, refusals included."""

    status: int
    content: bytes


class NoResponse(Exception):
    """Raised where the connection failed; whether the request was performed is unknown."""


class Transport(Protocol):
    """The network as `DynamoDBClient` needs it. It may be shared between threads."""

    def send(self, operation: str, content: bytes) -> HttpResponse:
        """Sends one operation and returns the response. Raises NoResponse."""


class HttpTransport:
    """A `Transport` over the standard library's connections, which take half the time of a pool of urllib3's."""

    def __init__(self, session: Session, url: str = "", invocation: Invocation | None = None) -> None:
        """`url` where DynamoDB answers; botocore finds out where it is not given, which costs it 50 ms. `invocation` is
        the call that the process serves: no answer is waited for beyond it."""
        self._invocation = invocation or Invocation()
        self.url = (url or session.client("dynamodb", config=CONFIG).meta.endpoint_url).rstrip("/") + "/"
        credentials = session.get_credentials()
        self._signer = RequestSigner(credentials, session.region_name, self.url) if credentials else None
        self._idle = deque[HTTPConnection]()
        """Connections that nobody uses, the last used at the right."""

    def send(self, operation: str, content: bytes) -> HttpResponse:
        """Does what `Transport.send` promises. Raises Fatal without credentials."""
        if self._signer is None:
            raise Fatal("There are no AWS credentials to sign requests with.")
        headers, connection = self._signer.sign(operation, content), self._take_connection()
        try:
            response = self._post(connection, headers, content)
        except (OSError, HTTPException) as error:
            connection.close()
            raise NoResponse(f"{operation}: {type(error).__name__}") from error
        except BaseException:
            connection.close()
            raise
        self._idle.append(connection)
        return response

    def _post(self, connection: HTTPConnection, headers: dict[str, str], content: bytes) -> HttpResponse:
        patience_s = self._invocation.patience_s(ANSWER_S)
        if connection.sock is None:
            connection.timeout = min(CONNECT_S, patience_s)
            connection.connect()
        connection.sock.settimeout(patience_s)
        connection.request("POST", "/", content, headers)
        response = connection.getresponse()
        return HttpResponse(response.status, response.read())

    def _take_connection(self) -> HTTPConnection:
        """Returns a connection for this thread alone. One that its server has closed meanwhile is opened again."""
        try:
            connection = self._idle.pop()
        except IndexError:
            return self._new_connection()
        if connection.sock is not None and wait_for_read(connection.sock, timeout=0.0):
            connection.close()
        return connection

    def _new_connection(self) -> HTTPConnection:
        parts = urlsplit(self.url)
        host = parts.hostname or ""
        if parts.scheme == "https":
            return HTTPSConnection(host, parts.port, context=_trust())
        return HTTPConnection(host, parts.port)


@cache
def _trust() -> ssl.SSLContext:
    """Made at the first connection: reading the certificates takes milliseconds."""
    return ssl.create_default_context(cafile=get_cert_path(True))
