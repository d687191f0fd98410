"""Rate limits: how often a key may ask in a window of time, and how much of it is left.

Windows are fixed and begin at whole multiples of their length, the same on every machine, so that one counter for each
key and window is enough, with one write for each request. Requests are counted in `access/authentication.py`.
"""

from dataclasses import dataclass

MINUTE_S, HOUR_S = 60, 3600


@dataclass(frozen=True, slots=True)
class RateLimit:
    """A number of requests, at least one, in a window of some seconds."""

    requests: int
    window_s: int

    def begins_at(self, now: int) -> int:
        """Returns when the window that contains this time began, in epoch seconds."""
        return now - now % self.window_s


@dataclass(frozen=True, slots=True, kw_only=True)
class RateLimitStatus:
    """What is left of a rate limit after a request was counted."""

    rate_limit: RateLimit
    used: int
    """Requests that were let through in this window, this one included unless it was refused."""
    begins_at: int
    """When the window began, in epoch seconds."""
    is_exceeded: bool = False
    """Whether this request was one too many."""

    @property
    def remaining(self) -> int:
        """How many requests are left in this window."""
        return max(self.rate_limit.requests - self.used, 0)

    @property
    def resets_at(self) -> int:
        """When the next window begins, in epoch seconds."""
        return self.begins_at + self.rate_limit.window_s
