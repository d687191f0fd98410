"""What a run of a schedule says of itself."""

from dataclasses import replace

import pytest

from chalicelib.model.exports import FROM_THE_BEGINNING_MS
from chalicelib.model.ids import ScheduleId, TenantId
from chalicelib.model.schedules import ExportTemplate, RunStatus, ScheduleRun

RUN = ScheduleRun(
    schedule_id=ScheduleId("sch_1"),
    tenant_id=TenantId("t"),
    due_at=1_000,
    template=ExportTemplate(dialect="cstar", resource="customers"),
)


def test_a_due_time_has_one_export() -> None:
    assert RUN.export_id == replace(RUN, status=RunStatus.STARTED, rows=5).export_id
    assert RUN.export_id != replace(RUN, due_at=1_001).export_id


@pytest.mark.parametrize(
    ("since_ms", "until_ms", "next_since_ms"),
    [
        pytest.param(None, 900, None, id="not incremental"),
        pytest.param(500, None, 500, id="not delivered: still to be exported"),
        pytest.param(500, 900, 900, id="delivered"),
        pytest.param(500, 400, 500, id="never backwards"),
    ],
)
def test_windows_follow_each_other(since_ms: int | None, until_ms: int | None, next_since_ms: int | None) -> None:
    assert replace(RUN, since_ms=since_ms, until_ms=until_ms).next_since_ms == next_since_ms


def test_a_run_is_open_until_it_ends() -> None:
    failed = RUN.started().failed("late", 9)

    assert (RUN.is_open, RUN.started().is_open, failed.is_open) == (True, True, False)
    assert (failed.status, failed.reason, failed.ended_at) == (RunStatus.FAILED, "late", 9)


def test_a_run_from_the_beginning_is_full() -> None:
    assert replace(RUN, since_ms=FROM_THE_BEGINNING_MS).is_full
    assert not replace(RUN, since_ms=500).is_full
