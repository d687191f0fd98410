"""What the state machine sends and gets back survives the way as JSON."""

from chalicelib.imports.events import Event, FinishEvent, ImportRoute, StoppedEvent
from chalicelib.model.ids import ImportId
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
