"""How long a function may still go on; who serves it knows, and what works in it asks."""

from collections.abc import Callable
from math import inf

TimeLeft = Callable[[], float]
"""Returns the seconds until the function is killed."""


def endless() -> float:
    """Returns the time that is left to a process that is no function's: it is never killed."""
    return inf
