"""Corrections to the emulator, ministack 1.5.33; each with its reason, each guarded by tests/e2e/test_corrections.py.

Runs inside the emulator's process, before its server starts. Both only spare waiting: with them a warm call takes about
10 ms, without them 100. What else the emulator does unlike AWS is met by the design, not by patches.
"""

import socketserver

from ministack.core.lambda_runtime import Worker

QUIET_S = 0.003
"""Functions write their logs before they answer: what is not in the pipe by then is not coming."""


def correct() -> None:
    answer_without_delay()
    collect_logs_without_delay()


def answer_without_delay() -> None:
    """The Runtime API answers in two small packets; Nagle's algorithm holds the second back for 40 ms."""
    socketserver.StreamRequestHandler.disable_nagle_algorithm = True


def collect_logs_without_delay() -> None:
    """After each invocation the emulator waits 50 ms for a first line of log."""
    _first_line_wait, _idle_confirm, hard_cap = Worker._drain_stderr_bounded.__defaults__
    Worker._drain_stderr_bounded.__defaults__ = (QUIET_S, QUIET_S, hard_cap)
