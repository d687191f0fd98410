"""A percentage that never falls, and what is left of the time."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.model.guard_rails import GuardRails, Tolerance
from chalicelib.model.import_progress import WEIGHTS, ImportProgress, progress_of
from chalicelib.model.imports import FINAL, Action, Import, PhaseStatus, Status, UploadMode, pending_phases
from chalicelib.model.phases import PHASES, PUBLIC_PHASES
from tests.world import NOW, an_import

BEFORE = [Status.REQUESTED, Status.QUEUED]


def at(phase: int, part: float, **wanted: Any) -> Import:
    """An import that has begun a hundred seconds ago, and has come to this part of this phase."""
    import_ = an_import(Status.PROCESSING, started_at=NOW - 100, **wanted)
    statuses = [PhaseStatus.COMPLETED] * phase + [PhaseStatus.PROCESSING] + [PhaseStatus.PENDING] * 7
    phases = (
        replace(one, status=status, part_done=part if status is PhaseStatus.PROCESSING else 0.0, rows_per_second=7)
        for one, status in zip(pending_phases(UploadMode.ASYNC), statuses, strict=False)
    )
    return replace(import_, phases=tuple(phases))


def test_every_phase_has_a_weight() -> None:
    assert [*WEIGHTS] == [one.name for one in PHASES]


@pytest.mark.parametrize("status", sorted(FINAL))
def test_what_has_ended_is_at_100(status: Status) -> None:
    assert progress_of(replace(at(2, 0.5), status=status), NOW) == ImportProgress(100)


@pytest.mark.parametrize("status", BEFORE)
def test_what_has_not_begun_is_at_0(status: Status) -> None:
    assert progress_of(an_import(status), NOW) == ImportProgress(0)


def test_under_one_percent_nothing_is_foretold() -> None:
    assert progress_of(at(0, 0.01), NOW) == ImportProgress(0)


def test_what_is_left_takes_as_long_as_what_is_done_has_taken() -> None:
    half_of_reading = progress_of(at(0, 0.5), NOW)

    assert half_of_reading == ImportProgress(13, rows_per_second=7, remaining_s=670)


def test_it_is_not_at_100_before_it_has_ended() -> None:
    assert progress_of(at(6, 1.0, action=Action.OVERWRITE), NOW).percent == 99


def test_phases_that_are_not_run_count_for_nothing() -> None:
    plain, overwrite = (progress_of(at(5, 0.0, action=one), NOW).percent for one in (Action.MERGE, Action.OVERWRITE))

    assert (plain, overwrite) == (55, 50)


PLACES = st.tuples(st.integers(0, len(PUBLIC_PHASES) - 1), st.floats(0, 1))
KINDS = st.fixed_dictionaries(
    {
        "action": st.sampled_from(Action),
        "is_preview": st.booleans(),
        "guard_rails": st.sampled_from([GuardRails(), GuardRails(max_failed=Tolerance(count=5))]),
    }
)


@given(PLACES, PLACES, KINDS)
def test_who_has_come_further_is_never_told_less(one: Any, other: Any, kind: dict[str, Any]) -> None:
    nearer, further = sorted([one, other])

    before, after = (progress_of(at(*place, **kind), NOW) for place in (nearer, further))

    assert 0 <= before.percent <= after.percent <= 99
