"""A process that is watched, and killed once it holds more memory than it may, as Lambda kills a function's.

In goes what finds the process; afterwards the watch knows how it ended. The most that a process ever held is read from
`/proc`, so that no peak between two looks is missed; where there is no `/proc`, nothing is limited.
"""

import signal
import subprocess
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Self

LOOK_EVERY_S = 0.02


class MemoryWatch:
    """Watches a process for as long as the `with` block lasts. It may begin, or be replaced, within."""

    def __init__(self, find_process: Callable[[], "subprocess.Popen[bytes] | None"], limit_mb: int) -> None:
        self._find_process = find_process
        self._limit_kb = limit_mb * 1024
        self._last: subprocess.Popen[bytes] | None = None
        self.has_killed = False
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ending.set()
        self._thread.join()

    @property
    def ending(self) -> str:
        """How the process ended, in the words of Lambda: `signal: killed` or `exit status 1`. Waits until it has."""
        return ending_of(self._last.wait() if self._last else 0)

    def _watch(self) -> None:
        while not self._ending.wait(LOOK_EVERY_S):
            self._last = self._find_process() or self._last
            if self._last and peak_kb(self._last.pid) > self._limit_kb:
                self.has_killed = True
                self._last.kill()


def ending_of(code: int) -> str:
    """Returns how a process ended, of which the code is told as `subprocess` does."""
    return f"signal: {(signal.strsignal(-code) or 'unknown').lower()}" if code < 0 else f"exit status {code}"


def peak_kb(pid: int) -> int:
    """Returns the most memory that a process has held since it began, in KiB; 0 for one that is gone."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM:")), 0)
