"""Whatever a server sends, a connection reads as http.client does."""

import gzip
import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from http.client import HTTPConnection, HTTPException
from threading import Thread

import pytest

from chalicelib.stores.dynamodb.connection import RECEIVED_BYTES, Connection, trust_of_botocore

REQUEST = b"POST / HTTP/1.1\r\nhost: here\r\ncontent-length: 2\r\n\r\n{}"
PATIENCE_S = 10.0

Seen = tuple[int, bytes] | str
"""Status and content of a response, or the name of the error in its place."""

PLAIN = {
    "plain": b"HTTP/1.1 200 OK\r\nServer: Server\r\nContent-Length: 2\r\nx-amz-crc32: 1\r\n\r\n{}",
    "kept alive": b"HTTP/1.1 200 OK\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\n{}",
    "other letters": b"HTTP/1.1 200 OK\r\ncontent-LENGTH:2\r\n\r\n{}",
    "no reason": b"HTTP/1.1 200\r\nContent-Length: 2\r\n\r\n{}",
    "nothing in it": b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
    "refused": b"HTTP/1.1 400 Bad Request\r\nContent-Length: 4\r\n\r\nnope",
    "broken": b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 4\r\n\r\nnope",
    "large": b"HTTP/1.1 200 OK\r\nContent-Length: 300000\r\n\r\n" + b"x" * 300_000,
}
UNPLAIN = {
    "in chunks": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n1\r\n}\r\n0\r\n\r\n",
    "in chunks, with a length": b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n"
    b"transfer-encoding:chunked\r\n\r\n1\r\n{\r\n0\r\n\r\n",
    "gzipped": b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n%b"
    % (len(gzip.compress(b"{}", mtime=0)), gzip.compress(b"{}", mtime=0)),
    "the last": b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}",
    "until the end": b"HTTP/1.1 200 OK\r\nServer: Server\r\n\r\n{}",
    "two lengths": b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}!",
    "no number": b"HTTP/1.1 200 OK\r\nContent-Length: two\r\n\r\n{}",
    "a length below nothing": b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n{}",
    "a length behind a space": b"HTTP/1.1 200 OK\r\nContent-Length : 2\r\n\r\n{}",
    "bare line ends": b"HTTP/1.1 200 OK\nContent-Length: 2\n\n{}",
    "mixed line ends": b"HTTP/1.1 200 OK\r\nServer: S\nContent-Length: 2\r\n\r\n{}",
    "a header of two lines": b"HTTP/1.1 200 OK\r\nServer: S\r\n Content-Length: 9\r\nContent-Length: 2\r\n\r\n{}",
    "go on": b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}",
    "no content": b"HTTP/1.1 204 No Content\r\n\r\n",
    "an old one": b"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\n{}",
    "more than promised": b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}HTTP/1.1 200 OK\r\n",
    "long headers": b"HTTP/1.1 200 OK\r\n%bContent-Length: 2\r\n\r\n{}"
    % b"".join(b"X-%d: %b\r\n" % (number, b"y" * 2_000) for number in range(40)),
    "a line too long": b"HTTP/1.1 200 OK\r\nX: %b\r\nContent-Length: 2\r\n\r\n{}" % (b"y" * (RECEIVED_BYTES + 9)),
    "half the content": b"HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n{}",
    "half the head": b"HTTP/1.1 200 OK\r\nContent-Le",
    "nothing": b"",
    "no HTTP": b"220 mail.example.com ESMTP\r\n\r\n",
}
ENDED = (
    "the last",
    "until the end",
    "no number",
    "a length below nothing",
    "a length behind a space",
    "a line too long",
    "half the content",
    "half the head",
    "nothing",
    "no HTTP",
)
"""Those behind which the server ends the connection: without that, they would be waited for."""
RESPONSES = PLAIN | UNPLAIN


@contextmanager
def a_server(response: bytes, piece_bytes: int) -> Iterator[tuple[str, list[int]]]:
    """Answers each request of each connection so, in pieces, until the client hangs up or after what cannot be whole;
    the list has the number of each request's connection."""
    served: list[int] = []
    listener = socket.create_server(("127.0.0.1", 0))
    Thread(target=_serve, args=(listener, response, piece_bytes, served), daemon=True).start()
    with listener:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}", served


def _serve(listener: socket.socket, response: bytes, piece_bytes: int, served: list[int]) -> None:
    for number in range(1000):
        try:
            connected, _ = listener.accept()
        except OSError:
            return
        connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with connected, suppress(OSError):  # a client that hangs up on what it has not read
            while _reads_request(connected):
                served.append(number)
                for at in range(0, len(response), piece_bytes):
                    connected.sendall(response[at : at + piece_bytes])
                if response in (RESPONSES[name] for name in ENDED):
                    break


def _reads_request(connected: socket.socket) -> bool:
    """Whether a whole request has come. http.client sends the content by itself, and who hangs up on what has not been
    read resets the connection."""
    request = b""
    while not request.endswith(b"\r\n\r\n{}"):
        received = connected.recv(4096)
        if not received:
            return False
        request += received
    return True


def exchanged(connection: Connection) -> Seen:
    try:
        connection.open(PATIENCE_S)
        return connection.exchange(REQUEST, PATIENCE_S)
    except (OSError, HTTPException) as error:
        connection.close()
        return type(error).__name__


def as_http_client_reads(url: str) -> Seen:
    connection = HTTPConnection(url.removeprefix("http://"), timeout=PATIENCE_S)
    try:
        connection.request("POST", "/", b"{}")
        response = connection.getresponse()
        return response.status, response.read()
    except (OSError, HTTPException) as error:
        return type(error).__name__
    finally:
        connection.close()


@pytest.mark.parametrize("piece_bytes", [1 << 20, 7], ids=["at once", "in pieces"])
@pytest.mark.parametrize("response", RESPONSES.values(), ids=RESPONSES)
def test_a_response_is_read_as_http_client_reads_it(response: bytes, piece_bytes: int) -> None:
    with a_server(response, piece_bytes if len(response) < 1000 else len(response) // 3) as (url, _):
        expected = as_http_client_reads(url)

        assert exchanged(Connection(url, trust_of_botocore)) == expected


@pytest.mark.parametrize(("responses", "connections"), [(PLAIN, 1), (UNPLAIN, 2)], ids=["plain", "not plain"])
def test_a_connection_is_kept_behind_plain_responses_alone(responses: dict[str, bytes], connections: int) -> None:
    for name, response in responses.items():
        with a_server(response, len(response) + 1) as (url, served):
            connection = Connection(url, trust_of_botocore)
            seen: Sequence[Seen] = [exchanged(connection), exchanged(connection)]
            connection.close()

        assert seen[0] == seen[1], name
        assert len(set(served)) == connections, name
