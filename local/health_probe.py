"""Asks the emulator all the time whether it answers: a process that is there may still hang.

In goes an address; out come the news that it has not answered for some seconds, once, and that it does again. A busy
machine makes an emulator slow, and one that works does not always answer at once; hence nothing is done about it here.
"""

import http.client
import threading
import time
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field

ASK_EVERY_S = 1.0
ANSWER_S = 5.0
"""How long an answer may take. A hang is noticed so much later, and up to one second more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthProbe:
    """A thread that asks; `silent` and `answers` are called on it."""

    find_url: Callable[[], str]
    silent: Callable[[float], None]
    """Told for how many seconds it has not answered."""
    answers: Callable[[], None]
    ask_every_s: float = ASK_EVERY_S
    answer_s: float = ANSWER_S
    _stopped: threading.Event = field(default_factory=threading.Event)

    def start(self) -> None:
        """Begins to ask."""
        self._stopped.clear()
        threading.Thread(target=self._run, name="health", daemon=True).start()

    def stop(self) -> None:
        """Asks no more, and reports nothing more."""
        self._stopped.set()

    def is_answered(self, within_s: float) -> bool:
        """Asks once, and returns whether there is an answer within this time."""
        try:
            with urllib.request.urlopen(f"{self.find_url()}/_ministack/health", timeout=within_s):
                return True
        except (OSError, http.client.HTTPException):
            return False

    def _run(self) -> None:
        answered_at, is_told = time.monotonic(), False
        while not self._stopped.wait(self.ask_every_s):
            is_answered = self.is_answered(self.answer_s)
            silent_s = time.monotonic() - answered_at
            if self._stopped.is_set():
                return
            if is_answered:
                if is_told:
                    self.answers()
                answered_at, is_told = time.monotonic(), False
            elif not is_told and silent_s >= self.answer_s:
                self.silent(silent_s)
                is_told = True
