"""Records are written over a real connection, on which each request in turn meets every fault of a network and of what
stands in it: how the writes end, and what lies in the table, is what a network without faults would have left.
"""

import gzip
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from threading import Thread

import boto3
import orjson
import pytest

from bench.loopback import split_request
from chalicelib.model.ids import RecordId
from chalicelib.model.records import Write, Written
from chalicelib.stores.dynamodb.answers import Item
from chalicelib.stores.dynamodb.client_http import HttpResponse, HttpTransport
from chalicelib.stores.dynamodb.pace import Timing
from chalicelib.stores.dynamodb.records import DynamoDBRecords
from tests.contract.stores.builders import NOW_MS, a_deletion, a_write
from tests.faults.conftest import Cases
from tests.faults.fake_table import FakeTables
from tests.faults.request_faults import RECORDS, REQUEST_FAULTS, SequentialClient
from tests.faults.scenarios import OURS

CONTACTS = "contacts"
ROWS = 40
"""More than one request of statements takes."""

NetworkFault = Callable[[FakeTables, str, bytes], tuple[bytes, bool]]
"""Takes a request; returns what is sent back, and whether the connection ends behind it."""


def head_of(response: HttpResponse, *headers: str, length: int | None = None) -> bytes:
    lengths = [] if length is None else [f"Content-Length: {length}"]
    return "\r\n".join([f"HTTP/1.1 {response.status} Any", *lengths, *headers, "", ""]).encode()


def whole(response: HttpResponse, *headers: str) -> bytes:
    return head_of(response, *headers, length=len(response.content)) + response.content


def on_time(tables: FakeTables, operation: str, content: bytes) -> tuple[bytes, bool]:
    return whole(tables.send(operation, content)), False


def never_performed(tables: FakeTables, operation: str, content: bytes) -> tuple[bytes, bool]:
    return b"", True


def cut_before_the_answer(tables: FakeTables, operation: str, content: bytes) -> tuple[bytes, bool]:
    tables.send(operation, content)
    return b"", True


def cut_within_the_head(tables: FakeTables, operation: str, content: bytes) -> tuple[bytes, bool]:
    return whole(tables.send(operation, content))[:20], True


def cut_within_the_content(tables: FakeTables, operation: str, content: bytes) -> tuple[bytes, bool]:
    return whole(tables.send(operation, content))[:-1], True


def in_chunks(tables: FakeTables, operation: str, content: bytes) -> tuple[bytes, bool]:
    response = tables.send(operation, content)
    halves = response.content[:9], response.content[9:]
    chunks = b"".join(b"%x\r\n%b\r\n" % (len(one), one) for one in halves if one)
    return head_of(response, "Transfer-Encoding: chunked") + chunks + b"0\r\n\r\n", False


def cut_within_a_chunk(tables: FakeTables, operation: str, content: bytes) -> tuple[bytes, bool]:
    return in_chunks(tables, operation, content)[0][:-9], True


def packed(tables: FakeTables, operation: str, content: bytes) -> tuple[bytes, bool]:
    """By a proxy that does not ask whether that is understood."""
    response = tables.send(operation, content)
    return whole(HttpResponse(200, gzip.compress(response.content, mtime=0)), "Content-Encoding: gzip"), False


def with_more_behind_it(tables: FakeTables, operation: str, content: bytes) -> tuple[bytes, bool]:
    """Whoever took the rest for the next answer would take every one for that of the request before it."""
    return whole(tables.send(operation, content)) + whole(HttpResponse(200, b'{"Responses":[]}')), False


def the_last(tables: FakeTables, operation: str, content: bytes) -> tuple[bytes, bool]:
    return whole(tables.send(operation, content), "Connection: close"), True


def closed_without_a_word(tables: FakeTables, operation: str, content: bytes) -> tuple[bytes, bool]:
    return whole(tables.send(operation, content)), True


def a_page_for_people(tables: FakeTables, operation: str, content: bytes) -> tuple[bytes, bool]:
    tables.send(operation, content)
    return whole(HttpResponse(200, b"<html>Sign in to this network</html>")), False


NETWORK_FAULTS: dict[str, NetworkFault] = {
    one.__name__.replace("_", " "): one
    for one in (
        never_performed,
        cut_before_the_answer,
        cut_within_the_head,
        cut_within_the_content,
        cut_within_a_chunk,
        in_chunks,
        packed,
        with_more_behind_it,
        the_last,
        closed_without_a_word,
        a_page_for_people,
    )
}
ANSWERED = (
    "throttled",
    "done, 500",
    "in part",
    "done, garbled",
    "done, cut short",
    "signed too early",
    "token expired",
)
"""Faults of requests that are an answer, and no crash."""


