"""DynamoDB on loopback that does nothing: it answers that every request was done, and queries with the pages that it
was started with. In a process of its own, so that what is measured is the client alone.

`python -m bench.loopback ROWS [PEM]` prints its port, and ends when its standard input does. With a file that has a key
and its certificate, it speaks TLS.
"""

import asyncio
import re
import ssl
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import orjson

from bench.pages import OURS, PLAIN, pages_of
from chalicelib.model.api_keys import Scope
from chalicelib.stores.dynamodb.attributes import to_attributes
from local.paths import ROOT

Pages = dict[str, list[bytes]]

NOTHING = [b'{"Items":[],"Count":0}']
KEY = to_attributes(
    {"digest": "any", "tenant_id": "any", "key_id": "key_1", "kind": "px", "scopes": [Scope.IMPORTS_READ]}
)
"""The API key of every caller: it may list imports."""

LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
TARGET = re.compile(rb"x-amz-target: *DynamoDB_20120810\.(\w+)", re.IGNORECASE)
PAGE = re.compile(rb'"page-(\d+)"')


class Loopback(asyncio.Protocol):
    """One connection."""

    def __init__(self, pages: Pages) -> None:
        self._pages = pages
        self._received = bytearray()
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._received += data
        while (found := split_request(self._received)) is not None:
            operation, content, size = found
            del self._received[:size]
            assert self._transport is not None
            self._transport.write(_http_response(answer(operation, content, self._pages)))


def split_request(received: bytes | bytearray) -> tuple[str, bytes, int] | None:
    """Operation, content and size of the first request; None while it is not all there."""
    end = received.find(b"\r\n\r\n")
    if end < 0:
        return None
    head = bytes(received[:end])
    length, target = LENGTH.search(head), TARGET.search(head)
    size = end + 4 + (int(length[1]) if length else 0)
    if len(received) < size:
        return None
    return target[1].decode() if target else "", bytes(received[end + 4 : size]), size


def answer(operation: str, content: bytes, pages: Pages) -> bytes:
    if operation == "Query":
        return _page(content, pages)
    return ANSWERS[operation](content)


def _page(content: bytes, pages: Pages) -> bytes:
    table = str(orjson.loads(content)["TableName"])
    number = PAGE.search(content)
    return (pages.get(table) or NOTHING)[int(number[1]) if number else 0]


def _performed(content: bytes) -> bytes:
    return orjson.dumps({"Responses": [{}] * content.count(b'"Statement"')})


ANSWERS: dict[str, Callable[[bytes], bytes]] = {
    "PutItem": lambda _: b"{}",
    "TransactWriteItems": lambda _: b"{}",
    "BatchWriteItem": lambda _: b'{"UnprocessedItems":{}}',
    "BatchExecuteStatement": _performed,
    "BatchGetItem": lambda _: b'{"Responses":{},"UnprocessedKeys":{}}',
    "GetItem": lambda _: orjson.dumps({"Item": {"shards": {"N": "16"}, **KEY}}),
    "UpdateItem": lambda _: b'{"Attributes":{"used":{"N":"1"}}}',
}


def _http_response(content: bytes) -> bytes:
    head = f"HTTP/1.1 200 OK\r\nContent-Type: application/x-amz-json-1.0\r\nContent-Length: {len(content)}\r\n\r\n"
    return head.encode() + content


async def serve(pages: Pages, tls: ssl.SSLContext | None) -> None:
    server = await asyncio.get_running_loop().create_server(lambda: Loopback(pages), "127.0.0.1", 0, ssl=tls)
    print(server.sockets[0].getsockname()[1], flush=True)
    async with server:
        await asyncio.to_thread(sys.stdin.read)


def start(rows: int = 0, served: Path | None = None) -> str:
    """Starts it for as long as this process lives, and returns its URL. A query finds `rows` customers. With a key and
    its certificate in `served`, it speaks TLS.
    """
    command = [sys.executable, "-m", "bench.loopback", str(rows), *([str(served)] if served else [])]
    process = subprocess.Popen(command, cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdout is not None
    RUNNING.append(process)
    return f"{'https' if served else 'http'}://127.0.0.1:{int(process.stdout.readline())}"


RUNNING: list["subprocess.Popen[str]"] = []
"""Kept, because their standard input ends with them."""


def main() -> None:
    rows, served = int(sys.argv[1]), sys.argv[2:]
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH) if served else None
    if tls:
        tls.load_cert_chain(served[0])
    asyncio.run(serve({table: pages_of(table, rows) for table in (OURS, PLAIN)}, tls))


if __name__ == "__main__":
    main()
