import math

import pytest

from chalicelib.errors import Throttled
from chalicelib.stores.invocation import PATIENCE_RESERVE_S, RESERVE_S, SHORTEST_PATIENCE_S, Invocation


def test_outside_of_a_function_time_has_no_end() -> None:
    invocation = Invocation()

    invocation.ensure_time_for(1e9, leaving_s=RESERVE_S)

    assert invocation.time_left_s() == math.inf


def test_a_wait_leaves_the_reserve_of_the_function() -> None:
    invocation = Invocation()
    invocation.begin(lambda: RESERVE_S + 5)

    invocation.ensure_time_for(5, leaving_s=RESERVE_S)
    with pytest.raises(Throttled):
        invocation.ensure_time_for(5.1, leaving_s=RESERVE_S)


@pytest.mark.parametrize(
    ("left_s", "patience_s"),
    [(900, 20), (PATIENCE_RESERVE_S + 6, 6), (PATIENCE_RESERVE_S, SHORTEST_PATIENCE_S), (0, SHORTEST_PATIENCE_S)],
)
def test_no_answer_is_waited_for_beyond_the_function(left_s: float, patience_s: float) -> None:
    assert Invocation(lambda: left_s).patience_s(20) == patience_s


def test_what_was_throttled_is_counted_call_by_call() -> None:
    invocation = Invocation()
    invocation.count_throttled(3)
    invocation.begin(lambda: 900)
    invocation.count_throttled(2)
    invocation.count_throttled(1)

    assert invocation.take_throttled() == 3
    assert invocation.take_throttled() == 0
