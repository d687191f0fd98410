"""A server on loopback that receives webhooks: it answers as a test says, and remembers every request."""

from queue import Queue
from typing import NamedTuple

from tests.loopback_server import Connection, LoopbackServer


class ReceivedRequest(NamedTuple):
    """One request that was received."""

    path: str
    headers: dict[str, str]
    """The headers by name in lower case."""
    body: bytes


class Receiver(LoopbackServer):
    """What a test sees of it: `heard` are the requests, `answers` the statuses of the next ones, then 200."""

    def __init__(self) -> None:
        super().__init__(_Connection)
        self.url += "/hook"
        self.heard: Queue[ReceivedRequest] = Queue()
        self.answers: list[int] = []


class _Connection(Connection):
    server: Receiver

    def respond(self) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.heard.put(ReceivedRequest(self.path, headers, self.read_body()))
        status = self.server.answers.pop(0) if self.server.answers else 200
        location = {"Location": "http://169.254.169.254/latest/meta-data/"}
        self.answer(status, f"said {status}".encode(), location)
