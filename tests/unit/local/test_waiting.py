"""Whoever waits sees that something goes on, and for how long."""

import time
from io import StringIO

from local.waiting import CLEAR_LINE, waiting


class Terminal(StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def test_a_short_wait_leaves_no_line() -> None:
    stream = StringIO()

    with waiting("packaging", stream):
        pass

    assert stream.getvalue() == ""


def test_a_longer_wait_is_told_with_its_seconds() -> None:
    stream = StringIO()

    with waiting("packaging", stream):
        time.sleep(2.3)

    assert stream.getvalue() == "packaging · 2 s …\n"


def test_in_a_terminal_a_line_moves_and_is_gone_at_the_end() -> None:
    terminal = Terminal()

    with waiting("packaging", terminal):
        time.sleep(0.35)

    frames = terminal.getvalue().split(CLEAR_LINE)
    assert len(frames) > 2
    assert frames[1] == "⠋ packaging · 0 s"
    assert frames[-1] == ""
