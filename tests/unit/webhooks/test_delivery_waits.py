"""When a failed delivery is tried again."""

from itertools import pairwise

from chalicelib.webhooks.delivery import TRIES, WAITS_S, find_wait_s


def test_eight_tries_take_about_a_day() -> None:
    assert TRIES == 8
    assert 23 * 3600 < sum(WAITS_S) < 24 * 3600


def test_waits_grow_whatever_chance_does_to_them() -> None:
    for number in range(200):
        waits = [find_wait_s(f"dlv_{number}", failures) or 0 for failures in range(1, TRIES)]
        assert all(later > earlier for earlier, later in pairwise(waits))


def test_deliveries_that_failed_together_come_back_apart() -> None:
    waits = {find_wait_s(f"dlv_{number}", 3) for number in range(200)}

    assert len(waits) > 60
    assert all(240 <= (wait or 0) <= 360 for wait in waits)


def test_after_the_last_try_there_is_none() -> None:
    assert find_wait_s("dlv_1", TRIES) is None
