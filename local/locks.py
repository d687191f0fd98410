"""One process at a time, by a lock on a file. The lock goes with the process, however that ends."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def locked(path: Path, *, waits: bool, text: str = "") -> Iterator[None]:
    """Holds the lock for as long as the block lasts, and leaves the text in the file for those who find it locked.
    Raises BlockingIOError where another process holds it and `waits` is False.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX if waits else fcntl.LOCK_EX | fcntl.LOCK_NB)
        lock.truncate(0)
        lock.write(text)
        lock.flush()
        yield


def is_locked(path: Path) -> bool:
    """Returns whether a process holds the lock."""
    if not path.is_file():
        return False
    with path.open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False
