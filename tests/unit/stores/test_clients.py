import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError, NoRegionError, ReadTimeoutError

from chalicelib.errors import Retryable, Throttled
from chalicelib.stores.clients import CONFIG, AwsSession, TimelyRequests, is_aws, lazy_client, retryable_errors
from chalicelib.stores.invocation import Invocation


def refused(code: str, status: int) -> ClientError:
    return ClientError({"Error": {"Code": code}, "ResponseMetadata": {"HTTPStatusCode": status}}, "Do")  # type: ignore[typeddict-item]  # what matters of an answer


@pytest.mark.parametrize(
    "error",
    [
        pytest.param(refused("SlowDown", 503), id="S3 throttles"),
        pytest.param(refused("Whatever", 500), id="server failed"),
        pytest.param(refused("Whatever", 429), id="too many"),
        pytest.param(refused("ThrottlingException", 400), id="throttled"),
        pytest.param(refused("ProvisionedThroughputExceededException", 400), id="table throttled"),
        pytest.param(EndpointConnectionError(endpoint_url="http://x"), id="no connection"),
        pytest.param(ReadTimeoutError(endpoint_url="http://x"), id="no answer"),
    ],
)
def test_what_retrying_may_mend_is_retryable(error: Exception) -> None:
    with pytest.raises(Retryable, match="reading it"), retryable_errors("reading it"):
        raise error


@pytest.mark.parametrize("error", [refused("AccessDenied", 403), refused("NoSuchKey", 404), ValueError("a bug")])
def test_the_rest_passes_as_it_is(error: Exception) -> None:
    with pytest.raises(type(error)) as passed, retryable_errors("reading it"):
        raise error

    assert passed.value is error


def test_a_session_speaks_for_whom_and_to_where_the_environment_says(monkeypatch: pytest.MonkeyPatch) -> None:
    given = {"AWS_ACCESS_KEY_ID": "AKID", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_DEFAULT_REGION": "eu-west-1"}
    for name, value in {**given, "AWS_ENDPOINT_URL_S3": "http://127.0.0.1:9"}.items():
        monkeypatch.setenv(name, value)

    session = AwsSession(Invocation())

    credentials = session.get_credentials()
    assert credentials is not None
    assert (credentials.access_key, session.region_name) == ("AKID", "eu-west-1")
    assert session.client("s3", config=CONFIG).meta.endpoint_url == "http://127.0.0.1:9"
    assert session.client("events", config=CONFIG).meta.region_name == "eu-west-1"


class Service:
    """Takes requests on loopback, and answers none of them before it is told to."""

    def __init__(self) -> None:
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        self.requests = 0
        self.answers = False
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        taken = []
        while True:
            try:
                connection = self.listener.accept()[0]
            except OSError:
                return
            taken.append(connection)
            connection.recv(65536)
            self.requests += 1
            if self.answers:
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n")


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    service = Service()
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", service.url)
    yield service
    service.listener.close()


def client_with(left_s: Callable[[], float], timeout_s: float) -> Any:
    """A client for a call that has so much time left whenever it looks, with one shorter timeout."""
    client = AwsSession(Invocation()).client("s3", config=CONFIG)
    client.meta.events.register("before-send", TimelyRequests(Invocation(left_s), (timeout_s,)))
    return client


def test_a_silent_service_is_waited_for_while_there_is_time_to_say_so(service: Service) -> None:
    client = client_with(lambda: 2.9 if service.requests else 8, timeout_s=0.2)

    with pytest.raises(Throttled), retryable_errors("looking for it"):
        client.head_object(Bucket="bucket", Key="key")

    assert service.requests >= 1


def test_an_answer_over_the_other_connections_is_the_clients(service: Service) -> None:
    service.answers = True

    found = client_with(lambda: 8, timeout_s=5).head_object(Bucket="bucket", Key="key")

    assert (found["ContentLength"], service.requests) == (5, 1)


def test_in_the_last_seconds_of_a_call_no_request_goes_out(service: Service) -> None:
    client = AwsSession(Invocation(lambda: 2.9)).client("s3", config=CONFIG)

    with pytest.raises(Throttled):
        client.head_object(Bucket="bucket", Key="key")

    assert service.requests == 0


def test_a_request_with_all_the_time_it_may_take_is_left_to_the_client() -> None:
    assert TimelyRequests(Invocation(lambda: 900.0))(object()) is None


def test_a_session_without_a_region_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("AWS_DEFAULT_REGION", "AWS_REGION", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))

    with pytest.raises(NoRegionError):
        _ = AwsSession(Invocation()).region_name


def test_a_client_is_made_when_it_is_first_used_and_never_again() -> None:
    made: list[object] = []

    def make() -> object:
        made.append(object())
        return made[-1]

    client = lazy_client(make)

    assert made == []
    assert client() is client()
    assert len(made) == 1


@pytest.mark.parametrize(
    ("url", "is_ours"),
    [
        ("https://s3.eu-west-1.amazonaws.com", True),
        ("https://s3.cn-north-1.amazonaws.com.cn", True),
        ("http://127.0.0.1:4566", False),
        ("http://localhost:4566/amazonaws.com", False),
        ("http://amazonaws.com.example.org", False),
    ],
)
def test_an_endpoint_of_aws_is_known_by_its_host(url: str, is_ours: bool) -> None:
    assert is_aws(url) is is_ours
