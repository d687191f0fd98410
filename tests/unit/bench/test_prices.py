import pytest

from bench.prices import AwsUsage, least_cost, units


def test_a_million_records_with_two_identities_cost_three_million_write_units() -> None:
    assert least_cost(1_000_000, identities=2) == pytest.approx(1.875)


def test_what_was_used_is_paid_by_kind() -> None:
    usage = AwsUsage(
        write_units=1_000_000,
        read_units=1_000_000,
        puts=1000,
        gets=10_000,
        transitions=1000,
        invocations=1_000_000,
        cpu_s=0,
    )

    costs = usage.costs()

    assert costs == pytest.approx(
        {"DynamoDB writes": 0.625, "DynamoDB reads": 0.125, "S3": 0.009, "Step Functions": 0.025, "Lambda": 0.2}
    )
    assert usage.cost() == pytest.approx(0.984)


def test_a_second_on_the_cpu_costs_what_a_function_of_one_core_costs() -> None:
    assert AwsUsage(cpu_s=1000).costs()["Lambda"] == pytest.approx(0.02303, rel=1e-3)


@pytest.mark.parametrize(
    ("size_bytes", "expected"), [(0, 1), (1, 1), (1024, 1), (1025, 2)], ids=["nothing", "a byte", "full", "over"]
)
def test_units_are_rounded_up(size_bytes: int, expected: int) -> None:
    assert units(size_bytes, 1024) == expected
