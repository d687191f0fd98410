from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from socket import socket
from threading import Thread
from time import monotonic
from typing import ClassVar

import boto3
import pytest

from chalicelib.stores.clients import ANSWER_S
from chalicelib.stores.dynamodb.client_http import HttpResponse, HttpTransport, NoResponse
from chalicelib.stores.invocation import LAST_REQUEST_S, Invocation

Seen = tuple[dict[str, str], bytes]
"""Headers and content of a request."""


class Remembering(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    seen: ClassVar[list[Seen]]

    def do_POST(self) -> None:
        content = self.rfile.read(int(self.headers["Content-Length"]))
        self.seen.append(({name.lower(): value for name, value in self.headers.items()}, content))
        self.send_response(418)
        self.send_header("Content-Length", "5")
        self.end_headers()
        self.wfile.write(b"short")

    def log_message(self, *_: object) -> None: ...


@contextmanager
def a_server() -> Iterator[tuple[str, list[Seen]]]:
    class RememberingHere(Remembering):
        seen: ClassVar[list[Seen]] = []

    server = HTTPServer(("127.0.0.1", 0), RememberingHere)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", RememberingHere.seen
    finally:
        server.shutdown()
        server.server_close()


def a_session() -> boto3.Session:
    return boto3.Session("AKID", "secret", "token", region_name="eu-west-1")


def test_a_request_is_signed_and_its_answer_given_as_it_is() -> None:
    with a_server() as (url, seen):
        answer = HttpTransport(a_session(), url).send("GetItem", b"{}")

    (headers, content) = seen[0]
    assert answer == HttpResponse(418, b"short")
    assert content == b"{}"
    assert headers["x-amz-target"] == "DynamoDB_20120810.GetItem"
    assert headers["content-type"] == "application/x-amz-json-1.0"
    assert headers["x-amz-security-token"] == "token"
    assert "/eu-west-1/dynamodb/aws4_request, " in headers["authorization"]
    assert "SignedHeaders=content-type;host;x-amz-date;x-amz-security-token;x-amz-target" in headers["authorization"]


def test_a_connection_that_fails_gives_no_answer() -> None:
    with a_server() as (url, _):
        transport = HttpTransport(a_session(), url)

    with pytest.raises(NoResponse, match="GetItem"):
        transport.send("GetItem", b"{}")


def test_the_endpoint_is_that_of_the_region_unless_given() -> None:
    assert HttpTransport(a_session()).url == "https://dynamodb.eu-west-1.amazonaws.com/"


def test_an_answer_is_not_waited_for_beyond_the_function() -> None:
    with socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        transport = HttpTransport(
            a_session(), f"http://127.0.0.1:{silent.getsockname()[1]}", Invocation(lambda: LAST_REQUEST_S)
        )
        began = monotonic()

        with pytest.raises(NoResponse):
            transport.send("GetItem", b"{}")

    assert monotonic() - began < ANSWER_S / 2
