"""A proxy before the deployed stack, API and files alike, that does to requests what a bad network does.

Each request meets the next fault: it is dropped before it arrives, its answer is lost, it is answered 429 or 503, or it
passes.
"""

import http.client
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from urllib.parse import urlsplit

DROPPED, LOST, TOO_MANY, UNAVAILABLE, PASSED = "dropped", "lost", "too many", "unavailable", "passed"
_STATUSES = {TOO_MANY: 429, UNAVAILABLE: 503}
_HOP = frozenset({"connection", "keep-alive", "transfer-encoding", "content-length", "date", "server"})


class FaultyProxy(ThreadingHTTPServer):
    """What a test sees of it: `url`, `asked`, the paths of all requests, and `met`, the faults that they have met."""

    daemon_threads = True

    def __init__(self, api: str, files: str, faults: Iterable[str]) -> None:
        super().__init__(("127.0.0.1", 0), _Connection)
        self.url = f"http://127.0.0.1:{self.server_port}"
        self.met: list[str] = []
        self.asked: list[str] = []
        self.api, self.files = api, files
        self._faults, self._lock = iter(faults), Lock()

    def next_fault(self, path: str) -> str:
        """Returns what becomes of the next request, to this path."""
        with self._lock:
            self.asked.append(path)
            self.met.append(next(self._faults, PASSED))
            return self.met[-1]


@contextmanager
def faulty_proxy(api: str, files: str, faults: Iterable[str]) -> Iterator[FaultyProxy]:
    """Runs a proxy before these addresses for as long as the context lasts; what the API says of that of files is
    changed, so that they come this way, too."""
    with FaultyProxy(api, files, faults) as proxy:
        Thread(target=proxy.serve_forever, args=(0.05,), daemon=True).start()
        yield proxy
        proxy.shutdown()


class _Connection(BaseHTTPRequestHandler):
    server: FaultyProxy

    def do_GET(self) -> None:
        content = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        fault = self.server.next_fault(self.path)
        if fault == DROPPED:
            return
        if fault in _STATUSES:
            self._answer(_STATUSES[fault], {"Retry-After": "0"}, b"")
            return
        status, headers, body = self._forwarded(content)
        if fault != LOST:
            self._answer(status, headers, body)

    do_DELETE = do_POST = do_PUT = do_GET  # noqa: N815 -- http.server names them

    def _forwarded(self, content: bytes) -> tuple[int, dict[str, str], bytes]:
        server = self.server
        target = urlsplit(server.api if self.path.startswith("/v1/") else server.files)
        headers = {name: value for name, value in self.headers.items() if name.lower() not in (*_HOP, "host")}
        connection = http.client.HTTPConnection(target.netloc, timeout=60)
        try:
            connection.request(self.command, self.path, content, headers | {"Content-Length": str(len(content))})
            answer = connection.getresponse()
            body = answer.read().replace(server.files.encode(), server.url.encode())
            return answer.status, {n: v for n, v in answer.headers.items() if n.lower() not in _HOP}, body
        finally:
            connection.close()

    def _answer(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Silence."""
