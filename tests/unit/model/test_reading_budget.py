"""What reading a source may take where somebody waits for it."""

from collections.abc import Callable, Iterator
from io import BytesIO

import pytest

from chalicelib.errors import Refused, Retryable
from chalicelib.formats import open_table
from chalicelib.formats.blocks import block_of
from chalicelib.formats.streams import TimedStream
from chalicelib.model.limits import DEFAULT_LIMITS
from chalicelib.model.reading_budget import UNLIMITED, Allowance, ReadingBudget
from chalicelib.model.reading_options import ReadingOptions
from chalicelib.model.rows import Row, RowBlock
from tests.workbooks import workbook


class ProcessorTime:
    """A clock that a test sets."""

    now_s = 100.0

    def __call__(self) -> float:
        return self.now_s


def budget(clock: ProcessorTime, *, rows: int = 5, wall: Callable[[], float] | None = None) -> ReadingBudget:
    allowance = Allowance(cpu_s=3, time_s=20, rows=rows)
    return ReadingBudget(allowance, advice="Send less.", processor_time=clock, clock=wall or (lambda: 0))


def blocks(*sizes: int) -> Iterator[RowBlock]:
    return (block_of([Row(n, n, ["a"]) for n in range(1, size + 1)], size) for size in sizes)


def test_rows_beyond_it_are_refused_when_they_come() -> None:
    each = budget(ProcessorTime()).each_within(blocks(3, 2, 1))

    assert [len(next(each)), len(next(each))] == [3, 2]
    with pytest.raises(Refused, match=r"too_large: The source has more than 5 rows\. Send less\."):
        next(each)


def test_its_time_begins_when_it_is_made() -> None:
    clock = ProcessorTime()
    stream = TimedStream(BytesIO(b"abc"), budget(clock))

    clock.now_s += 2.9
    assert stream.read(1) == b"a"
    clock.now_s += 0.1
    with pytest.raises(Refused, match=r"too_large: Reading the source takes more than 3 seconds\. Send less\."):
        stream.read(1)


def test_a_request_whose_time_is_over_met_slow_stores() -> None:
    wall = ProcessorTime()
    stream = TimedStream(BytesIO(b"abc"), budget(ProcessorTime(), wall=wall))

    wall.now_s += 19.9
    assert stream.read(1) == b"a"
    wall.now_s += 0.1
    with pytest.raises(Retryable, match=r"The 20 seconds of the request are over\."):
        stream.read(1)


@pytest.mark.parametrize(
    "content",
    [b"name\n" + b"Ann\n" * 10, b'[{"name":"Ann"}' + b',{"name":"Bob"}' * 9 + b"]", workbook({"S": ["ab"] * 11})],
)
def test_it_holds_for_every_format(content: bytes) -> None:
    table = open_table(BytesIO(content), ReadingOptions(), DEFAULT_LIMITS, budget=budget(ProcessorTime()))

    with pytest.raises(Refused, match="too_large"):
        list(table.rows)


def test_a_part_of_a_workbook_is_not_inflated_beyond_its_time() -> None:
    clock = ProcessorTime()
    within = budget(clock)
    clock.now_s += 3

    with pytest.raises(Refused, match="too_large"):
        open_table(BytesIO(workbook({"S": ["ab"]})), ReadingOptions(), DEFAULT_LIMITS, budget=within)


def test_without_one_nothing_is_refused() -> None:
    UNLIMITED.check_time()

    assert len(list(UNLIMITED.each_within(blocks(100_000, 1)))) == 2
