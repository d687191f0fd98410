"""What reading a source may take where a caller waits for it: processor time and rows, counted while it is read.

In come blocks of rows, and a look at the clock wherever a reader may work for long without giving any; out go the same
blocks, or a refusal `too_large` with the advice what to do instead. Sources that nobody waits for have no such budget.
"""

import sys
from collections.abc import Callable, Iterator
from math import inf

from chalicelib.errors import Refused
from chalicelib.model.rows import RowBlock


class ReadingBudget:
    """The budget of one source. Its time begins when it is made."""

    def __init__(self, *, cpu_s: float, rows: int, advice: str, processor_time: Callable[[], float]) -> None:
        """`advice` is a sentence that says how to send such a source instead; `processor_time` tells the seconds of
        processor time that this process has taken."""
        self._cpu_s = cpu_s
        self._rows = rows
        self._advice = advice
        self._processor_time = processor_time
        self._ends_at = processor_time() + cpu_s

    def check_time(self) -> None:
        """Raises Refused `too_large` where the time is over."""
        if self._processor_time() >= self._ends_at:
            message = f"Reading the source takes more than {self._cpu_s:g} seconds. {self._advice}"
            raise Refused("too_large", message, limit_s=self._cpu_s)

    def each_within(self, blocks: Iterator[RowBlock]) -> Iterator[RowBlock]:
        """Yields the same blocks; lazy. Raises Refused `too_large` where the time is over or the rows are too many."""
        rows = 0
        for block in blocks:
            rows += len(block)
            if rows > self._rows:
                message = f"The source has more than {self._rows} rows. {self._advice}"
                raise Refused("too_large", message, limit_rows=self._rows)
            self.check_time()
            yield block


UNLIMITED = ReadingBudget(cpu_s=inf, rows=sys.maxsize, advice="", processor_time=float)
"""The budget of a source that nobody waits for."""
