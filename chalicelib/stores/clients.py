"""How AWS is called: clients with bounded retries and waits, and errors translated in one place.

Comes in: how a client is made. Goes out: the client, once it is needed. Errors after which the same call may succeed
leave `retryable_errors` as `Retryable`; others pass unchanged, for the store that called to answer or to raise.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache, partial
from threading import RLock
from typing import Any, Protocol, TypeVar
from urllib.parse import urlsplit

from botocore.config import Config
from botocore.credentials import Credentials
from botocore.exceptions import (
    ClientError,
    CredentialRetrievalError,
    HTTPClientError,
    IncompleteReadError,
    NoRegionError,
    ResponseStreamingError,
)
from botocore.exceptions import ConnectionError as ConnectionFailed
from botocore.httpsession import URLLib3Session
from botocore.session import get_session

from chalicelib.errors import Retryable
from chalicelib.stores.invocation import LAST_REQUEST_S, SHORTEST_PATIENCE_S, Invocation

POOL_SIZE = 32
CONNECT_S, ANSWER_S = 3.0, 20.0
"""How long a connection, and an answer, are waited for at most."""

SHORTER_TIMEOUTS_S = (10.0, 5.0, SHORTEST_PATIENCE_S)
"""What is waited instead towards the end of a function."""

CONFIG = Config(
    retries={"mode": "standard", "total_max_attempts": 5},
    connect_timeout=CONNECT_S,
    read_timeout=ANSWER_S,
    max_pool_connections=POOL_SIZE,
    tcp_keepalive=True,
)

THROTTLED_CODES = frozenset(
    {
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "SlowDown",
        "Throttling",
        "ThrottlingException",
        "TooManyRequestsException",
    }
)
"""What was asked too fast."""

RETRYABLE_CODES = THROTTLED_CODES | {
    "InternalError",
    "InternalServerError",
    "LimitExceededException",
    "OperationAborted",
    "RequestTimeout",
    "RequestTimeoutException",
    "ServiceUnavailable",
    "TransactionConflictException",
    "TransactionInProgressException",
}

NETWORK_ERRORS = (
    ConnectionFailed,
    CredentialRetrievalError,
    HTTPClientError,
    IncompleteReadError,
    ResponseStreamingError,
)


class Session(Protocol):
    """The part of boto3's session that stores use; `AwsSession` has it, too."""

    @property
    def client(self) -> Callable[..., Any]:
        """A function that takes the name of a service, and `config`."""

    @property
    def region_name(self) -> str:
        """The region that calls go to."""

    def get_credentials(self) -> Credentials | None:
        """Returns the credentials to sign requests with, or None."""


class AwsSession:
    """botocore's session, with the credentials, the region and the endpoints it finds, under the names of boto3's.

    boto3 itself would add resources and transfers, which are not used here, and 12 ms to each cold start. Clients wait
    for no answer beyond the call that the process serves.
    """

    def __init__(self, invocation: Invocation) -> None:
        self._core = get_session()
        answer: Any = TimelyRequests(invocation)
        self._core.register("before-send", answer)

    def client(self, service: str, *, config: Config) -> Any:
        """Returns a new client of a service."""
        return self._core.create_client(service, config=config)

    @property
    def region_name(self) -> str:
        """Returns the configured region. Raises NoRegionError."""
        region = self._core.get_config_variable("region")
        if not region:
            raise NoRegionError
        return str(region)

    def get_credentials(self) -> Credentials | None:
        """Returns the credentials that botocore finds, or None."""
        return self._core.get_credentials()


class TimelyRequests:
    """A handler of botocore's event `before-send`, which may answer in place of the network.

    A client has one timeout for all its requests. While the function has time for it, that one holds; towards its end
    a request goes out over connections with a shorter one, and in the last seconds none goes out at all, as at DynamoDB
    (`dynamodb/client_http.py`). It may be shared between threads.
    """

    def __init__(self, invocation: Invocation, timeouts_s: Sequence[float] = SHORTER_TIMEOUTS_S) -> None:
        """`timeouts_s` are to be used instead of a client's own, the longest first."""
        self._invocation = invocation
        self._connections = {one: lazy_client(partial(_connections, one)) for one in timeouts_s}

    def __call__(self, request: Any, **_: object) -> Any:
        """Returns the answer; None leaves the request to the client. Raises Throttled where no time is left, and
        botocore's errors of the network.
        """
        self._invocation.ensure_time_for(0, leaving_s=LAST_REQUEST_S)
        patience_s = self._invocation.patience_s(ANSWER_S)
        if patience_s >= ANSWER_S:
            return None
        fitting = [one for one in self._connections if one <= patience_s]
        return self._connections[fitting[0] if fitting else min(self._connections)]().send(request)


def _connections(timeout_s: float) -> URLLib3Session:
    timeouts: Any = (min(CONNECT_S, timeout_s), timeout_s)
    return URLLib3Session(timeout=timeouts, max_pool_connections=POOL_SIZE)


Client = TypeVar("Client")

_making = RLock()


def lazy_client(make: Callable[[], Client]) -> Callable[[], Client]:
    """Returns a function that makes a client at its first call, and returns the same one from then on.

    Making one costs up to 50 ms, which functions that never use it need not pay. One is made at a time, since a session
    must not be shared while it makes clients (boto3's guide, "Session", on threads).
    """
    made = cache(make)

    def get() -> Client:
        with _making:
            return made()

    return get


@contextmanager
def retryable_errors(what: str) -> Iterator[None]:
    """Raises Retryable, saying that `what` could not be done, for throttling, failing servers and failing networks."""
    try:
        yield
    except ClientError as error:
        if not is_retryable(error):
            raise
        raise Retryable(f"{what}: {code_of(error)}") from error
    except NETWORK_ERRORS as error:
        raise Retryable(f"{what}: {type(error).__name__}") from error


def code_of(error: ClientError) -> str:
    """Returns the error code that the service answered, or an empty text."""
    return error.response.get("Error", {}).get("Code", "")


def is_retryable(error: ClientError) -> bool:
    """Returns whether the same call may succeed later: after throttling and errors of the server."""
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    return status >= 500 or status == 429 or code_of(error) in RETRYABLE_CODES


def is_aws(url: str) -> bool:
    """Returns whether the URL is one of AWS, and not an endpoint that AWS_ENDPOINT_URL or its like names."""
    return (urlsplit(url).hostname or "").endswith((".amazonaws.com", ".amazonaws.com.cn"))
