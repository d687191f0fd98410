"""The table of phases says of each phase what the rest of the service takes for granted."""

import pytest

from chalicelib.imports.pipeline import TASKS
from chalicelib.model.phases import (
    PHASES,
    PUBLIC_PHASES,
    REQUEST_PHASES,
    ROW_PHASES,
    WRITING_PHASES,
    PhaseName,
    PhaseSpec,
    phases_behind,
    phases_until,
    public_name,
    spec_of,
)

MARKING = [one for one in PHASES if one.duplicates_skipped_by]


def test_the_table_has_every_phase_in_order() -> None:
    assert [one.name for one in PHASES] == list(PhaseName)


def test_every_phase_has_a_task() -> None:
    assert list(TASKS) == list(PhaseName)


def test_rows_get_their_outcome_in_four_phases_or_where_one_of_them_is_rehearsed() -> None:
    assert [*ROW_PHASES] == ["prevalidation", "transforming", "validation", "rehearsal", "processing"]


def test_callers_see_seven_phases() -> None:
    assert [*PUBLIC_PHASES] == [
        "prevalidation",
        "preparsing",
        "transforming",
        "parsing",
        "validation",
        "processing",
        "cleanup",
    ]


@pytest.mark.parametrize("rehearsal", [one for one in PHASES if one.rehearses], ids=lambda one: one.name)
def test_a_rehearsal_is_divided_as_its_phase_is_and_writes_nothing(rehearsal: PhaseSpec) -> None:
    rehearsed = spec_of(public_name(rehearsal.name))

    assert (rehearsal.unit, rehearsal.function) == (rehearsed.unit, rehearsed.function)
    assert (rehearsal.finishes_rows, rehearsal.is_open_ended) == (rehearsed.finishes_rows, rehearsed.is_open_ended)
    assert rehearsed.writes_records
    assert not rehearsal.writes_records


def test_two_phases_change_records() -> None:
    assert [*WRITING_PHASES] == ["processing", "cleanup"]


def test_the_phases_of_a_request_come_first() -> None:
    assert phases_until(PhaseName.PREPARSING) == REQUEST_PHASES


@pytest.mark.parametrize("marking", MARKING, ids=lambda one: one.name)
def test_marked_duplicates_are_skipped_by_the_phase_that_follows_and_finishes_rows(marking: PhaseSpec) -> None:
    assert phases_behind(marking.name) == (marking.duplicates_skipped_by,)
    assert marking.duplicates_skipped_by in ROW_PHASES
    assert not marking.finishes_rows


def test_a_phase_is_found_by_its_name() -> None:
    assert [spec_of(name).name for name in PhaseName] == list(PhaseName)


def test_rehearsals_may_be_left_out() -> None:
    assert phases_behind(PhaseName.VALIDATION) == (
        PhaseName.REHEARSAL,
        PhaseName.REHEARSAL_CLEANUP,
        PhaseName.PROCESSING,
    )
    assert phases_behind(PhaseName.REHEARSAL_CLEANUP) == (PhaseName.PROCESSING,)


def test_an_undo_goes_from_prevalidation_to_processing_or_its_rehearsal() -> None:
    assert phases_behind(PhaseName.PREVALIDATION) == (
        PhaseName.PREPARSING,
        PhaseName.REHEARSAL,
        PhaseName.PROCESSING,
    )
    assert [one.name for one in PHASES if one.runs_in_undo] == [
        PhaseName.PREVALIDATION,
        PhaseName.REHEARSAL,
        PhaseName.PROCESSING,
    ]


def test_no_phase_follows_the_last() -> None:
    assert phases_behind(PhaseName.CLEANUP) == ()
