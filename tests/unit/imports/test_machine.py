"""The functions of the state machine, called late, twice, or for an import that is gone or no longer theirs."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.access.context import InlineRun
from chalicelib.errors import Fatal
from chalicelib.imports.events import Event, FinishEvent
from chalicelib.model.ids import ImportId
from chalicelib.model.imports import Import, PhaseStatus, Status, UploadMode, pending_phases
from chalicelib.model.object_keys import upload_key
from chalicelib.model.status_changes import ImportChange
from chalicelib.model.stop_reasons import SUPERSEDED, TIMED_OUT, StopCode, StopReason
from chalicelib.stores.memory import MemoryImportExecutions
from tests.import_world import TENANT, ImportWorld

ANN = "name,email\nAnn,ann@x.com\n"
DIED = StopReason(StopCode.INTERNAL_ERROR, "the import's execution ended as FAILED")


def event_of(import_: Import, **fields: Any) -> dict[str, Any]:
    return {"tenant_id": TENANT, "import_id": import_.import_id, "attempt": import_.attempt} | fields


def begun(world: ImportWorld) -> Import:
    import_ = world.queue(ANN)
    world.machine.plan(Event(**event_of(import_)))
    return world.get(import_)


def change(world: ImportWorld, import_: Import, to: Status) -> None:
    assert world.stores.imports.change(TENANT, import_.import_id, ImportChange(to=to, at=1, ended_at=None))


def test_an_import_begins_with_its_first_phase_and_its_time() -> None:
    world = ImportWorld()

    import_ = begun(world)

    assert (import_.status, import_.started_at) == (Status.PROCESSING, int(world.clock.now_s))
    assert import_.deadline_at == (import_.started_at or 0) + world.limits.import_time_s
    assert [one.status for one in import_.phases] == [PhaseStatus.PROCESSING] + [PhaseStatus.PENDING] * 6
    assert import_.phases[0].started_at == import_.started_at


def test_an_import_that_is_begun_again_keeps_its_beginning() -> None:
    """A lost answer, or a double, has made this very change."""
    world = ImportWorld()
    import_ = begun(world)
    world.clock.now_s += 60

    step = world.machine.plan(Event(**event_of(import_)))

    assert (step.route, step.stopped_by) == ("run_phases", None)
    assert world.get(import_) == import_


@pytest.mark.parametrize(
    ("status", "attempt", "code"),
    [
        pytest.param(Status.CANCELING, 1, "canceled", id="canceled"),
        pytest.param(Status.FAILED, 1, "superseded", id="ended"),
        pytest.param(Status.PROCESSING, 2, "superseded", id="begun anew"),
    ],
)
def test_an_import_that_cannot_begin_goes_to_its_end(status: Status, attempt: int, code: str) -> None:
    world = ImportWorld()
    import_ = world.queue(ANN, status=status, attempt=attempt)

    step = world.machine.plan(Event(**event_of(import_, attempt=1)))

    assert (step.route, step.stopped_by and step.stopped_by.code.value) == ("finish", code)
    assert world.get(import_) == import_


def test_an_import_whose_file_is_gone_goes_to_its_end() -> None:
    world = ImportWorld()
    import_ = world.queue(ANN)
    world.stores.files.delete_files(upload_key(TENANT, import_.import_id))

    step = world.machine.plan(Event(**event_of(import_)))

    assert (step.route, step.stopped_by) == (
        "finish",
        StopReason(StopCode.SOURCE_MISSING, "the uploaded file is gone"),
    )


def test_an_import_that_was_never_there_cannot_begin() -> None:
    with pytest.raises(Fatal, match="there is no import imp_gone"):
        ImportWorld().machine.plan(Event(tenant_id=TENANT, import_id=ImportId("imp_gone"), attempt=1))


def test_the_end_of_an_import_that_is_gone_means_nothing() -> None:
    ImportWorld().machine.finish(FinishEvent(tenant_id=TENANT, import_id=ImportId("imp_gone"), attempt=1))


@pytest.mark.parametrize(
    "fields", [{"attempt": 2}, {"stopped_by": SUPERSEDED}], ids=["of another attempt", "superseded"]
)
def test_the_end_of_what_is_no_longer_its_import_changes_nothing(fields: dict[str, Any]) -> None:
    world = ImportWorld()
    import_ = begun(world)

    world.machine.finish(FinishEvent(**event_of(import_, **fields)))

    assert world.get(import_) == import_


@pytest.mark.parametrize(
    ("fields", "stopped_by"),
    [
        pytest.param({"stopped_by": DIED}, None, id="by its own execution"),
        pytest.param({"stopped_by": TIMED_OUT, "is_from_outside": True}, "timed_out", id="its time was over"),
        pytest.param({"is_from_outside": True}, "completed", id="without a reason"),
        pytest.param({"stopped_by": DIED, "is_from_outside": True, "is_dead": True}, None, id="its execution is gone"),
    ],
)
def test_an_execution_that_may_still_run_is_stopped_by_who_ends_its_import(
    fields: dict[str, Any], stopped_by: str | None
) -> None:
    world = ImportWorld()
    import_ = begun(world)
    executions = world.stores.import_executions
    assert isinstance(executions, MemoryImportExecutions)
    executions.start(import_)

    world.machine.finish(FinishEvent(**event_of(import_, **fields)))

    assert world.get(import_).is_final
    (execution,) = executions.executions.values()
    assert execution.stopped_by == stopped_by


def of_a_request(world: ImportWorld) -> Import:
    """An import whose first phases run inside the request that brought its source."""
    import_ = world.queue(ANN)
    world.stores.files.delete_files(upload_key(TENANT, import_.import_id))
    return replace(
        import_,
        import_id=ImportId("imp_request"),
        source=import_.source and replace(import_.source, key=upload_key(TENANT, ImportId("imp_request"))),
        upload_mode=UploadMode.SYNC,
        phases=pending_phases(UploadMode.SYNC),
    )


def test_a_request_stores_the_source_that_the_machine_goes_on_with() -> None:
    world = ImportWorld()
    import_ = of_a_request(world)

    entered = world.machine.run_first_phases(import_, InlineRun(ANN.encode()))
    again = world.machine.run_first_phases(import_, InlineRun(ANN.encode()))

    assert (entered.status, again.import_id) == (Status.PROCESSING, entered.import_id)
    assert entered.source is not None
    assert world.stores.files.read_file(entered.source.key) == ANN.encode()


def test_a_request_whose_import_has_ended_meanwhile_leaves_no_source_behind() -> None:
    world = ImportWorld()
    import_ = of_a_request(world)
    assert world.stores.imports.add(replace(import_, status=Status.CANCELED, ended_at=1))

    entered = world.machine.run_first_phases(import_, InlineRun(ANN.encode()))

    assert entered.status is Status.CANCELED
    assert import_.source is not None
    assert world.stores.files.find_file(import_.source.key) is None
