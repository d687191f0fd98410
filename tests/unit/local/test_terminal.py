"""What the emulator reports is said once, and its death reaches the main thread."""

import pytest

from local.emulator import EmulatorDied
from local.restore import clock_time
from local.terminal import Terminal

NOON = 1_700_000_000.0


@pytest.fixture
def lines() -> list[str]:
    return []


@pytest.fixture
def terminal(lines: list[str]) -> Terminal:
    return Terminal(lines.append)


def test_a_state_that_cannot_be_saved_is_said_once_and_that_it_is_saved_again(
    terminal: Terminal, lines: list[str]
) -> None:
    listener = terminal.listener()
    listener.saved(NOON)
    listener.failed("No space left on device")
    listener.failed("No space left on device")
    listener.saved(NOON + 60)
    listener.saved(NOON + 70)

    assert lines == [
        f"The state cannot be saved: No space left on device. What was saved at {clock_time(NOON)} is kept, later "
        "changes are lost; it is tried again and again.",
        "The state is saved again.",
    ]


def test_a_death_is_said_with_what_is_kept(terminal: Terminal, lines: list[str]) -> None:
    deaths: list[str] = []
    terminal.on_death = lambda: deaths.append("now")
    terminal.listener().saved(NOON)

    terminal.listener().died("signal: killed")

    assert deaths == ["now"]
    with pytest.raises(EmulatorDied, match="signal: killed"):
        terminal.raise_death()
    assert lines == [
        f"The emulator has died (signal: killed). What was saved at {clock_time(NOON)} is kept, later changes are "
        "lost; make run goes on from there."
    ]


def test_an_emulator_that_hangs_is_said_and_that_it_answers_again(terminal: Terminal, lines: list[str]) -> None:
    listener = terminal.listener()
    listener.silent(5.6)
    listener.answers()

    assert lines == [
        "The emulator runs, but has not answered for 6 s. It is waited for; Ctrl-C ends it.",
        "The emulator answers again.",
    ]


def test_before_anything_was_saved_nothing_is_promised_but_what_was_there(terminal: Terminal) -> None:
    assert terminal.kept() == "What was saved before this run is kept;"
