"""Names are looked up within a deadline, which the resolver of the operating system does not know.

Comes in: a host, a port and how long one may wait. Goes out: all addresses of the host. A look-up that is late is left
behind in a thread of its own, for it cannot be stopped; it ends when the resolver gives up. There is one look-up of a
host at a time, whose answer goes to all that wait for it, and a ceiling for all hosts together, so that names whose
servers are silent leave neither threads without end nor the others without one.
"""

import socket
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from threading import BoundedSemaphore, Lock, Thread
from time import monotonic

LOOKUPS = 64
"""Look-ups at a time in one process: the hosts of three tenants with as many webhooks as they may have, all silent."""

ResolveHost = Callable[[str, int], list[str]]
"""Returns all addresses of a host; may block for as long as it likes. Raises OSError."""
Host = tuple[str, int]
StartThread = Callable[[Callable[[], None]], None]
"""Does something in a thread of its own. Raises RuntimeError where there is none."""


def resolve_host(host: str, port: int) -> list[str]:
    """Returns all addresses of a host. Raises OSError."""
    return list(dict.fromkeys(str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)))


def start_thread(do: Callable[[], None]) -> None:
    """Does something in a thread for which no process waits. Raises RuntimeError where the machine has none left."""
    Thread(target=do, daemon=True).start()


class NameLookups:
    """All look-ups of one process."""

    def __init__(
        self, resolve: ResolveHost = resolve_host, *, at_a_time: int = LOOKUPS, start: StartThread = start_thread
    ) -> None:
        self._resolve = resolve
        self._start = start
        self._free = BoundedSemaphore(at_a_time)
        self._lock = Lock()
        self._under_way: dict[Host, Future[list[str]]] = {}

    @property
    def under_way(self) -> int:
        """The number of look-ups that have not ended."""
        return len(self._under_way)

    def find_addresses(self, host: str, port: int, *, within_s: float) -> list[str]:
        """Returns all addresses of a host. Raises TimeoutError when the time is over, what `ResolveHost` raises, and
        OSError where no look-up can begin.
        """
        ends_at = monotonic() + within_s
        found = self._joined((host, port)) or self._begun((host, port), within_s)
        return found.result(max(0.0, ends_at - monotonic()))

    def _joined(self, host: Host) -> Future[list[str]] | None:
        with self._lock:
            return self._under_way.get(host)

    def _begun(self, host: Host, within_s: float) -> Future[list[str]]:
        if not self._free.acquire(timeout=within_s):
            raise TimeoutError("too many look-ups are under way")
        with self._lock:
            if host in self._under_way:
                self._free.release()
                return self._under_way[host]
            found = self._under_way[host] = Future()
        try:
            self._start(partial(self._look_up, host, found))
        except RuntimeError as error:  # the machine has no thread left
            self._end(host)
            found.set_exception(OSError(str(error)))
        return found

    def _look_up(self, host: Host, found: Future[list[str]]) -> None:
        try:
            addresses, failed = self._resolve(*host), None
        except Exception as error:  # whoever waits raises it
            addresses, failed = [], error
        self._end(host)
        if failed:
            found.set_exception(failed)
        else:
            found.set_result(addresses)

    def _end(self, host: Host) -> None:
        with self._lock:
            del self._under_way[host]
        self._free.release()
