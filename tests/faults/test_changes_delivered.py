"""Every change is delivered exactly once, whatever writers, sweeps and exports do at once."""

from collections import Counter
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chalicelib.model.limits import DEFAULT_LIMITS
from tests.faults.incremental_world import FUNCTION_LIFETIME_S, IncrementalWorld, Move

NUMBERS = st.integers(0, 4)
FIELDS = st.none() | st.integers(0, 99).map(lambda number: {"name": f"Name {number}"})
MOVES: st.SearchStrategy[Move] = st.one_of(
    st.tuples(st.just("stamp"), NUMBERS, FIELDS),
    st.tuples(st.just("stamp"), NUMBERS, FIELDS),
    st.tuples(st.just("commit"), st.integers(0, 9)),
    st.tuples(st.just("commit"), st.integers(0, 9)),
    st.tuples(st.just("let_pass"), st.integers(1, 12 * 60)),
    st.tuples(st.just("run_schedules")),
    st.tuples(st.just("run_schedules"), st.integers(0, 14)),
    st.tuples(st.just("step"), st.integers(1, 19)),
    st.tuples(st.just("fail")),
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(MOVES, max_size=60))
def test_what_was_delivered_is_what_is_stored_and_nothing_comes_twice(moves: list[Move]) -> None:
    world = IncrementalWorld(lag_s=DEFAULT_LIMITS.export_lag_s).make(moves).end()

    changes = Counter((row["id"], row["updated_at"]) for row in world.delivered_rows())
    assert world.merged() == world.stored()
    assert [change for change, times in changes.items() if times > 1] == []


LATE_WRITER: list[Move] = [
    ("stamp", 1, {"name": "Late"}),
    ("let_pass", FUNCTION_LIFETIME_S - 1),
    ("run_schedules",),
    ("step", 100),
    ("commit", 0),
]


def test_a_writer_that_takes_all_its_time_is_not_left_out() -> None:
    world = IncrementalWorld(lag_s=DEFAULT_LIMITS.export_lag_s).make(LATE_WRITER).end()

    assert world.merged() == world.stored() == {"con_1": "Late"}


def test_without_the_lag_its_change_would_be_lost() -> None:
    """A test of the tests, and of why there is a lag."""
    world = IncrementalWorld(lag_s=0).make(LATE_WRITER).end()

    assert (world.merged(), world.stored()) == ({}, {"con_1": "Late"})


def test_deletions_are_delivered() -> None:
    moves: list[Any] = [
        ("stamp", 1, {"name": "Gone"}),
        ("commit", 0),
        ("let_pass", 1500),
        ("run_schedules",),
        ("step", 100),
    ]

    world = (
        IncrementalWorld(lag_s=DEFAULT_LIMITS.export_lag_s).make([*moves, ("run_schedules",), ("stamp", 1, None)]).end()
    )

    assert [row["_deleted"] for row in world.delivered_rows()] == [False, True]
    assert world.merged() == world.stored() == {}
