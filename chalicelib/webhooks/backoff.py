"""When a delivery that failed is tried again: later each time, eight tries within some 24 hours."""

from zlib import crc32

WAITS_S = (10, 60, 5 * 60, 30 * 60, 2 * 3600, 5 * 3600, 16 * 3600)
"""After the first failure, the second, and so on."""
TRIES = len(WAITS_S) + 1
SPREAD = 0.2
"""So far a wait may differ from its mean: deliveries that failed together do not come back together."""


def find_wait_s(delivery_id: str, failures: int) -> int | None:
    """None where it has been tried often enough. The same for the same delivery: nothing here is random."""
    if failures >= TRIES:
        return None
    chance = crc32(f"{delivery_id}{failures}".encode()) / 2**32
    return round(WAITS_S[failures - 1] * (1 - SPREAD + 2 * SPREAD * chance))
