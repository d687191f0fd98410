"""Processes that end with the process that started them, however that ends.

Linux sends a signal to a child whose parent has died. The parent is a thread there, so all children are started by
one that lives as long as the process. Elsewhere nothing happens here: functions end by themselves when the emulator
does not answer, and whoever started the emulator ends its group.
"""

import ctypes
import signal
import subprocess
import sys
import weakref
from concurrent.futures import ThreadPoolExecutor
from typing import Any

PR_SET_PDEATHSIG = 1
"""Source: https://man7.org/linux/man-pages/man2/PR_SET_PDEATHSIG.2const.html"""
_LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None


def end_with_parent(number: int = signal.SIGKILL) -> None:
    """Has the kernel send this signal to the calling process when its parent thread ends."""
    if _LIBC is not None:
        _LIBC.prctl(PR_SET_PDEATHSIG, int(number), 0, 0, 0)


class SubprocessModule:
    """Stands for the module `subprocess`: all of it, but processes end with this one, at the latest when this object is
    gone."""

    def __init__(self) -> None:
        self._starter = ThreadPoolExecutor(1, "process-starter")
        self._started: weakref.WeakSet[subprocess.Popen[Any]] = weakref.WeakSet()

    def __getattr__(self, name: str) -> Any:
        return getattr(subprocess, name)

    def Popen(self, *given: Any, **named: Any) -> "subprocess.Popen[Any]":  # noqa: N802 -- as subprocess names it
        """Starts a process, as `subprocess.Popen` does."""
        options = named | {"preexec_fn": end_with_parent}
        process = self._starter.submit(lambda: subprocess.Popen(*given, **options)).result()
        self._started.add(process)
        return process

    def kill_all(self) -> None:
        """Kills the processes that were started here and have not ended."""
        for process in list(self._started):
            process.kill()
