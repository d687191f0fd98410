"""What the state machine sends and gets back survives the way as JSON."""

from typing import Any

import pytest

from chalicelib.imports.events import Event, FinishEvent, ImportRoute, KilledTaskEvent, StoppedEvent
from chalicelib.lifecycle.error_output import ErrorOutput
from chalicelib.model.ids import ImportId
from chalicelib.model.phases import PhaseName
from chalicelib.model.stop_reasons import StopCode, StopReason, end_reason_of
from tests.world import OURS

EVENT = Event(tenant_id=OURS, import_id=ImportId("imp_1"), attempt=1)


def test_a_reason_to_stop_passes_through_the_state_machine() -> None:
    sent = FinishEvent(**EVENT.model_dump(), stopped_by=StopReason(StopCode.SOURCE_MISSING, "it is gone"))

    assert FinishEvent.model_validate(sent.model_dump(mode="json")) == sent


def test_an_execution_that_died_tells_nothing_of_the_inside() -> None:
    stopped = StoppedEvent.model_validate({"status": "TIMED_OUT", "input": EVENT.model_dump_json(), "cause": "secret"})

    assert (stopped.input.attempt, stopped.input.route) == (1, ImportRoute.PLAN)
    assert end_reason_of(stopped.stop_reason).text == "internal_error: the import's execution ended as TIMED_OUT"


def test_an_execution_that_died_of_memory_says_so() -> None:
    cause = '{"errorMessage": "RequestId: 1 Error: Runtime exited with error: signal: killed"}'
    stopped = {"status": "FAILED", "input": EVENT.model_dump_json(), "error": "Runtime.ExitError", "cause": cause}

    text = StoppedEvent.model_validate(stopped).stop_reason.text

    assert text.startswith("out_of_memory: a task needed more memory than its function has. Split the source")


@pytest.mark.parametrize("told", [{}, {"error": None, "cause": None}, {"error": "Fatal", "cause": "secret"}])
def test_any_other_error_of_an_execution_stays_inside(told: dict[str, str | None]) -> None:
    stopped = StoppedEvent.model_validate({"status": "FAILED", "input": EVENT.model_dump_json(), **told})

    reason = end_reason_of(stopped.stop_reason)

    assert reason.text == "internal_error: the import's execution ended as FAILED"


def test_the_state_machines_words_about_a_killed_task_are_understood() -> None:
    killed = {"Error": "Runtime.OutOfMemory", "Cause": "{}"}
    sent = {**EVENT.model_dump(), "phase": "processing", "task": 7, "killed": killed}

    event = KilledTaskEvent.model_validate(sent)

    assert (event.phase, event.task, event.reason.code) == (PhaseName.PROCESSING, 7, StopCode.OUT_OF_MEMORY)


STOPPED = StopReason(StopCode.FATAL, "the table is gone")
KILLED = ErrorOutput.model_validate({"Error": "Runtime.OutOfMemory", "Cause": "{}"})


@pytest.mark.parametrize(
    ("fields", "code", "may_leave_tasks"),
    [
        pytest.param({}, None, False, id="all went well"),
        pytest.param({"stopped_by": STOPPED}, StopCode.FATAL, False, id="stopped"),
        pytest.param({"killed": KILLED}, StopCode.OUT_OF_MEMORY, True, id="its function was killed"),
        pytest.param({"stopped_by": STOPPED, "is_dead": True}, StopCode.FATAL, True, id="its execution is gone"),
        pytest.param({"stopped_by": STOPPED, "is_from_outside": True}, StopCode.FATAL, False, id="its time was over"),
    ],
)
def test_the_finaliser_hears_why_an_import_ends_and_whether_tasks_may_be_at_work(
    fields: dict[str, Any], code: StopCode | None, may_leave_tasks: bool
) -> None:
    event = FinishEvent(**EVENT.model_dump(), **fields)

    assert (event.reason and event.reason.code, event.may_leave_tasks) == (code, may_leave_tasks)
