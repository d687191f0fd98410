"""A server on loopback that receives webhooks: it answers as a test says, and remembers every request."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Queue
from threading import Thread
from typing import NamedTuple


class ReceivedRequest(NamedTuple):
    """One request that was received."""

    path: str
    headers: dict[str, str]
    """The headers by name in lower case."""
    body: bytes


class Receiver:
    """What a test sees of the server: `heard` are the requests, `answers` the statuses of the next ones, then 200."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}/hook"
        self.heard: Queue[ReceivedRequest] = Queue()
        self.answers: list[int] = []


@contextmanager
def receiving() -> Iterator[Receiver]:
    """Runs the server for as long as the context lasts."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    receiver = Receiver(server.server_port)
    server.RequestHandlerClass = _answering(receiver)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()


def _answering(receiver: Receiver) -> type[BaseHTTPRequestHandler]:
    class Answering(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            receiver.heard.put(ReceivedRequest(self.path, {k.lower(): v for k, v in self.headers.items()}, body))
            status = receiver.answers.pop(0) if receiver.answers else 200
            self.send_response(status)
            self.send_header("Location", "http://169.254.169.254/latest/meta-data/")
            self.end_headers()
            self.wfile.write(f"said {status}".encode())

        def log_message(self, *_: object) -> None: ...

    return Answering
