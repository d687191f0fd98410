"""Shows that something goes on while people wait: a line that moves in a terminal, a line now and then without one.

Standard library alone, for environments are made before anything is installed. It goes to standard error, so that the
output of a command holds nothing else.
"""

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

SILENCE_S = 2.0
"""How long nothing may be said where lines cannot move."""
REPEAT_S = 10.0
FRAME_S = 0.1
FRAMES = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"
CLEAR_LINE = "\r\x1b[K"


@contextmanager
def waiting(what: str, stream: TextIO | None = None) -> Iterator[None]:
    """Says what is waited for, and for how long already, for as long as the block lasts. Nothing of it is left in a
    terminal.
    """
    shown_on = stream or sys.stderr
    show, is_over = _show_moving if shown_on.isatty() else _show_lines, threading.Event()
    showing = threading.Thread(target=show, args=(what, shown_on, is_over), daemon=True)
    showing.start()
    try:
        yield
    finally:
        is_over.set()
        showing.join()


def _show_moving(what: str, stream: TextIO, is_over: threading.Event) -> None:
    since, frame = time.monotonic(), 0
    while not is_over.wait(FRAME_S):
        seconds = int(time.monotonic() - since)
        stream.write(f"{CLEAR_LINE}{FRAMES[frame % len(FRAMES)]} {what} · {seconds} s")
        stream.flush()
        frame += 1
    stream.write(CLEAR_LINE)
    stream.flush()


def _show_lines(what: str, stream: TextIO, is_over: threading.Event) -> None:
    since, pause_s = time.monotonic(), SILENCE_S
    while not is_over.wait(pause_s):
        print(f"{what} · {time.monotonic() - since:.0f} s …", file=stream, flush=True)
        pause_s = REPEAT_S
