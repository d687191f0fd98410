"""How AWS is called: clients with bounded retries and waits, and errors translated in one place.

Comes in: how a client is made. Goes out: the client, once it is needed. Errors after which the same call may succeed
leave `retryable_errors` as `Retryable`; others pass unchanged, for the store that called to answer or to raise.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
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
from botocore.session import get_session

from chalicelib.errors import Retryable

POOL_SIZE = 32

CONFIG = Config(
    retries={"mode": "standard", "total_max_attempts": 5},
    connect_timeout=3,
    read_timeout=20,
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

    boto3 itself would add resources and transfers, which are not used here, and 12 ms to each cold start.
    """

    def __init__(self) -> None:
        self._core = get_session()

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
