"""Calls that only read, made by threads a little ahead of who takes their answers: in come arguments, out go answers in
the same order, of which no more are held than there are threads.
"""

from collections import deque
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from typing import TypeVar

A = TypeVar("A")
T = TypeVar("T")


def each_ahead(read: Callable[[A], T], arguments: Sequence[A], *, threads: int) -> Generator[T, None, None]:
    """Yields what `read` answers to each argument, in their order; lazy. It raises what a call raised when its turn
    comes. A single call needs no thread.
    """
    if len(arguments) < 2:
        yield from map(read, arguments)
        return
    with ThreadPoolExecutor(min(threads, len(arguments)), thread_name_prefix="reading") as pool:
        rest = iter(arguments)
        waiting: deque[Future[T]] = deque(pool.submit(read, one) for one in islice(rest, threads))
        try:
            while waiting:
                answer = waiting.popleft().result()
                waiting.extend(pool.submit(read, one) for one in islice(rest, 1))
                yield answer
        finally:
            for one in waiting:
                one.cancel()
