"""What an import says of itself."""

import pytest

from chalicelib.model.imports import FINAL, Stats, Status, UploadMode, pending_phases
from chalicelib.model.phases import PUBLIC_PHASES
from tests.world import an_import


def test_every_row_ends_with_an_outcome() -> None:
    stats = Stats(total=10, created=3, failed=2, overwritten=7).with_unprocessed_rest()

    assert (stats.unprocessed, stats.accounted) == (5, 10)
    assert stats + Stats(total=1, created=1) == Stats(total=11, created=4, failed=2, unprocessed=5, overwritten=7)


def test_only_the_first_two_phases_follow_the_upload_mode() -> None:
    phases = pending_phases(UploadMode.SYNC)

    assert [one.name for one in phases] == [*PUBLIC_PHASES]
    assert [one.name for one in phases if one.mode is UploadMode.SYNC] == ["prevalidation", "preparsing"]


@pytest.mark.parametrize(
    ("status", "due_at"),
    [
        pytest.param(Status.REQUESTED, 50, id="while its file is awaited: the upload window"),
        pytest.param(Status.QUEUED, 90, id="then: the deadline"),
    ],
)
def test_an_import_is_due_when_waiting_for_it_ends(status: Status, due_at: int) -> None:
    assert an_import(status, upload_expires_at=50, deadline_at=90).due_at == due_at


@pytest.mark.parametrize("status", Status)
def test_an_import_is_final_or_it_is_not(status: Status) -> None:
    assert an_import(status).is_final is (status in FINAL)
