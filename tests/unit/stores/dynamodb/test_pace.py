import pytest

from chalicelib.errors import Throttled
from chalicelib.stores.dynamodb.pace import BACK_OFF_UNITS, CUT, HOLD_S, IDLE_S, Pace, PaceRules
from chalicelib.stores.invocation import RESERVE_S
from tests.fake_time import FakeTime

RULES = PaceRules(start=200, step=10, least=20, leaves_s=RESERVE_S)


@pytest.fixture
def time() -> FakeTime:
    return FakeTime(jitter=0.0)


def a_pace(time: FakeTime, lasts_s: float = 9_000) -> Pace:
    return Pace(RULES, time.invocation(lasts_s), time.timing)


def throttled_once(time: FakeTime) -> Pace:
    pace = a_pace(time)
    pace.acquire(25)
    pace.learn(25, throttled=5)
    return pace


def send(pace: Pace, time: FakeTime, *, for_s: float, unless_above: float = float("inf")) -> None:
    """Sends 25 units after the other; more a second than `unless_above` are throttled."""
    until = time.now_s + for_s
    while time.now_s < until:
        pace.acquire(25)
        pace.learn(25, throttled=5 if (pace.rate or 0) > unless_above else 0)


def test_nothing_waits_before_something_is_throttled(time: FakeTime) -> None:
    pace = a_pace(time)

    for _ in range(10_000):
        pace.acquire(25)
        pace.learn(25, throttled=0)

    assert time.waits == []


def test_the_first_throttling_starts_a_pace_that_doubles_each_second(time: FakeTime) -> None:
    pace = throttled_once(time)
    assert pace.rate == 200

    send(pace, time, for_s=1)
    assert pace.rate == pytest.approx(400, rel=0.1)

    send(pace, time, for_s=2)
    assert pace.rate == pytest.approx(1_600, rel=0.2)


def test_after_the_next_throttling_the_rate_grows_evenly(time: FakeTime) -> None:
    pace = throttled_once(time)
    time.wait(HOLD_S)
    pace.learn(25, throttled=1)
    assert pace.rate == pytest.approx(200 * CUT)

    send(pace, time, for_s=10)

    assert pace.rate == pytest.approx(200 * CUT + 100, abs=5)


def test_the_rate_is_cut_once_a_second(time: FakeTime) -> None:
    pace = throttled_once(time)
    time.wait(HOLD_S)

    for _ in range(50):
        pace.learn(25, throttled=25)

    assert pace.rate == pytest.approx(200 * CUT)


def test_the_rate_has_a_least(time: FakeTime) -> None:
    pace = throttled_once(time)

    for _ in range(30):
        time.wait(HOLD_S)
        pace.learn(25, throttled=25)

    assert pace.rate == RULES.least


def test_the_rate_stays_near_what_the_table_takes(time: FakeTime) -> None:
    pace = throttled_once(time)
    send(pace, time, for_s=30, unless_above=1_000)
    rates = []

    for _ in range(100):
        send(pace, time, for_s=1, unless_above=1_000)
        rates.append(pace.rate or 0)

    assert min(rates) >= 1_000 * CUT - 25
    assert max(rates) <= 1_010


def test_turns_are_as_far_apart_as_the_rate_says(time: FakeTime) -> None:
    pace = throttled_once(time)
    pace.acquire(100)

    pace.acquire(100)

    assert time.now_s == pytest.approx(0.5)


def test_missed_turns_are_not_made_up_for_in_a_burst(time: FakeTime) -> None:
    pace = throttled_once(time)
    time.wait(30)
    time.waits.clear()

    for _ in range(3):
        pace.acquire(100)

    assert sum(time.waits) == pytest.approx(1.0 - 0.05)


def test_the_next_turn_after_throttling_is_scattered() -> None:
    time = FakeTime(jitter=0.5)
    pace = throttled_once(time)

    pace.acquire(25)

    assert time.waits == [0.5 * BACK_OFF_UNITS / 200]


def test_an_idle_process_forgets_its_pace(time: FakeTime) -> None:
    pace = throttled_once(time)
    time.wait(IDLE_S + 1)

    pace.acquire(25)

    assert pace.rate is None


def test_a_turn_that_comes_too_late_for_the_function_is_not_waited_for(time: FakeTime) -> None:
    pace = a_pace(time, lasts_s=RESERVE_S + 1)
    pace.acquire(25)
    pace.learn(25, throttled=25)
    pace.acquire(190)

    pace.acquire(25)
    with pytest.raises(Throttled):
        pace.acquire(25)


def test_what_is_left_of_the_function_is_as_the_caller_wants_it(time: FakeTime) -> None:
    pace = a_pace(time, lasts_s=RESERVE_S - 1)

    pace.acquire(25, leaving_s=RESERVE_S - 2)
    with pytest.raises(Throttled):
        pace.acquire(25)


def test_what_was_throttled_is_counted(time: FakeTime) -> None:
    invocation = time.invocation(9_000)
    pace = Pace(RULES, invocation, time.timing)

    for throttled in (0, 3, 0, 2):
        pace.learn(25, throttled=throttled)

    assert invocation.take_throttled() == 5
