"""What callers read when an import was stopped, and the status it ends with."""

import pytest

from chalicelib.errors import Refused
from chalicelib.model.imports import Status
from chalicelib.model.stop_reasons import (
    CANCELED,
    COMPLETED,
    SUPERSEDED,
    TIMED_OUT,
    EndReason,
    StopCode,
    StopReason,
    end_of_canceling,
    end_reason_of,
)
from tests.world import an_import


@pytest.mark.parametrize(
    ("reason", "text"),
    [
        pytest.param(CANCELED, "canceled", id="a code alone"),
        pytest.param(StopReason(StopCode.SOURCE_MISSING, "it is gone"), "source_missing: it is gone", id="a code"),
        pytest.param(StopReason(StopCode.INTERNAL_ERROR, "it died"), "internal_error: it died", id="a public code"),
        pytest.param(StopReason(StopCode.REFUSED, "no_rows: Empty."), "no_rows: Empty.", id="a refusal"),
        pytest.param(StopReason(StopCode.FATAL, "3 rows are lost"), "3 rows are lost", id="an error"),
    ],
)
def test_the_text_is_what_callers_read(reason: StopReason, text: str) -> None:
    assert reason.text == text


@pytest.mark.parametrize(
    ("stop", "status"),
    [
        (CANCELED, Status.CANCELED),
        (TIMED_OUT, Status.TIMED_OUT),
        (SUPERSEDED, Status.FAILED),
        (StopReason(StopCode.REFUSED, "no_rows: Empty."), Status.FAILED),
    ],
)
def test_only_cancels_and_timeouts_have_a_status_of_their_own(stop: StopReason, status: Status) -> None:
    assert end_reason_of(stop) == EndReason(status, stop.text)


def test_what_nothing_stopped_is_completed() -> None:
    assert end_reason_of(None) == COMPLETED == EndReason(Status.COMPLETED, None)


def test_an_import_is_canceled_unless_its_execution_died() -> None:
    canceling = an_import(Status.CANCELING)
    dying = an_import(Status.CANCELING, reason="internal_error: it died")

    assert end_of_canceling(canceling) == EndReason(Status.CANCELED, "canceled")
    assert end_of_canceling(dying) == EndReason(Status.FAILED, "internal_error: it died")


@pytest.mark.parametrize(
    "refusal",
    [
        pytest.param(Refused("too_many_columns", "The rows have more: 2.\nLeave some out."), id="without a parameter"),
        pytest.param(Refused("invalid_option", "No such sheet.", param="sheet"), id="with a parameter"),
    ],
)
def test_a_refusal_stays_what_it_was(refusal: Refused) -> None:
    found = StopReason.of_refusal(refusal).to_refusal()

    assert found is not None
    assert (found.code, found.message, found.param) == (refusal.code, refusal.message, refusal.param)


@pytest.mark.parametrize(
    "reason", [CANCELED, StopReason(StopCode.REFUSED, "no_code: Why."), StopReason(StopCode.FATAL, "too_large: x")]
)
def test_other_reasons_are_no_refusals(reason: StopReason) -> None:
    assert reason.to_refusal() is None
