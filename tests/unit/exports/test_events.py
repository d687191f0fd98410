"""What the export machine passes on between its states."""

import pytest

from chalicelib.exports.events import (
    ExportEvent,
    ExportRoute,
    ExportStep,
    ExportStopped,
    FinishExportEvent,
    SteerEvent,
    Steering,
    is_of_export,
)
from chalicelib.model.ids import ExportId
from chalicelib.model.stop_reasons import StopCode, StopReason
from tests.world import OURS

EVENT = ExportEvent(tenant_id=OURS, export_id=ExportId("exp_1"))
REFUSED = StopReason(StopCode.REFUSED, "too_many_columns: Leave fields out.")


def test_a_reason_passes_through_the_machine() -> None:
    step = ExportStep(**EVENT.model_dump(), route=ExportRoute.FINISH, stopped_by=REFUSED)
    passed_on = {**step.model_dump(mode="json"), "step": "finish"}

    assert SteerEvent.model_validate(passed_on).step is Steering.FINISH
    assert FinishExportEvent.model_validate(passed_on).stopped_by == REFUSED


def test_an_execution_that_stopped_ends_its_export_without_saying_why() -> None:
    stopped = ExportStopped.model_validate({"status": "ABORTED", "input": EVENT.model_dump_json(), "cause": "secret"})

    finish = stopped.to_finish_event()

    assert finish.export_id == EVENT.export_id
    assert finish.stopped_by is not None
    assert finish.stopped_by.text == "internal_error: the export's execution ended as ABORTED"


def test_an_execution_that_died_of_memory_says_so() -> None:
    cause = '{"errorMessage": "RequestId: 1 Error: Runtime exited with error: signal: killed"}'
    stopped = {"status": "FAILED", "input": EVENT.model_dump_json(), "error": "Runtime.ExitError", "cause": cause}

    finish = ExportStopped.model_validate(stopped).to_finish_event()

    assert finish.reason is not None
    assert finish.reason.text.startswith(
        "out_of_memory: a task needed more memory than its function has. Ask for fewer"
    )


@pytest.mark.parametrize(
    ("detail", "expected"),
    [
        pytest.param({"input": EVENT.model_dump_json()}, True, id="export"),
        pytest.param({"input": '{"import_id": "imp_1"}'}, False, id="import"),
        pytest.param({}, False, id="no input"),
    ],
)
def test_executions_of_exports_are_told_from_those_of_imports(detail: dict[str, object], expected: bool) -> None:
    assert is_of_export(detail) is expected
