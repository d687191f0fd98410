from dataclasses import replace

from chalicelib.model.catalogue import RESOURCES
from chalicelib.model.events import event_of_export, event_of_import
from chalicelib.model.exports import ExportStatus, Progress
from chalicelib.model.imports import Stats, Status, UploadMode, pending_phases
from chalicelib.webhooks.measurements import Measurement, each_measurement, measured_end
from tests.world import World, an_export, an_import

STATS = Stats(total=5, created=3, failed=2)


def test_an_import_is_measured_by_status_resource_and_outcome_phase_and_code() -> None:
    first, *rest = pending_phases(UploadMode.ASYNC)
    phases = (replace(first, started_at=10, ended_at=14), *rest)
    import_ = an_import(Status.COMPLETED, stats=STATS, problem_counts={"required": 2}, phases=phases)

    assert [*each_measurement(import_)] == [
        Measurement("JobsEnded", 1, {"job": "import", "status": "completed"}),
        Measurement("PhaseSeconds", 4, {"phase": "prevalidation"}),
        Measurement("Rows", 3, {"resource": import_.resource, "outcome": "created"}),
        Measurement("Rows", 2, {"resource": import_.resource, "outcome": "failed"}),
        Measurement("Problems", 2, {"code": "required"}),
    ]


def test_rows_of_a_preview_have_come_to_nothing() -> None:
    preview = an_import(Status.COMPLETED, stats=STATS, problem_counts={"required": 2}, is_preview=True)

    assert [one.name for one in each_measurement(preview)] == ["JobsEnded"]


def test_an_export_is_measured_by_status_and_resource() -> None:
    export = an_export(ExportStatus.COMPLETED, progress=Progress(rows=9))

    assert [*each_measurement(export)] == [
        Measurement("JobsEnded", 1, {"job": "export", "status": "completed"}),
        Measurement("Rows", 9, {"resource": export.resource, "outcome": "exported"}),
    ]


def test_no_dimension_has_a_value_that_customers_name() -> None:
    import_ = an_import(Status.FAILED, stats=STATS, name="Jane", created_by="key_jane")

    values = {value for one in each_measurement(import_) for value in one.dimensions.values()}

    assert values <= {"import", "failed", "created", *RESOURCES}


def test_what_has_ended_is_measured_when_its_event_comes() -> None:
    world = World()
    import_, export = an_import(Status.COMPLETED), an_export(ExportStatus.FAILED)
    world.stores.imports.add(import_)
    world.stores.exports.add(export)

    bodies = (event_of_import(import_).to_body(), event_of_export(export).to_body())

    assert [dict(measured_end(world.stores, body)[0].dimensions) for body in bodies] == [
        {"job": "import", "status": "completed"},
        {"job": "export", "status": "failed"},
    ]


def test_an_import_that_is_gone_or_goes_on_is_not_measured() -> None:
    world = World()
    body = event_of_import(an_import(Status.COMPLETED)).to_body()
    assert measured_end(world.stores, body) == []

    world.stores.imports.add(an_import(Status.PROCESSING))
    assert measured_end(world.stores, body) == []


def test_the_event_of_another_attempt_is_not_measured_as_this_one() -> None:
    world = World()
    world.stores.imports.add(an_import(Status.COMPLETED, attempt=2))

    assert measured_end(world.stores, event_of_import(an_import(Status.COMPLETED, attempt=1)).to_body()) == []
