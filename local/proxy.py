"""One address for people: the documented paths at the root of a port on loopback.

In goes a request for /v1/…; it is handed to the emulator's API Gateway, where the same path is longer, and the answer
is handed back as it comes, piece by piece; one header is renamed, which API Gateway does and the emulator leaves out.
Signed URLs are none of its business: they name the emulator's own port. A thread per connection; clients' connections
stay open, those to the emulator are made anew: loopback is cheap.
"""

import http.client
import json
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self
from urllib.parse import urlsplit

from chalicelib.api.http.cross_origin import ALLOW_ORIGIN
from local.ports import LOOPBACK

HOP_BY_HOP = frozenset(["connection", "host", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade"])
"""They speak of one connection (RFC 9110, section 7.6.1)."""
RENAMED = {"www-authenticate": "x-amzn-Remapped-WWW-Authenticate"}
"""API Gateway keeps the name for itself, and so renames the header in the answers of functions; the emulator does not:
https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html"""
BODY_BYTES = 10 * 1024 * 1024
"""What API Gateway takes; the emulator takes more."""
TOO_LARGE = "The body is larger than 10 MB. Send fewer records at a time, or the file to a signed upload URL."
"""As template.yaml has API Gateway say it."""
PIECE_BYTES = 64 * 1024
ANSWER_S = 60
"""API Gateway gives up after 29 s; a first call may also start a function."""
IDLE_S = 75


class Proxy:
    """A server on loopback that forwards to `backend`, an address with a path, for which / stands here; it may be named
    after the start.
    """

    def __init__(self, port: int) -> None:
        self._server = _Server((LOOPBACK, port), _Connection)
        self.port = int(self._server.server_address[1])
        self.url = f"http://{LOOPBACK}:{self.port}"

    def forward_to(self, backend: str) -> None:
        """Names the backend."""
        self._server.backend = urlsplit(backend)

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.1,), name="proxy", daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128
    backend = urlsplit("")

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that went away is none of our errors; anything else is told as usual."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type] # handed on as it came


class _Refused(Exception):
    """Raised to respond here, without asking the backend."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.body = json.dumps({"error": {"code": code, "message": message}}).encode()


class _Connection(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    timeout = IDLE_S
    server: _Server

    def do_GET(self) -> None:
        backend = http.client.HTTPConnection(self.server.backend.netloc, timeout=ANSWER_S)
        try:
            self._hand_back(self._ask(backend))
        except _Refused as refused:
            self.close_connection = True  # its body may still be on the way
            self._answer(refused)
        finally:
            backend.close()

    do_DELETE = do_HEAD = do_OPTIONS = do_PATCH = do_POST = do_PUT = do_GET  # noqa: N815 -- http.server names them

    def log_message(self, *_: object) -> None:
        """Logs nothing, since the terminal belongs to the demo."""

    def _ask(self, backend: http.client.HTTPConnection) -> http.client.HTTPResponse:
        headers = {name: value for name, value in self.headers.items() if name.lower() not in HOP_BY_HOP}
        body = self._body()
        try:
            backend.request(self.command, self.server.backend.path + self.path, body, headers)
            return backend.getresponse()
        except (OSError, http.client.HTTPException):
            raise _Refused(502, "BAD_GATEWAY", "The service behind this address does not answer.") from None

    def _body(self) -> bytes | None:
        """Returns the body, read whole before anything is asked for, so that a client that goes away leaves no half
        request behind.
        """
        if "chunked" in self.headers.get("Transfer-Encoding", ""):
            raise _Refused(411, "LENGTH_REQUIRED", "Send the body with a Content-Length.")
        length = int(self.headers.get("Content-Length", "0"))
        if length > BODY_BYTES:
            raise _Refused(413, "REQUEST_TOO_LARGE", TOO_LARGE)
        return self.rfile.read(length) if length else None

    def _hand_back(self, answer: http.client.HTTPResponse) -> None:
        self.send_response_only(answer.status, answer.reason)
        for name, value in answer.getheaders():
            if name.lower() not in HOP_BY_HOP:
                self.send_header(RENAMED.get(name.lower(), name), value)
        if answer.length is None:
            self.send_header("Connection", "close")  # its end is the end of the connection
            self.close_connection = True
        self.end_headers()
        while piece := answer.read1(PIECE_BYTES):
            self.wfile.write(piece)

    def _answer(self, refused: _Refused) -> None:
        self.send_response_only(refused.status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(refused.body)))
        self.send_header(ALLOW_ORIGIN, "*")
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(refused.body)
