"""How often a key may ask: a quota, the window it counts in, and what is left of it.

Windows are fixed and begin at whole multiples of their length, the same for every machine, so that one counter for each
key and window decides, with one write for each request.
"""

from dataclasses import dataclass

MINUTE_S, HOUR_S = 60, 3600


@dataclass(frozen=True, slots=True)
class RateLimit:
    """So many requests, at least one, in a window of so many seconds."""

    requests: int
    window_s: int

    def begins_at(self, now: int) -> int:
        return now - now % self.window_s


@dataclass(frozen=True, slots=True, kw_only=True)
class RateLimitStatus:
    """What the window holds after a request was counted."""

    rate_limit: RateLimit
    used: int
    """Requests let through in this window, this one included unless it was refused."""
    begins_at: int
    is_exceeded: bool = False
    """This request was one too many."""

    @property
    def remaining(self) -> int:
        return max(self.rate_limit.requests - self.used, 0)

    @property
    def resets_at(self) -> int:
        """Epoch seconds."""
        return self.begins_at + self.rate_limit.window_s
