"""One signed POST to DynamoDB over a connection that is kept open.

Comes in: an operation and its JSON. Goes out: status and content, whatever they say. Credentials, region and endpoint
are botocore's, so that roles, profiles and AWS_ENDPOINT_URL mean what they mean everywhere.
"""

from dataclasses import dataclass
from typing import Protocol

import urllib3
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.httpsession import get_cert_path

from chalicelib.errors import Fatal
from chalicelib.stores.clients import ANSWER_S, CONFIG, CONNECT_S, POOL_SIZE, Session
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
    """A `Transport` over urllib3."""

    def __init__(self, session: Session, url: str = "", invocation: Invocation | None = None) -> None:
        """`url` where DynamoDB answers; botocore finds out where it is not given, which costs it 50 ms. `invocation` is
        the call that the process serves: no answer is waited for beyond it."""
        self._invocation = invocation or Invocation()
        self.url = (url or session.client("dynamodb", config=CONFIG).meta.endpoint_url).rstrip("/") + "/"
        self._region = session.region_name
        self._credentials = session.get_credentials()
        self._pool = _pool(self.url)

    def send(self, operation: str, content: bytes) -> HttpResponse:
        """Does what `Transport.send` promises. Raises Fatal without credentials."""
        headers, timeout = self._signed(operation, content), self._timeout()
        try:
            response = self._pool.urlopen("POST", "/", body=content, headers=headers, redirect=False, timeout=timeout)
        except urllib3.exceptions.HTTPError as error:
            raise NoResponse(f"{operation}: {type(error).__name__}") from error
        return HttpResponse(response.status, response.data)

    def _timeout(self) -> urllib3.Timeout:
        patience_s = self._invocation.patience_s(ANSWER_S)
        return urllib3.Timeout(connect=min(CONNECT_S, patience_s), total=patience_s)

    def _signed(self, operation: str, content: bytes) -> dict[str, str]:
        if self._credentials is None:
            raise Fatal("There are no AWS credentials to sign requests with.")
        request = AWSRequest("POST", self.url, data=content, headers=_unsigned(operation))
        SigV4Auth(self._credentials.get_frozen_credentials(), "dynamodb", self._region).add_auth(request)
        return dict(request.headers.items())


def _unsigned(operation: str) -> dict[str, str]:
    return {"X-Amz-Target": f"DynamoDB_20120810.{operation}", "Content-Type": "application/x-amz-json-1.0"}


def _pool(url: str) -> urllib3.HTTPConnectionPool:
    """A pool for one host takes a third less CPU than one for all."""
    trust = {"ca_certs": get_cert_path(True)} if url.startswith("https:") else {}
    return urllib3.connection_from_url(url, maxsize=POOL_SIZE, retries=False, **trust)
