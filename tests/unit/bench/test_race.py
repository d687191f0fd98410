"""The protocol between a race and its contestants, with real processes and very little work."""

import pytest

from bench.race import ContestantFailed, Side, race, rates, running


def test_sides_take_their_rounds_in_turn_and_the_first_is_not_counted() -> None:
    sides = [Side("a", "bench.peers.writers:write_csv", 50), Side("b", "bench.ours.exporting:write_csv", 50)]
    reported: list[str] = []

    found = race(sides, 2, reported.append, is_same_work=True)

    assert reported == [f"{name}, round {number} of 2" for number in range(3) for name in "ab"]
    assert [one.done for rounds in found.values() for one in rounds] == [50] * 4
    assert all(rates(rounds).median > 0 and rounds[0].peak_bytes > 1 << 20 for rounds in found.values())


def test_a_contestant_that_dies_is_named() -> None:
    with pytest.raises(ContestantFailed, match="nobody ended with 1"), running(Side("nobody", "bench.peers:none", 1)):
        pass
