"""A proxy before the deployed stack, API and files alike, that does to requests what a bad network does.

Each request meets the next fault: it is dropped before it arrives, its answer is lost, it is answered 429 or 503, or it
passes.
"""

import http.client
from collections.abc import Iterable
from threading import Lock
from urllib.parse import urlsplit

from tests.loopback_server import Connection, LoopbackServer

DROPPED, LOST, TOO_MANY, UNAVAILABLE, PASSED = "dropped", "lost", "too many", "unavailable", "passed"
_STATUSES = {TOO_MANY: 429, UNAVAILABLE: 503}
_HOP = frozenset({"connection", "keep-alive", "transfer-encoding", "content-length", "date", "server"})


class FaultyProxy(LoopbackServer):
    """What a test sees of it: `url`, `asked`, the paths of all requests, and `met`, the faults that they have met. What
    the API says of the address of files is changed, so that they come this way, too.
    """

    def __init__(self, api: str, files: str, faults: Iterable[str]) -> None:
        super().__init__(_Connection)
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


class _Connection(Connection):
    server: FaultyProxy

    def respond(self) -> None:
        content = self.read_body()
        fault = self.server.next_fault(self.path)
        if fault == DROPPED:
            return
        if fault in _STATUSES:
            self.answer(_STATUSES[fault], headers={"Retry-After": "0"})
            return
        status, headers, body = self._forwarded(content)
        if fault != LOST:
            self.answer(status, body, headers)

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
