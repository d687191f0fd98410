"""What a row must have meant in the preview, so that a strict import writes it."""

import pytest

from chalicelib.imports.phases.previewed import fail_changed, live_version
from chalicelib.model.ids import ImportId, RecordId
from chalicelib.model.problem_codes import ProblemCode
from chalicelib.model.problems import Problem
from chalicelib.model.records import Record, Stamp, Write
from chalicelib.model.rows import Draft, Outcome, RowOutcome

ID = RecordId("cus_1")
DRAFT = Draft(7, 9, {}, [], ID)
OURS = Stamp(ImportId("imp_a"), 7, Outcome.UPDATED)
DUPLICATE = Problem(ProblemCode.DUPLICATE_IN_SOURCE, 7, 9, "email", "a@x.com", {"first": 2})


def a_record(version: int, *, is_deleted: bool = False, stamps: tuple[Stamp, ...] = ()) -> Record:
    return Record(ID, {"name": "Ann"}, version, 1, 1, is_deleted=is_deleted, stamps=stamps)


def an_outcome(record_id: RecordId = ID, version: int | None = 3, outcome: Outcome = Outcome.UPDATED) -> RowOutcome:
    return RowOutcome(7, 9, outcome, record_id, version=version)


@pytest.mark.parametrize(
    ("stored", "before", "is_done"),
    [
        pytest.param(a_record(3), an_outcome(), True, id="as it was"),
        pytest.param(a_record(4), an_outcome(), False, id="changed"),
        pytest.param(None, an_outcome(), False, id="gone"),
        pytest.param(a_record(3, is_deleted=True), an_outcome(), False, id="deleted"),
        pytest.param(a_record(3), an_outcome(RecordId("cus_2")), False, id="another record of the same version"),
        pytest.param(None, an_outcome(version=0), True, id="new, and new still"),
        pytest.param(a_record(8, is_deleted=True), an_outcome(version=0), True, id="made and deleted meanwhile"),
        pytest.param(a_record(1), an_outcome(version=0), False, id="made meanwhile"),
        pytest.param(None, an_outcome(version=None, outcome=Outcome.FAILED), False, id="rejected before it meant one"),
        pytest.param(None, None, False, id="a row that the preview did not have"),
        pytest.param(a_record(9, stamps=(OURS,)), an_outcome(), True, id="written by an earlier try"),
    ],
)
def test_a_row_is_done_where_it_means_what_it_meant(
    stored: Record | None, before: RowOutcome | None, is_done: bool
) -> None:
    write = Write(ID, stored, OURS)

    ((_, what),) = fail_changed([(DRAFT, write)], {ID: stored} if stored else {}, {7: before} if before else {})

    assert (what is write) == is_done
    if isinstance(what, RowOutcome):
        assert [one.code for one in what.problems] == [ProblemCode.CHANGED_SINCE_PREVIEW]


def test_a_row_that_would_stay_unchanged_fails_too() -> None:
    unchanged = RowOutcome(7, 9, Outcome.UNCHANGED, ID)

    ((_, what),) = fail_changed([(DRAFT, unchanged)], {ID: a_record(4)}, {7: an_outcome()})

    assert isinstance(what, RowOutcome)
    assert (what.outcome, dict(what.problems[0].facts)) == (
        Outcome.FAILED,
        {"previewed": "cus_1, version 3", "found": "cus_1, version 4"},
    )


@pytest.mark.parametrize("outcome", [Outcome.FAILED, Outcome.SKIPPED])
def test_a_row_that_is_rejected_anyway_keeps_its_reason(outcome: Outcome) -> None:
    rejected = RowOutcome(7, 9, outcome, ID)

    assert fail_changed([(DRAFT, rejected)], {ID: a_record(4)}, {7: an_outcome()}) == [(DRAFT, rejected)]


def test_a_duplicate_stays_one_though_it_was_one_only_after_a_race() -> None:
    duplicate = RowOutcome(7, 9, Outcome.SKIPPED, ID, [DUPLICATE], version=4)

    ((_, what),) = fail_changed([(DRAFT, Write(ID, None, OURS))], {}, {7: duplicate})

    assert isinstance(what, RowOutcome)
    assert (what.outcome, what.problems) == (Outcome.SKIPPED, [DUPLICATE])


def test_a_tombstone_is_no_record() -> None:
    assert [live_version(one) for one in (None, a_record(5, is_deleted=True), a_record(5))] == [0, 0, 5]
