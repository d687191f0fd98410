from dataclasses import asdict

import pytest

from bench.measurements import Round
from bench.prices import AwsUsage
from bench.race import ContestantFailed, demand_same
from bench.spending import Counted
from bench.suites.importing import (
    BY_HAND,
    BY_HAND_OVER_TLS,
    FRAME,
    IN_MEMORY,
    OURS,
    OVER_TLS,
    compared,
    figures_with_writes,
)
from bench.suites.listing_rows import page_figure
from bench.suites.requesting import request_figure
from bench.suites.spending import cost_shares, figures_of

FOUND = {
    "created": 1000,
    "record_write_units": 3000,
    "usage": asdict(AwsUsage(write_units=3000, read_units=3000, transitions=9)),
    "usage_beside": asdict(AwsUsage(write_units=3000, read_units=4000, transitions=9)),
    "usage_unchanged": asdict(AwsUsage(read_units=1600)),
}


def rounds(*cpu_s: float) -> list[Round]:
    return [Round(done=1000, cpu_s=one, wall_s=1, peak_bytes=1) for one in cpu_s]


def test_sides_are_compared_by_rows_per_second_of_cpu() -> None:
    figure = compared("pipeline", {OURS: rounds(0.1, 0.1), "peer": rounds(0.4, 0.4)}, "peer", None)

    assert (figure.value, figure.ours, figure.peer) == (4.0, "10.0 k/s", "peer: 2,500/s")
    assert (figure.counted, figure.result) == ("CPU, 2 runs", "")


def test_a_row_with_its_writes_is_compared_with_the_same_without_them_and_with_peers() -> None:
    sides = {OURS: 0.035, IN_MEMORY: 0.025, OVER_TLS: 0.045, BY_HAND: 0.175, FRAME: 0.07, BY_HAND_OVER_TLS: 0.18}

    figures = figures_with_writes({name: rounds(cpu_s, cpu_s) for name, cpu_s in sides.items()})

    assert [(one.ours, round(one.value, 2), one.unit, one.result) for one in figures] == [
        ("35.0 µs", 35.0, "µs", "met"),
        ("28.6 k/s", 5.0, "×", "met"),
        ("28.6 k/s", 2.0, "×", "missed by 33%"),
        ("45.0 µs", 45.0, "µs", ""),
        ("22.2 k/s", 4.0, "×", ""),
    ]
    assert figures[0].peer == "ours, store in memory: 25.0 µs"


def test_the_price_is_compared_with_that_of_the_writes_alone() -> None:
    writes, cost, beside, unchanged = figures_of(FOUND, "customers", 2, 1000)

    assert (writes.value, writes.result) == (3.0, "met")
    assert cost.value == pytest.approx(1.32)
    assert cost.result == "missed by 15%"
    assert (cost.name, beside.name) == tuple(
        f"cost per million rows, customers{where}" for where in (", the first ones", " beside others")
    )
    assert beside.value > cost.value
    assert cost.peer == "the writes alone: $1.88"
    assert unchanged.ours == "$0.20 (DynamoDB reads 100%)"
    assert unchanged.result == "missed by 100%"


def test_the_largest_part_of_a_price_comes_first() -> None:
    assert cost_shares(AwsUsage(**FOUND["usage"])) == "DynamoDB writes 76%, DynamoDB reads 15%, Step Functions 9%"  # type: ignore[arg-type]


def test_transitions_are_those_of_the_state_machine() -> None:
    counted = Counted()
    for lap in ("plan", "prevalidation", "prevalidation", "gate", "preparsing", "gate", "finish"):
        counted.lap(lap)

    # plan, route, two phases of Map, gate and choice, three tasks with a choice and an end, finish
    assert counted.transitions == 1 + 1 + 2 * 3 + 3 * 3 + 1


def test_a_source_small_enough_for_one_task_passes_five_states() -> None:
    counted = Counted()
    for lap in ("plan", "run_phases", "finish"):
        counted.lap(lap)

    assert counted.transitions == 5


def test_contestants_that_did_unlike_work_are_not_compared() -> None:
    demand_same({"ours": 100, "theirs": 100})
    with pytest.raises(ContestantFailed, match="not done the same"):
        demand_same({"ours": 100, "theirs": 99})


def test_a_request_is_compared_by_how_long_its_caller_waits() -> None:
    ours, plain = [(0.02, 0.01), (0.04, 0.01), (0.06, 0.01)], [(0.1, 0.09), (0.2, 0.09), (0.3, 0.09)]

    figure = request_figure("cStar", 50, ours, plain)

    assert figure.value == pytest.approx(5)
    assert figure.result == "met"
    assert figure.ours == "p50 40 ms, p99 60 ms, CPU 10 ms"
    assert request_figure("PackageX", 50, ours, plain).target is None


def test_a_page_of_many_rows_is_compared_with_the_same_page_of_few() -> None:
    few = {"rows": 10_000, "page": "last", "requests": 9, "bytes": 2048, "cpu_s": 0.004}
    many = few | {"rows": 10_000_000, "requests": 12, "cpu_s": 0.005}

    figure = page_figure(many, few, 5)

    assert (figure.name, figure.value, figure.result) == ("100 rows, last of 10,000,000", 1.25, "met")
    assert figure.ours == "12 requests, 2 KB, 5.0 ms"
    assert figure.peer == "of 10,000: 9 requests, 2 KB, 4.0 ms"
