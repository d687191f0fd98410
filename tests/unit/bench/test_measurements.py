import pytest

from bench.measurements import Measurements, Round, ratio


def test_a_round_is_rated_by_its_seconds_of_cpu() -> None:
    assert Round(done=1000, cpu_s=0.5, wall_s=9.0, peak_bytes=1).rate == 2000


def test_the_spread_is_half_the_distance_between_extremes_as_a_share_of_the_median() -> None:
    measured = Measurements.of([90, 100, 130])

    assert measured.median == 100
    assert measured.spread == pytest.approx(0.2)
    assert measured.runs == 3


def test_a_ratio_compares_rounds_that_ran_one_after_the_other() -> None:
    ours, peer = Measurements.of([100, 50, 110]), Measurements.of([10, 5, 10])

    assert ratio(ours, peer).values == (10, 10, 11)


def test_sides_with_unequal_numbers_of_rounds_cannot_be_compared() -> None:
    with pytest.raises(ValueError, match="shorter"):
        ratio(Measurements.of([1, 2]), Measurements.of([1]))


def test_nothing_measured_has_no_median() -> None:
    with pytest.raises(ValueError, match="nothing"):
        Measurements.of([])
