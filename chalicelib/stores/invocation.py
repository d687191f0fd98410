"""The call of a Lambda function that is under way, as stores see it: how long it may go on, how often it was throttled.

A process serves one call at a time. `app.py` begins each of them, the clients of AWS wait no longer than it lasts, and
what was throttled is measured when it has ended. A process that is no function's has all the time there is.
"""

from threading import Lock

from chalicelib.errors import Throttled
from chalicelib.model.time_left import TimeLeft, endless

RESERVE_S = 10.0
"""What a client leaves of a function's time: a task then has to write down what it has done, and to answer."""


class Invocation:
    """The time that is left of a function, and a count of what was throttled. It may be shared between threads."""

    def __init__(self, time_left_s: TimeLeft = endless) -> None:
        self._time_left_s = time_left_s
        self._throttled = 0
        self._lock = Lock()

    def begin(self, time_left_s: TimeLeft) -> None:
        """Begins a call; `time_left_s` returns the seconds until the function is killed."""
        self._time_left_s = time_left_s
        self.take_throttled()

    def time_left_s(self) -> float:
        """Returns the seconds until the function is killed; infinity outside of one."""
        return self._time_left_s()

    def ensure_time_for(self, delay_s: float) -> None:
        """Raises Throttled where the function does not last through a wait of so many seconds."""
        if self.time_left_s() - delay_s < RESERVE_S:
            raise Throttled(f"DynamoDB is throttling, and less than {delay_s + RESERVE_S:.0f} s are left to wait.")

    def count_throttled(self, requests: int) -> None:
        """Counts requests, statements or keys that were throttled."""
        with self._lock:
            self._throttled += requests

    def take_throttled(self) -> int:
        """Returns what has been throttled since the call began, or since it was last asked."""
        with self._lock:
            throttled, self._throttled = self._throttled, 0
        return throttled
