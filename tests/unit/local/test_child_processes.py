"""Processes end with the one that started them, even when that is killed, and not with the thread that asked."""

import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from local.child_processes import SubprocessModule
from local.paths import ROOT

PARENT = """
import subprocess, sys, time
from local.child_processes import SubprocessModule
module = SubprocessModule()
child = module.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
print(child.pid, flush=True)
time.sleep(60)
"""
SLEEP = [sys.executable, "-c", "import time; time.sleep(600)"]


def is_alive(pid: int) -> bool:
    try:
        return " Z " not in Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel of Linux does it")
def test_a_child_ends_with_a_parent_that_is_killed() -> None:
    with subprocess.Popen([sys.executable, "-c", PARENT], cwd=ROOT, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        assert is_alive(child)
        parent.send_signal(signal.SIGKILL)

    deadline = time.monotonic() + 10
    while is_alive(child) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not is_alive(child)


def test_a_child_outlives_the_thread_that_started_it_and_is_killed_with_all() -> None:
    module = SubprocessModule()
    started: list[subprocess.Popen[bytes]] = []
    thread = threading.Thread(target=lambda: started.append(module.Popen(SLEEP)))
    thread.start()
    thread.join()
    time.sleep(0.2)
    assert started[0].poll() is None

    module.kill_all()

    assert started[0].wait() == -signal.SIGKILL


def test_all_else_is_that_of_the_module() -> None:
    module = SubprocessModule()

    assert module.DEVNULL == subprocess.DEVNULL
    assert module.TimeoutExpired is subprocess.TimeoutExpired
