"""What an export says of itself."""

from dataclasses import replace

import pytest

from chalicelib.model.exports import ENDINGS, UNDER_WAY, Export, ExportStatus
from chalicelib.model.ids import ExportId, TenantId

EXPORT = Export(
    export_id=ExportId("exp_1"), tenant_id=TenantId("t"), resource="customers", deadline_at=50, files_until=90
)


@pytest.mark.parametrize(
    ("status", "due_at"),
    [
        pytest.param(ExportStatus.QUEUED, 50, id="at its deadline"),
        pytest.param(ExportStatus.COMPLETED, 90, id="when its files expire"),
        pytest.param(ExportStatus.FAILED, None, id="never again"),
        pytest.param(ExportStatus.EXPIRED, None, id="nor after its files have expired"),
    ],
)
def test_the_reaper_looks_at_an_export_when_it_is_due(status: ExportStatus, due_at: int | None) -> None:
    assert replace(EXPORT, status=status).due_at == due_at


def test_every_status_is_under_way_or_an_ending_or_expired() -> None:
    assert {*ExportStatus} == UNDER_WAY | ENDINGS | {ExportStatus.EXPIRED}
    assert not UNDER_WAY & ENDINGS
