"""One signed POST to DynamoDB over a connection that is kept open.

Comes in: an operation and its JSON. Goes out: status and content, whatever they say. Credentials, region and endpoint
are botocore's, so that roles, profiles and AWS_ENDPOINT_URL mean what they mean everywhere.
"""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPException
from typing import Protocol

from chalicelib.errors import Fatal
from chalicelib.stores.clients import ANSWER_S, CONFIG, CONNECT_S, Session
from chalicelib.stores.dynamodb.connection import Connection, Trust, trust_of_botocore
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
    """A `Transport` over connections that are kept open (`connection.py`), one for each thread that sends."""

    def __init__(
        self,
        session: Session,
        url: str = "",
        invocation: Invocation | None = None,
        *,
        trust: Trust = trust_of_botocore,
    ) -> None:
        """`url` where DynamoDB answers; botocore finds out where it is not given, which costs it 50 ms. `invocation` is
        the call that the process serves: no answer is waited for beyond it."""
        self._trust = trust
        self._invocation = invocation or Invocation()
        self.url = (url or session.client("dynamodb", config=CONFIG).meta.endpoint_url).rstrip("/") + "/"
        credentials = session.get_credentials()
        self._signer = RequestSigner(credentials, session.region_name, self.url) if credentials else None
        self._idle = deque[Connection]()
        """Connections that nobody uses, the last used at the right."""

    def send(self, operation: str, content: bytes) -> HttpResponse:
        """Does what `Transport.send` promises. Raises Fatal without credentials."""
        if self._signer is None:
            raise Fatal("There are no AWS credentials to sign requests with.")
        request, connection = _request(self._signer.sign(operation, content), content), self._take_connection()
        try:
            response = self._post(connection, request)
        except (OSError, HTTPException) as error:
            connection.close()
            raise NoResponse(f"{operation}: {type(error).__name__}") from error
        except BaseException:
            connection.close()
            raise
        self._idle.append(connection)
        return response

    def _post(self, connection: Connection, request: bytes) -> HttpResponse:
        patience_s = self._invocation.patience_s(ANSWER_S)
        connection.open(min(CONNECT_S, patience_s))
        return HttpResponse(*connection.exchange(request, patience_s))

    def _take_connection(self) -> Connection:
        """Returns a connection for this thread alone."""
        try:
            return self._idle.pop()
        except IndexError:
            return Connection(self.url, self._trust)


def _request(headers: Mapping[str, str], content: bytes) -> bytes:
    """Returns a whole request, which leaves in one piece. Raises Fatal where a header cannot be sent, which only the
    credentials can be the reason of."""
    values = "".join(headers.values())
    if not (values.isascii() and values.isprintable()):
        raise Fatal("The AWS credentials have characters that no header may have.")
    lines = "".join([f"{name}: {value}\r\n" for name, value in headers.items()])
    head = f"POST / HTTP/1.1\r\n{lines}accept-encoding: identity\r\ncontent-length: {len(content)}\r\n\r\n"
    return head.encode() + content
