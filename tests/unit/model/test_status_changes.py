"""Which status may follow which, and what a change writes beside it."""

import pytest

from chalicelib.model.exports import ENDINGS, ExportStatus
from chalicelib.model.imports import FINAL, Status
from chalicelib.model.status_changes import EXPORT_PREDECESSORS, IMPORT_PREDECESSORS, ExportChange, ImportChange
from tests.world import an_import


def test_every_status_says_from_where_it_is_reached() -> None:
    assert IMPORT_PREDECESSORS.keys() == {*Status}
    assert EXPORT_PREDECESSORS.keys() == {*ExportStatus}


def test_nothing_follows_the_end_but_the_expiry_of_an_export() -> None:
    assert not any(FINAL & before for before in IMPORT_PREDECESSORS.values())
    followed = {(before, to) for to, ones in EXPORT_PREDECESSORS.items() for before in ones if before in ENDINGS}

    assert followed == {(ExportStatus.COMPLETED, ExportStatus.EXPIRED)}


@pytest.mark.parametrize("status", sorted(FINAL))
def test_no_import_leaves_a_final_status(status: Status) -> None:
    assert all(ImportChange(to=to, at=9).applied_to(an_import(status)) is None for to in Status)


def test_a_change_writes_what_it_is_given_and_the_time() -> None:
    assert ImportChange(to=Status.PROCESSING, at=9, by="ann", started_at=8, attempt=2).values() == {
        "status": Status.PROCESSING,
        "updated_at": 9,
        "updated_by": "ann",
        "started_at": 8,
    }


@pytest.mark.parametrize(
    ("change", "unpublished_since"),
    [
        pytest.param(ImportChange(to=Status.COMPLETED, at=9), 9, id="import ended"),
        pytest.param(ImportChange(to=Status.CANCELING, at=9), None, id="import goes on"),
        pytest.param(ExportChange(to=ExportStatus.FAILED, at=9), 9, id="export ended"),
        pytest.param(ExportChange(to=ExportStatus.EXPIRED, at=9), None, id="its files only expired"),
    ],
)
def test_an_ending_is_still_to_be_published(change: ImportChange | ExportChange, unpublished_since: int | None) -> None:
    assert change.values().get("unpublished_since") == unpublished_since


def test_a_change_for_another_attempt_is_refused() -> None:
    import_ = an_import(Status.PROCESSING, attempt=2)

    assert ImportChange(to=Status.COMPLETED, at=9, attempt=1).applied_to(import_) is None
    assert ImportChange(to=Status.COMPLETED, at=9, attempt=2).applied_to(import_) is not None
