"""The table of phases says of each phase what the rest of the service takes for granted."""

import pytest

from chalicelib.imports.pipeline import TASKS
from chalicelib.model.phases import (
    PHASES,
    REQUEST_PHASES,
    ROW_PHASES,
    WRITING_PHASES,
    PhaseName,
    PhaseSpec,
    phase_after,
    phases_until,
    spec_of,
)

MARKING = [one for one in PHASES if one.duplicates_skipped_by]


def test_the_table_has_every_phase_in_order() -> None:
    assert [one.name for one in PHASES] == list(PhaseName)


def test_every_phase_has_a_task() -> None:
    assert list(TASKS) == list(PhaseName)


def test_rows_get_their_outcome_in_four_phases() -> None:
    assert [*ROW_PHASES] == ["prevalidation", "transforming", "validation", "processing"]


def test_two_phases_change_records() -> None:
    assert [*WRITING_PHASES] == ["processing", "cleanup"]


def test_the_phases_of_a_request_come_first() -> None:
    assert phases_until(PhaseName.PREPARSING) == REQUEST_PHASES


@pytest.mark.parametrize("marking", MARKING, ids=lambda one: one.name)
def test_marked_duplicates_are_skipped_by_the_phase_that_follows_and_finishes_rows(marking: PhaseSpec) -> None:
    assert marking.duplicates_skipped_by is phase_after(marking.name)
    assert marking.duplicates_skipped_by in ROW_PHASES
    assert not marking.finishes_rows


def test_a_phase_is_found_by_its_name() -> None:
    assert [spec_of(name).name for name in PhaseName] == list(PhaseName)


def test_no_phase_follows_the_last() -> None:
    assert (phase_after(PhaseName.PREVALIDATION), phase_after(PhaseName.CLEANUP)) == (PhaseName.PREPARSING, None)
