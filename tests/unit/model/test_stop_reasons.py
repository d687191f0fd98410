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
    reason_of_killing,
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


OF_MEMORY = "out_of_memory: a task needed more memory than its function has. Split it."
CRASHED = "task_crashed: the process of a task ended before its work did. Try again."


@pytest.mark.parametrize(
    ("error", "cause", "text"),
    [
        ("Runtime.OutOfMemory", "", OF_MEMORY),
        ("MemoryError", '{"errorMessage": "", "errorType": "MemoryError"}', OF_MEMORY),
        (
            "Runtime.ExitError",
            '{"errorMessage": "RequestId: 1 Error: Runtime exited with error: signal: killed"}',
            OF_MEMORY,
        ),
        ("Runtime.ExitError", '{"errorMessage": "Error: Runtime exited with error: exit status 137"}', OF_MEMORY),
        ("Runtime.ExitError", '{"errorMessage": "Error: Runtime exited with error: exit status 1"}', CRASHED),
        ("Runtime.ExitError", '{"errorMessage": "… error: signal: segmentation fault (core dumped)"}', CRASHED),
    ],
)
def test_a_process_that_was_killed_for_its_memory_is_told_from_one_that_crashed(
    error: str, cause: str, text: str
) -> None:
    reason = reason_of_killing(error, cause, advice="Split it.")

    assert reason is not None
    assert reason.text == text


@pytest.mark.parametrize("error", ["", "Fatal", "Sandbox.Timedout", "States.Timeout"])
def test_errors_that_kill_nothing_are_no_reason(error: str) -> None:
    assert reason_of_killing(error, "signal: killed", advice="Split it.") is None


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
