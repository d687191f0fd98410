"""Time that passes only where something waits, for clients that wait and functions that end."""

from dataclasses import dataclass, field

from chalicelib.stores.dynamodb.pace import Timing
from chalicelib.stores.invocation import Invocation


@dataclass
class FakeTime:
    """A clock whose hands are moved by waits."""

    now_s: float = 0.0
    waits: list[float] = field(default_factory=list)
    jitter: float = 1.0

    def wait(self, delay_s: float) -> None:
        """Lets that much time pass at once."""
        self.waits.append(delay_s)
        self.now_s += delay_s

    @property
    def timing(self) -> Timing:
        """What a client is given of this time."""
        return Timing(wait=self.wait, clock=lambda: self.now_s, jitter=lambda: self.jitter)

    def invocation(self, lasts_s: float) -> Invocation:
        """Returns the call of a function that begins now and is killed after so many seconds."""
        ends_at = self.now_s + lasts_s
        return Invocation(lambda: ends_at - self.now_s)
