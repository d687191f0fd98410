"""The model says which limit comes first; its numbers move with what they depend on."""

import pytest

from bench.scaling import PEAK, READ_UNITS, STACKS, Stack, monthly_cost, shares, table
from chalicelib.model.limits import DEFAULT_LIMITS


def used(stack: Stack, limit: str) -> float:
    [found] = [one.used for one in shares(stack) if one.limit == limit]
    return found


def test_the_largest_share_comes_first() -> None:
    for stack in STACKS:
        found = [one.used for one in shares(stack)]
        assert found == sorted(found, reverse=True)


def test_a_billion_records_of_one_tenant_are_more_rows_than_an_import_takes() -> None:
    assert used(Stack(1, 1_000_000_000), "rows of one import") == 2.5
    assert [one.limit for one in shares(Stack(1, 1_000_000_000))[:2]] == [
        "read units of the records table",
        "rows of one import",
    ]


def test_a_billion_records_of_many_tenants_meet_what_a_table_takes() -> None:
    first = shares(Stack(10_000, 100_000))[0]

    assert first.limit == "read units of the records table"
    assert first.used == pytest.approx(10_000 * 100_000 * PEAK * READ_UNITS / (8 * 3600) / 40_000)


def test_an_import_that_takes_its_whole_time_fills_that_limit() -> None:
    rows = 10_000
    while used(Stack(1, rows), "time of one import") < 1:
        rows *= 2

    assert rows * 45e-6 / 15 < DEFAULT_LIMITS.import_time_s


def test_twice_as_many_tenants_cost_twice_as_much() -> None:
    assert monthly_cost(Stack(20, 1_000)) == pytest.approx(2 * monthly_cost(Stack(10, 1_000)))


def test_the_table_has_a_line_for_each_stack() -> None:
    lines = table().splitlines()

    assert len(lines) == 2 + len(STACKS)
    assert len({line.count("|") for line in lines}) == 1
