from typing import Any

import pytest

from chalicelib.model.guard_rails import GuardRails, Tolerance
from chalicelib.model.imports import Action, PhaseStatus
from chalicelib.model.passes import initial_phases, pass_after, passes_of, phase_before_writing, visible_phase_of
from chalicelib.model.phases import PhaseName
from tests.world import an_import

READING = ["prevalidation", "preparsing", "transforming", "parsing", "validation"]
A_NUMBER, A_PART = Tolerance(count=5), Tolerance(percent_hundredths=500)


@pytest.mark.parametrize(
    ("given", "behind"),
    [
        pytest.param({}, ["processing"], id="plain"),
        pytest.param({"action": Action.OVERWRITE}, ["processing", "cleanup"], id="overwrite"),
        pytest.param({"is_preview": True}, ["rehearsal"], id="preview"),
        pytest.param(
            {"is_preview": True, "action": Action.OVERWRITE},
            ["rehearsal", "rehearsal_cleanup"],
            id="preview of an overwrite",
        ),
        pytest.param(
            {"guard_rails": GuardRails(max_failed=A_NUMBER), "action": Action.OVERWRITE},
            ["rehearsal", "processing", "cleanup"],
            id="failed rows need no rehearsed cleanup",
        ),
        pytest.param(
            {"guard_rails": GuardRails(all_or_nothing=True)}, ["rehearsal", "processing"], id="all or nothing"
        ),
        pytest.param(
            {"guard_rails": GuardRails(max_deleted=A_NUMBER), "action": Action.OVERWRITE},
            ["rehearsal", "rehearsal_cleanup", "processing", "cleanup"],
            id="deletions of an overwrite",
        ),
        pytest.param(
            {"guard_rails": GuardRails(max_deleted=A_NUMBER), "action": Action.DELETE},
            ["rehearsal", "processing"],
            id="a number of deletions",
        ),
        pytest.param(
            {"guard_rails": GuardRails(max_deleted=A_PART), "action": Action.DELETE},
            ["rehearsal", "rehearsal_cleanup", "processing"],
            id="a part of all records",
        ),
        pytest.param(
            {"guard_rails": GuardRails(max_deleted=A_PART)}, ["processing"], id="a merge, which deletes nothing"
        ),
    ],
)
def test_an_import_passes_through_what_it_needs(given: dict[str, Any], behind: list[str]) -> None:
    assert [*passes_of(an_import(**given))] == [*READING, *behind]


def test_what_follows_a_phase_depends_on_the_import() -> None:
    plain, preview = an_import(), an_import(is_preview=True)

    assert pass_after(plain, PhaseName.VALIDATION) is PhaseName.PROCESSING
    assert pass_after(preview, PhaseName.VALIDATION) is PhaseName.REHEARSAL
    assert pass_after(plain, PhaseName.PROCESSING) is None
    assert pass_after(preview, PhaseName.REHEARSAL) is None


def test_callers_see_a_preview_process_and_clean_up() -> None:
    preview = an_import(is_preview=True, action=Action.OVERWRITE)

    assert visible_phase_of(preview, PhaseName.REHEARSAL) is PhaseName.PROCESSING
    assert visible_phase_of(preview, PhaseName.REHEARSAL_CLEANUP) is PhaseName.CLEANUP


def test_callers_see_all_rehearsals_of_another_import_as_the_beginning_of_processing() -> None:
    guarded = an_import(guard_rails=GuardRails(max_deleted=A_PART), action=Action.OVERWRITE)

    assert visible_phase_of(guarded, PhaseName.REHEARSAL) is PhaseName.PROCESSING
    assert visible_phase_of(guarded, PhaseName.REHEARSAL_CLEANUP) is PhaseName.PROCESSING
    assert visible_phase_of(guarded, PhaseName.CLEANUP) is PhaseName.CLEANUP


@pytest.mark.parametrize(
    ("given", "passes"),
    [
        pytest.param({}, ["prevalidation", "processing"], id="undo"),
        pytest.param({"action": Action.OVERWRITE}, ["prevalidation", "processing"], id="of an overwrite"),
        pytest.param({"is_preview": True}, ["prevalidation", "rehearsal"], id="its preview"),
    ],
)
def test_an_undo_passes_through_what_it_needs(given: dict[str, Any], passes: list[str]) -> None:
    undo = an_import(undo_of="imp_undone", **given)

    assert [*passes_of(undo)] == passes
    assert phase_before_writing(undo) is PhaseName.PREVALIDATION
    skipped = [one.name.value for one in initial_phases(undo) if one.status is PhaseStatus.SKIPPED]
    assert skipped == ["preparsing", "transforming", "parsing", "validation", "cleanup"]


def test_no_other_import_skips_a_phase_before_it_begins() -> None:
    assert {one.status for one in initial_phases(an_import())} == {PhaseStatus.PENDING}
    assert phase_before_writing(an_import()) is PhaseName.VALIDATION
