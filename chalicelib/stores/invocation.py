"""The call of a Lambda function that is under way, as stores see it: how long it may go on, how often it was throttled.

A process serves one call at a time. `app.py` begins each of them, the clients of AWS wait no longer than it lasts, and
what was throttled is measured when it has ended. A process that is no function's has all the time there is.
"""

from threading import Lock

from chalicelib.errors import Throttled
from chalicelib.model.time_left import TimeLeft, endless

RESERVE_S = 10.0
"""What writing records leaves of a function's time: a task then has to find out and write down what it has done, and to
answer."""
CLAIMS_RESERVE_S = 8.0
"""What taking back the claims of records that were not written leaves of it."""
PATIENCE_RESERVE_S = 5.0
"""What waiting for the answer to a request leaves of it."""
READING_RESERVE_S = 4.0
"""What every other wait leaves of it."""
LAST_REQUEST_S = 3.0
"""When less is left, no request is sent any more: its answer might come too late."""
SHORTEST_PATIENCE_S = 2.0
"""How long the answer to a request is waited for at least."""


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

    def ensure_time_for(self, delay_s: float, *, leaving_s: float) -> None:
        """Raises Throttled where the function would have less than `leaving_s` left after a wait of so many seconds."""
        if self.time_left_s() - delay_s < leaving_s:
            raise Throttled(f"Less than {delay_s:.0f} + {leaving_s:.0f} s are left of the function.")

    def patience_s(self, most_s: float) -> float:
        """Returns for how many seconds to wait for the answer to a request that is sent now, `most_s` at most: what is
        begun while there is time for more leaves the time to go on."""
        return min(most_s, max(SHORTEST_PATIENCE_S, self.time_left_s() - PATIENCE_RESERVE_S))

    def count_throttled(self, requests: int) -> None:
        """Counts requests, statements or keys that were throttled."""
        with self._lock:
            self._throttled += requests

    def take_throttled(self) -> int:
        """Returns what has been throttled since the call began, or since it was last asked."""
        with self._lock:
            throttled, self._throttled = self._throttled, 0
        return throttled
