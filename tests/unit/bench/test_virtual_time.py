"""Time that passes only while everybody waits."""

from concurrent.futures import Future
from threading import active_count

import pytest

from bench.virtual_time import VirtualTime


def test_what_waits_goes_on_in_the_order_of_time() -> None:
    time, seen = VirtualTime(100), []

    def wait(name: str, *seconds: float) -> None:
        for one in seconds:
            time.sleep(one)
            seen.append((name, time.now))

    time.spawn(lambda: wait("a", 3, 3))
    time.spawn(lambda: wait("b", 1, 1), after_s=1)
    time.run(until=105)

    assert seen == [("b", 102), ("a", 103), ("b", 103)]
    assert time.now == 105
    time.run(until=200)
    assert seen[-1] == ("a", 106)


def test_whoever_waits_for_results_goes_on_with_the_first() -> None:
    time, found = VirtualTime(0), []

    def wait() -> None:
        fast, slow = time.spawn(lambda: time.sleep(2)), time.spawn(lambda: time.sleep(9))
        found.append((time.wait([fast, slow], 5) == [fast], time.now))
        found.append((time.wait([slow], 5) == [], time.now))
        found.append((time.wait([slow], 5) == [slow], time.now))

    time.spawn(wait)
    time.run(until=100)

    assert found == [(True, 2), (True, 7), (True, 9)]


def test_an_error_comes_with_the_result() -> None:
    time = VirtualTime(0)

    def fail() -> None:
        raise KeyError("no")

    failed: Future[object] = time.spawn(fail)
    time.run(until=1)

    with pytest.raises(KeyError):
        failed.result(0)


def test_only_what_was_spawned_may_wait() -> None:
    with pytest.raises(RuntimeError):
        VirtualTime(0).sleep(1)


def test_what_has_not_begun_takes_no_thread() -> None:
    clock = VirtualTime(0.0)
    threads = active_count()

    done = [clock.spawn(lambda: clock.now, after_s=number) for number in range(1_000)]
    clock.run(until=999)

    assert [one.result() for one in done] == list(range(1_000))
    assert active_count() <= threads + 1
