"""An import into a table that throttles, in small: it keeps up with the table, and nothing fails."""

from dataclasses import asdict

import pytest

from bench.suites.throttling import figures_of
from bench.throttling import Load, measure

SMALL = Load(rows=3_000, writes_per_s=200, batch_rows=1_500, tasks=2, function_lives_s=48, hand_over_s=22)
FOUND = {
    "rows": 1_000,
    "created": 1_000,
    "status": "completed",
    "ideal_s": 100.0,
    "least_s": 125.0,
    "took_s": 150,
    "writing_s": 110,
    "statements": 3_300,
    "throttled": 330,
    "hand_overs": 2,
    "failed_tasks": 0,
}


def test_an_import_keeps_up_with_a_table_that_throttles() -> None:
    """Without a pace, 99 of 100 statements are throttled."""
    found = measure(SMALL)

    assert (found["status"], found["created"], found["failed_tasks"]) == ("completed", SMALL.rows, 0)
    assert found["hand_overs"] >= 2
    assert found["longest_s"] < SMALL.function_lives_s
    assert found["writing_s"] <= 1.25 * SMALL.ideal_s
    assert found["throttled"] < 0.25 * found["statements"]


def test_an_import_is_the_same_every_time() -> None:
    load = Load(**{**asdict(SMALL), "rows": 300})

    assert measure(load) == measure(load)


def test_writing_is_compared_with_the_writes_and_the_import_with_all_that_the_table_must_do() -> None:
    writing, whole = figures_of(FOUND)

    assert (writing.value, writing.result) == (1.1, "met")
    assert (whole.value, whole.result) == (1.2, "met")
    assert "10% of statements throttled, 2 hand-overs" in writing.ours


@pytest.mark.parametrize("wrong", [{"status": "failed"}, {"created": 999}, {"failed_tasks": 1}])
def test_an_import_that_did_not_end_well_is_no_figure(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="did not end well"):
        figures_of({**FOUND, **wrong})
