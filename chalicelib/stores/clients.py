"""How AWS is called: clients with bounded retries and waits, and errors translated once.

Comes in: how a client is made. Goes out: the client, once it is needed. Whatever may be mended by trying again leaves
`retryable_errors` as `Retryable`; the rest passes as it is, for the store that called to answer with a value or to let
out.
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

RETRYABLE_CODES = frozenset(
    {
        "InternalError",
        "InternalServerError",
        "LimitExceededException",
        "OperationAborted",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "RequestTimeout",
        "RequestTimeoutException",
        "ServiceUnavailable",
        "SlowDown",
        "Throttling",
        "ThrottlingException",
        "TooManyRequestsException",
        "TransactionConflictException",
        "TransactionInProgressException",
    }
)

NETWORK_ERRORS = (
    ConnectionFailed,
    CredentialRetrievalError,
    HTTPClientError,
    IncompleteReadError,
    ResponseStreamingError,
)


class Session(Protocol):
    """What stores need of boto3's session, or of the one below."""

    @property
    def client(self) -> Callable[..., Any]:
        """Takes the name of a service, and `config`."""

    @property
    def region_name(self) -> str: ...

    def get_credentials(self) -> Credentials | None: ...


class AwsSession:
    """botocore's session, with the credentials, the region and the endpoints it finds, under the names of boto3's.

    boto3 itself would add resources and transfers, which nobody here uses, and 12 ms to each cold start.
    """

    def __init__(self) -> None:
        self._core = get_session()

    def client(self, service: str, *, config: Config) -> Any:
        return self._core.create_client(service, config=config)

    @property
    def region_name(self) -> str:
        """Raises NoRegionError."""
        region = self._core.get_config_variable("region")
        if not region:
            raise NoRegionError
        return str(region)

    def get_credentials(self) -> Credentials | None:
        return self._core.get_credentials()


Client = TypeVar("Client")

_making = RLock()


def lazy_client(make: Callable[[], Client]) -> Callable[[], Client]:
    """Gives the client that `make` makes, always the same one. That costs up to 50 ms, which only those pay who use it;
    one at a time, since a session must not be shared while it makes clients (boto3's guide, "Session", on threads).
    """
    made = cache(make)

    def get() -> Client:
        with _making:
            return made()

    return get


@contextmanager
def retryable_errors(what: str) -> Iterator[None]:
    """Raises Retryable, saying `what` could not be done, for throttling, failing servers and failing networks."""
    try:
        yield
    except ClientError as error:
        if not is_retryable(error):
            raise
        raise Retryable(f"{what}: {code_of(error)}") from error
    except NETWORK_ERRORS as error:
        raise Retryable(f"{what}: {type(error).__name__}") from error


def code_of(error: ClientError) -> str:
    return error.response.get("Error", {}).get("Code", "")


def is_retryable(error: ClientError) -> bool:
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    return status >= 500 or status == 429 or code_of(error) in RETRYABLE_CODES


def is_aws(url: str) -> bool:
    """False where an endpoint of one's own was configured (AWS_ENDPOINT_URL and its like)."""
    return (urlsplit(url).hostname or "").endswith((".amazonaws.com", ".amazonaws.com.cn"))
