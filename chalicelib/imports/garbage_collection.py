"""Garbage collection while a task holds a batch: seldom.

Python looks through all young objects after every 700 that were made, and through everything now and then. A task
makes millions that all live as long as their batch and form no cycles: a quarter of its time went into looking.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

SELDOM = (500_000, 20, 20)
"""How many objects are made between two looks at the youngest generation, and how many of those looks come between two
at the older ones."""


@contextmanager
def seldom_collected() -> Iterator[None]:
    """A context in which garbage is seldom collected; afterwards as often as before.

    Older objects are looked at after so many of these looks that it does not happen. They are not frozen meanwhile:
    what is unfrozen counts as old, and cycles among it would hardly ever be found in a process that lives for long.
    """
    before = gc.get_threshold()
    gc.set_threshold(*SELDOM)
    try:
        yield
    finally:
        gc.set_threshold(*before)
