"""How long what has ended is kept: by whole days in UTC, so that everything of one day disappears at one moment.

Comes in: when something was created, and for how long such things are kept. Goes out: the moment from which it counts
as absent, which DynamoDB is told as `expires_at`. It deletes late, by days at worst; readers do not wait for that.
"""

DAY_S = 24 * 3600


def day_of(epoch_s: int) -> int:
    """Returns the day in which a moment lies, in days since 1970; a moment before it lies in the first."""
    return max(epoch_s, 0) // DAY_S


def kept_until(created_at: int, kept_s: int) -> int:
    """Returns the moment from which something counts as absent: `kept_s` after the end of the day of its creation."""
    return (day_of(created_at) + 1) * DAY_S + kept_s


def is_expired(expires_at: int | None, now: float) -> bool:
    """Returns whether something counts as absent; what has no end never does."""
    return expires_at is not None and expires_at <= now
