from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event, Semaphore
from types import SimpleNamespace
from typing import Any, ClassVar

import boto3
import pytest

from chalicelib.errors import Fatal
from chalicelib.stores.clients import ANSWER_S
from chalicelib.stores.dynamodb.client_http import HttpResponse, HttpTransport, NoResponse
from chalicelib.stores.invocation import LAST_REQUEST_S, Invocation
from tests.loopback_server import Connection, LoopbackServer

Seen = tuple[dict[str, str], bytes, int]
"""Headers and content of a request, and the port that it came from."""


class Remembering(Connection):
    protocol_version = "HTTP/1.1"
    seen: ClassVar[list[Seen]]
    closes: ClassVar[bool]
    """Whether it closes each connection after the answer, without saying so."""
    content: ClassVar[bytes]
    """The content, of which five bytes are promised."""

    def respond(self) -> None:
        content = self.read_body()
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.seen.append((headers, content, self.client_address[1]))
        self.send_response(418)
        self.send_header("Content-Length", "5")
        self.end_headers()
        self.wfile.write(self.content)
        self.close_connection = self.closes


class Server(LoopbackServer):
    """Tells when it has closed a connection."""

    def __init__(self, connection: type[Connection]) -> None:
        super().__init__(connection)
        self.closed = Semaphore(0)

    def shutdown_request(self, request: Any) -> None:
        super().shutdown_request(request)
        self.closed.release()


@contextmanager
def a_server(**does: Any) -> Iterator[tuple[str, list[Seen]]]:
    with serving(**does) as (server, seen):
        yield server.url, seen


@contextmanager
def serving(*, closes: bool = False, answer: bytes = b"short") -> Iterator[tuple[Server, list[Seen]]]:
    seen: list[Seen] = []
    handler = type("RememberingHere", (Remembering,), {"seen": seen, "closes": closes, "content": answer})
    with Server(handler) as server:
        yield server, seen


def a_session() -> boto3.Session:
    return boto3.Session("AKID", "secret", "token", region_name="eu-west-1")


def test_a_request_is_signed_and_its_answer_given_as_it_is() -> None:
    with a_server() as (url, seen):
        answer = HttpTransport(a_session(), url).send("GetItem", b"{}")

    ((headers, content, _),) = seen
    assert answer == HttpResponse(418, b"short")
    assert content == b"{}"
    assert headers["x-amz-target"] == "DynamoDB_20120810.GetItem"
    assert headers["content-type"] == "application/x-amz-json-1.0"
    assert headers["x-amz-security-token"] == "token"
    assert "/eu-west-1/dynamodb/aws4_request, " in headers["authorization"]
    assert "SignedHeaders=content-type;host;x-amz-date;x-amz-security-token;x-amz-target" in headers["authorization"]


def test_a_connection_is_kept_for_the_next_request() -> None:
    with a_server() as (url, seen):
        transport = HttpTransport(a_session(), url)
        answers = [transport.send("GetItem", b"{}") for _ in range(3)]

    assert answers == [HttpResponse(418, b"short")] * 3
    assert len({port for _, _, port in seen}) == 1


def test_a_connection_that_the_server_has_closed_is_opened_again() -> None:
    with serving(closes=True) as (server, seen):
        transport = HttpTransport(a_session(), server.url)
        for _ in range(3):
            assert transport.send("GetItem", b"{}") == HttpResponse(418, b"short")
            assert server.closed.acquire(timeout=10)

    assert len({port for _, _, port in seen}) == 3


def test_threads_do_not_share_connections() -> None:
    with a_server() as (url, seen), ThreadPoolExecutor(4) as threads:
        transport = HttpTransport(a_session(), url)
        contents = [b"%d" % number for number in range(40)]
        answers = list(threads.map(lambda content: transport.send("GetItem", content), contents))

    assert answers == [HttpResponse(418, b"short")] * 40
    assert sorted(content for _, content, _ in seen) == sorted(contents)


def test_half_an_answer_is_none() -> None:
    with a_server(closes=True, answer=b"sho") as (url, _):
        transport = HttpTransport(a_session(), url)

        with pytest.raises(NoResponse, match="GetItem: IncompleteRead"):
            transport.send("GetItem", b"{}")


def test_without_credentials_nothing_is_sent() -> None:
    session = a_session()
    anonymous: Any = SimpleNamespace(
        region_name=session.region_name, client=session.client, get_credentials=lambda: None
    )

    with a_server() as (url, seen), pytest.raises(Fatal, match="no AWS credentials"):
        HttpTransport(anonymous, url).send("GetItem", b"{}")

    assert seen == []


def test_a_connection_that_fails_gives_no_answer() -> None:
    with a_server() as (url, _):
        transport = HttpTransport(a_session(), url)

    with pytest.raises(NoResponse, match="GetItem"):
        transport.send("GetItem", b"{}")


def test_the_endpoint_is_that_of_the_region_unless_given() -> None:
    assert HttpTransport(a_session()).url == "https://dynamodb.eu-west-1.amazonaws.com/"


def test_an_answer_is_not_waited_for_beyond_the_function() -> None:
    over = Event()

    class Late(Connection):
        def respond(self) -> None:
            if not over.wait(ANSWER_S / 2):
                self.answer(418, b"late")

    with LoopbackServer(Late) as server:
        transport = HttpTransport(a_session(), server.url, Invocation(lambda: LAST_REQUEST_S))

        with pytest.raises(NoResponse, match="GetItem: TimeoutError"):
            transport.send("GetItem", b"{}")
        over.set()
