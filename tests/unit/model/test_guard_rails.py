import pytest

from chalicelib.model.guard_rails import Tolerance


@pytest.mark.parametrize(
    ("tolerance", "found", "total", "is_allowed"),
    [
        pytest.param(Tolerance(count=3), 3, 3, True, id="as many as it says"),
        pytest.param(Tolerance(count=3), 4, 1000, False, id="one more"),
        pytest.param(Tolerance(count=0), 1, 1000, False, id="none at all"),
        pytest.param(Tolerance(percent_hundredths=500), 500, 10_000, True, id="five percent"),
        pytest.param(Tolerance(percent_hundredths=500), 501, 10_000, False, id="one more than five percent"),
        pytest.param(Tolerance(percent_hundredths=29), 29, 10_000, True, id="0.29 percent, exactly"),
        pytest.param(Tolerance(percent_hundredths=0), 0, 0, True, id="nothing of nothing"),
    ],
)
def test_a_tolerance_allows_a_number_or_a_part(tolerance: Tolerance, found: int, total: int, is_allowed: bool) -> None:
    assert tolerance.allows(found, total) is is_allowed


@pytest.mark.parametrize(
    ("tolerance", "text"),
    [
        (Tolerance(count=100), "100"),
        (Tolerance(percent_hundredths=500), "5%"),
        (Tolerance(percent_hundredths=250), "2.5%"),
        (Tolerance(percent_hundredths=1), "0.01%"),
        (Tolerance(percent_hundredths=10_000), "100%"),
    ],
)
def test_a_tolerance_reads_as_callers_give_it(tolerance: Tolerance, text: str) -> None:
    assert str(tolerance) == text
