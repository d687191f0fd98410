"""What reading a source may take where a caller waits for it: processor time and rows, and the time of the request.

In come blocks of rows, and a look at the clocks wherever a reader may work for long without giving any; out go the same
blocks, or a refusal `too_large` with the advice what to do instead. A request whose time is over although reading took
little of the processor met slow stores: trying again may help. Sources that nobody waits for have no such budget.
"""

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import inf

from chalicelib.errors import Refused, Retryable
from chalicelib.model.rows import RowBlock


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """How much a source may take."""

    cpu_s: float
    """Seconds of processor time for reading."""
    time_s: float
    """Seconds of the request, before it writes its first record."""
    rows: int


class ReadingBudget:
    """The budget of one source. Its time begins when it is made."""

    def __init__(
        self,
        allowance: Allowance,
        *,
        advice: str,
        processor_time: Callable[[], float],
        clock: Callable[[], float],
    ) -> None:
        """`advice` is a sentence that says how to send such a source instead; `processor_time` tells the seconds of
        processor time that this process has taken, `clock` seconds since any moment."""
        self._allowance = allowance
        self._clock = clock
        self._request_ends_at = clock() + allowance.time_s
        self._advice = advice
        self._processor_time = processor_time
        self._ends_at = processor_time() + allowance.cpu_s

    def check_time(self) -> None:
        """Raises Refused `too_large` where the time for reading is over, Retryable where that of the request is."""
        if self._processor_time() >= self._ends_at:
            message = f"Reading the source takes more than {self._allowance.cpu_s:g} seconds. {self._advice}"
            raise Refused("too_large", message, limit_s=self._allowance.cpu_s)
        self.check_request_time()

    def check_request_time(self) -> None:
        """Raises Retryable where the time of the request is over."""
        if self._clock() >= self._request_ends_at:
            raise Retryable(f"The {self._allowance.time_s:g} seconds of the request are over.")

    def each_within(self, blocks: Iterator[RowBlock]) -> Iterator[RowBlock]:
        """Yields the same blocks, but for empty ones; lazy. Raises Refused `too_large` where the rows are too many, and
        what `check_time` raises.
        """
        rows = 0
        for block in blocks:
            rows += len(block)
            if rows > self._allowance.rows:
                message = f"The source has more than {self._allowance.rows} rows. {self._advice}"
                raise Refused("too_large", message, limit_rows=self._allowance.rows)
            self.check_time()
            if len(block):
                yield block


UNLIMITED = ReadingBudget(
    Allowance(cpu_s=inf, time_s=inf, rows=sys.maxsize), advice="", processor_time=float, clock=float
)
"""The budget of a source that nobody waits for."""
