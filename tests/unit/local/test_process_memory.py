"""A process is killed for the memory it holds, and how any process ended is told as Lambda tells it."""

import subprocess
import sys
from pathlib import Path

import pytest

from local.process_memory import MemoryWatch, peak_kb

pytestmark = pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory is read from /proc")

HUNGRY = "import time; held = bytearray(b'1') * 80_000_000; time.sleep(60)"
BRIEFLY_HUNGRY = "import time; held = bytearray(b'1') * 80_000_000; del held; print(flush=True); time.sleep(60)"


def started(code: str) -> "subprocess.Popen[bytes]":
    return subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE)


@pytest.mark.parametrize("code", [HUNGRY, BRIEFLY_HUNGRY], ids=["holding it", "having held it"])
def test_a_process_that_takes_more_than_it_may_is_killed(code: str) -> None:
    with started(code) as process, MemoryWatch(lambda: process, limit_mb=50) as watch:
        process.wait(20)

    assert watch.ending == "signal: killed"


def test_a_process_that_takes_less_is_left_alone() -> None:
    with started("print(7)") as process, MemoryWatch(lambda: process, limit_mb=500) as watch:
        process.wait(20)

    assert process.returncode == 0
    assert watch.ending == "exit status 0"


@pytest.mark.parametrize(
    ("code", "ending"),
    [
        ("import time, sys; time.sleep(0.2); sys.exit(3)", "exit status 3"),
        (
            "import os, signal, time; time.sleep(0.2); os.kill(os.getpid(), signal.SIGSEGV)",
            "signal: segmentation fault",
        ),
    ],
)
def test_other_endings_are_told_by_their_status_or_signal(code: str, ending: str) -> None:
    with started(code) as process, MemoryWatch(lambda: process, limit_mb=500) as watch:
        process.wait(20)

    assert watch.ending == ending


def test_a_process_that_is_gone_holds_nothing() -> None:
    with started("pass") as process:
        process.wait(20)

    assert peak_kb(process.pid) == 0