def answered(kind: str) -> NetworkFault:
    return lambda tables, operation, content: (whole(REQUEST_FAULTS[kind](tables, operation, content)), False)


EVERY_FAULT = NETWORK_FAULTS | {kind: answered(kind) for kind in ANSWERED}


@dataclass
class FaultyServer:
    """A server of tables in memory, one of whose requests meets a fault."""

    at: int = -1
    fault: NetworkFault = on_time
    tables: FakeTables = field(default_factory=FakeTables)
    served: int = 0

    def serve(self, listener: socket.socket) -> None:
        """Serves one connection after the other until the listener is closed."""
        while True:
            try:
                connected, _ = listener.accept()
            except OSError:
                return
            with connected:
                self._serve(connected)

    def _serve(self, connected: socket.socket) -> None:
        received = b""
        while part := connected.recv(1 << 16):
            received += part
            while (found := split_request(received)) is not None:
                operation, content, size_bytes = found
                received = received[size_bytes:]
                number, self.served = self.served, self.served + 1
                fault = self.fault if number == self.at else on_time
                answer, ends = fault(self.tables, operation, content)
                connected.sendall(answer)
                if ends:
                    return


@contextmanager
def records_over(server: FaultyServer) -> Iterator[DynamoDBRecords]:
    tokens = count(1)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        Thread(target=server.serve, args=(listener,), daemon=True).start()
        session = boto3.Session("AKID", "secret", "token", region_name="eu-west-1")
        transport = HttpTransport(session, f"http://127.0.0.1:{listener.getsockname()[1]}")
        client = SequentialClient(transport, threads=1, timing=Timing(wait=lambda _: None, jitter=lambda: 0.5))
        yield DynamoDBRecords(client, RECORDS, wait=lambda _: None, new_token=lambda: f"wave{next(tokens)}")
        listener.shutdown(socket.SHUT_RDWR)


def rows() -> list[Write]:
    """New records, every tenth of which wants what the one before it has."""
    return [
        a_write(
            f"con_{number}", row=number, claims=(f"e:{number - (number % 10 == 9)}", f"x:{number}"), match_keys=("m:1",)
        )
        for number in range(ROWS)
    ]


def changes(records: DynamoDBRecords) -> list[Write]:
    """Of some of those records: other claims, a deletion, and one that another import has changed."""
    stored = records.get_many(OURS, CONTACTS, [RecordId(f"con_{number}") for number in (1, 2, 3)])
    first, second, third = (stored[RecordId(f"con_{number}")] for number in (1, 2, 3))
    return [
        a_write("con_1", row=1, by="imp_two", before=first, claims=("e:new", "x:1")),
        a_deletion(second, row=2),
        a_write("con_3", row=3, by="imp_two", before=third, claims=third.claims, fields={"name": "Anew"}),
        a_write("con_new", row=4, by="imp_two", claims=("e:4",)),
    ]


def written_over(server: FaultyServer) -> tuple[list[Written], dict[tuple[str, str], Item]]:
    """Returns how each write ended, and all that lies in the table."""
    with records_over(server) as records:
        ended = records.write_many(OURS, CONTACTS, rows(), now_ms=NOW_MS)
        ended += records.write_many(OURS, CONTACTS, changes(records), now_ms=NOW_MS)
    return ended, dict(server.tables.table(RECORDS).items)


@pytest.mark.parametrize("kind", EVERY_FAULT)
def test_what_goes_wrong_on_a_connection_changes_nothing(kind: str, cases: Cases) -> None:
    expected = written_over(well := FaultyServer())
    assert {one.status for one in expected[0]} == {"written", "taken"}

    for at in range(well.served):
        server = FaultyServer(at=at, fault=EVERY_FAULT[kind])
        ended, items = written_over(server)
        wrong = [*(["writes ended otherwise"] if ended != expected[0] else []), *_differences(items, expected[1])]
        cases.check(f"{kind}, request {at}", wrong)

    cases.conclude()


def _differences(items: dict[tuple[str, str], Item], expected: dict[tuple[str, str], Item]) -> list[str]:
    keys = sorted({*items, *expected})
    return [f"{key}: {orjson.dumps(items.get(key))!r}" for key in keys if items.get(key) != expected.get(key)]
