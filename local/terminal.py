"""What the emulator reports of its state, as lines for the person in front of the terminal.

In go reports; out come a line when the state can no longer be saved or the emulator does not answer, one when it can or
does again, and the news of a death, raised where the main thread is.
"""

import sys
from collections.abc import Callable

from local.emulator import EmulatorDied, Listener
from local.restore import clock_time
from local.waiting import CLEAR_LINE


def print_line(line: str) -> None:
    """Prints a line at once, in the place of one that moves."""
    print(f"{CLEAR_LINE if sys.stdout.isatty() else ''}{line}", flush=True)


class Terminal:
    """Remembers what was reported last, so that nothing is said twice."""

    def __init__(self, tell: Callable[[str], None] = print_line) -> None:
        self.on_death: Callable[[], None] = lambda: None
        """Called on the listener's thread; it has `raise_death` called on the main one."""
        self._tell = tell
        self._saved_at = 0.0
        self._is_failing = False
        self._death = ""

    def listener(self) -> Listener:
        """Returns who hears of the emulator."""
        return Listener(
            self._note_saved, self._note_failed, self._note_died, self._note_silent, self._note_answers, self._tell
        )

    def kept(self) -> str:
        """Returns what is kept, whatever happens now."""
        if not self._saved_at:
            return "What was saved before this run is kept;"
        return f"What was saved at {clock_time(self._saved_at)} is kept, later changes are lost;"

    def raise_death(self) -> None:
        """Says that the emulator has died, and raises EmulatorDied."""
        self._tell(f"The emulator has died ({self._death}). {self.kept()} make run goes on from there.")
        raise EmulatorDied(self._death)

    def _note_saved(self, saved_at: float) -> None:
        self._saved_at = saved_at
        if self._is_failing:
            self._tell("The state is saved again.")
        self._is_failing = False

    def _note_failed(self, why: str) -> None:
        if not self._is_failing:
            self._tell(f"The state cannot be saved: {why}. {self.kept()} it is tried again and again.")
        self._is_failing = True

    def _note_silent(self, seconds: float) -> None:
        self._tell(f"The emulator runs, but has not answered for {seconds:.0f} s. It is waited for; Ctrl-C ends it.")

    def _note_answers(self) -> None:
        self._tell("The emulator answers again.")

    def _note_died(self, how: str) -> None:
        self._death = how
        self.on_death()
