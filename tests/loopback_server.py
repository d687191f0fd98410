"""Servers of tests: on loopback, at any free port, for as long as a block lasts, and silent."""

import json
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Self

from local.ports import LOOPBACK

POLL_S = 0.02
"""How long the end of a block waits at most."""


class LoopbackServer(ThreadingHTTPServer):
    """Answers inside its `with` block; `url` is its address."""

    def __init__(self, connection: type[BaseHTTPRequestHandler]) -> None:
        super().__init__((LOOPBACK, 0), connection)
        self.url = f"http://{LOOPBACK}:{self.server_port}"

    def __enter__(self) -> Self:
        Thread(target=self.serve_forever, args=(POLL_S,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.shutdown()
        self.server_close()


class Connection(BaseHTTPRequestHandler):
    """One connection to such a server, which logs nothing."""

    def respond(self) -> None:
        """Answers a request, whatever its method."""
        raise NotImplementedError

    def do_GET(self) -> None:
        self.respond()

    do_DELETE = do_OPTIONS = do_PATCH = do_POST = do_PUT = do_GET  # noqa: N815 -- http.server names them

    def read_body(self) -> bytes:
        """Returns the body of the request; nothing where it has none."""
        return self.rfile.read(int(self.headers.get("Content-Length") or 0))

    def answer(self, status: int, body: bytes = b"", headers: Mapping[str, str] | None = None) -> None:
        """Answers with the length of the body and these headers."""
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def answer_json(self, data: object) -> None:
        """Answers 200 with data as JSON."""
        self.answer(200, json.dumps(data).encode())

    def log_message(self, *_: object) -> None:
        """Silence."""
